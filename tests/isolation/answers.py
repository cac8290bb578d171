"""Who asks in the matrix, and what an answer may not hold."""

import re
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.test import Client

from districts.models import Role
from modules.services.joining import token_of
from modules.views.pupil.device import COOKIE
from tests.isolation import canary

# Nobody, and a pupil who joined a class of their own district.
ANONYMOUS, PARTICIPANT = OUTSIDE = ("anonymous", "participant")
STAFF = (Role.EDITOR.value, Role.MODERATOR.value, Role.ADMIN.value)
ROLES = (*OUTSIDE, *Role.values)
# Who stands for all where time is short: nobody, a pupil, a facilitator, and who may do most.
FIRST = (*OUTSIDE, Role.GURU.value, Role.ADMIN.value)
# What differs between two answers that mean the same.
TOKENS = re.compile(
    rb'(csrfmiddlewaretoken"? value="|csrf-?token[^>]*?value="|nonce-)[^"\']+', re.IGNORECASE
)
SIGNS_IN = frozenset({301, 302, 303})
GROUPS_OF_THE_OTHER = ("editor lebak", "moderator lebak", "admin lebak")


def each_role(*roles: str) -> list:
    """`roles` as parameters; those who are not among the first come in the long form only."""
    return [pytest.param(role, marks=() if role in FIRST else pytest.mark.slow) for role in roles]


def report(faults: list[str]) -> str:
    found = sorted(set(faults))
    return "\n".join([f"{len(found)} faults", *found[:60]])


def client_for(world, role: str, host: str | None = None) -> Client:
    client = Client(SERVER_NAME=host or world.own.host, raise_request_exception=False)
    sign_in(client, world, role)
    return client


def sign_in(client: Client, world, role: str) -> None:
    if role == PARTICIPANT:
        pupil = world.own.things["pupil"]
        told = f"{pupil.run.code}.{token_of(pupil.key)}"
        answer = HttpResponse()
        answer.set_signed_cookie(COOKIE, told)
        client.cookies[COOKIE] = answer.cookies[COOKIE].value
    elif role != ANONYMOUS:
        client.force_login(world.own.users[role])


def everything_in(response) -> str:
    headers = " ".join(f"{name}: {value}" for name, value in response.headers.items())
    return (headers + body_of(response).decode(errors="replace")).lower()


def body_of(response) -> bytes:
    if response.streaming:
        return b"".join(response.streaming_content)
    return response.content


def leaks(text: str, needle: str = canary.ANY) -> list[str]:
    """The canaries in a text, with what stands around them."""
    found = [text[max(0, m.start() - 60) : m.end() + 40] for m in re.finditer(needle, text)]
    return found + [group for group in GROUPS_OF_THE_OTHER if group in text]


def without_echo(text: str, path: str) -> str:
    """The text without the address that was asked for, which forms and the log repeat."""
    return text.replace(path.lower(), "").replace(quote(path).lower(), "")


def faults_of(method: str, path: str, answer, seen) -> list[str]:
    found = [
        f"{method} {path}: {leak}" for leak in leaks(without_echo(everything_in(answer), path))[:3]
    ]
    found += [
        f"{method} {path}: log {leak}"
        for leak in leaks(without_echo("\n".join(seen.log.lines).lower(), path))[:1]
    ]
    if answer.status_code >= 500:
        found.append(f"{method} {path}: {answer.status_code}")
    if seen.domain_writes():
        found.append(f"{method} {path}: writes {sorted(seen.domain_writes())}")
    return found


def differences(method: str, path: str, one, other) -> list[str]:
    if one.status_code != other.status_code:
        return [f"{method} {path}: {one.status_code}, nonexistent {other.status_code}"]
    if one.status_code in SIGNS_IN or one.status_code == 200 and "?" in path:
        # The address that was asked for is in both, in its own words.
        return []
    if TOKENS.sub(b"", body_of(one)) != TOKENS.sub(b"", body_of(other)):
        return [f"{method} {path}: {one.status_code}, another body than a nonexistent one"]
    if _lasting(one) != _lasting(other):
        return [f"{method} {path}: other headers than a nonexistent one"]
    return []


def _lasting(response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name != "Expires"}
