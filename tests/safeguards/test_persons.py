import json
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils.translation import override

from safeguards import audit, tasks
from safeguards.facts import accept
from safeguards.models import AuditEntry, Fact, RateWindow, Tombstone
from safeguards.services import persons, queued
from safeguards.services.persons import erase_person, erase_resurrected, export_person, is_erased
from safeguards.services.retention import purge_expired
from safeguards.services.subjects import Subject, UnknownSubject
from tests.safeguards.factories import NOW, make_site, make_user

USER = get_user_model()._meta.label
WORDS = {"purpose": "untuk uji", "owner": "kantor", "retention": None, "clock": ""}


@pytest.fixture
def registered(blank_registry, db):
    """A profile that is deleted and an account that is blanked."""
    blank_registry.register(
        "wagtailusers.UserProfile",
        fields=("avatar", "preferred_language"),
        subject="user__email",
        on_erase="delete",
        **WORDS,
    )
    blank_registry.register(
        USER, fields=("email", "is_active"), subject=("pk", "email"), on_erase="blank", **WORDS
    )
    blank_registry.register(
        "safeguards.Fact",
        fields=("body", "response"),
        subject="subjects__digest",
        on_erase="blank",
        **WORDS | {"retention": timedelta(days=30), "clock": "server_time"},
    )
    return blank_registry


def profile_of(user):
    from wagtail.users.models import UserProfile

    profile = UserProfile.get_for_user(user)
    profile.preferred_language = "id"
    profile.avatar.save("siti.png", ContentFile(b"x"))
    return profile


def told(site, *subjects, now=NOW, body=None):
    accept(
        kind="hadir",
        key=uuid.uuid4(),
        body=body or {"nama": "Siti"},
        site=site,
        apply=lambda: {"nama": "Siti"},
        subjects=subjects,
        now=now,
    )
    return Fact.objects.latest("pk")


def test_export_tells_names_and_labels_beside_what_is_personal(registered):
    registered.register(
        "wagtailusers.UserProfile",
        fields=("user",),
        subject="user_id",
        on_erase="delete",
        tells=("user", "user__is_active", "theme"),
        **WORDS,
    )
    siti = make_user()
    profile = profile_of(siti)
    row = {"id": profile.pk, "user": str(siti), "is_active": True, "theme": "System default"}
    with override("en"):
        assert export_person(siti)["wagtailusers.UserProfile"]["rows"] == [row]


@pytest.mark.parametrize("by", ["user", "number", "address"])
def test_export_reaches_every_registered_row(registered, by):
    siti, budi = make_user(), make_user("budi@example.org")
    profile_of(siti), profile_of(budi)
    told(make_site(), siti), told(make_site(), budi, body={"nama": "Budi"})
    audit.record(verb="channel.hidden", actor_id=siti.pk, obj=siti)
    subject = {"user": siti, "number": siti.pk, "address": "SITI@example.org "}[by]
    export = export_person(subject, actor_id=budi.pk)
    assert [row["preferred_language"] for row in export["wagtailusers.UserProfile"]["rows"]] == [
        "id"
    ]
    assert [row["email"] for row in export[USER]["rows"]] == ["siti@example.org"]
    assert [row["body"] for row in export["safeguards.Fact"]["rows"]] == [{"nama": "Siti"}]
    assert [row["verb"] for row in export["safeguards.AuditEntry"]["rows"]] == ["channel.hidden"]
    assert "budi" not in json.dumps(export, default=str).lower()
    last = AuditEntry.objects.order_by("pk").last()
    assert (last.verb, last.actor_id) == ("person.exported", budi.pk)


def test_erase_reaches_every_registered_row_and_nobody_else(
    registered, django_capture_on_commit_callbacks
):
    siti, budi = make_user(), make_user("budi@example.org")
    profile, other = profile_of(siti), profile_of(budi)
    fact, kept = told(make_site(), siti), told(make_site(), budi, body={"nama": "Budi"})
    with django_capture_on_commit_callbacks(execute=True):
        done = erase_person("siti@example.org", now=NOW, actor_id=budi.pk)
    assert done.deleted == {"wagtailusers.UserProfile": 1}
    assert done.blanked == {"safeguards.Fact": 1, USER: 1}
    siti.refresh_from_db(), fact.refresh_from_db(), kept.refresh_from_db(), budi.refresh_from_db()
    assert siti.email.endswith("@erased.invalid")
    assert siti.is_active is False
    assert (fact.body, fact.response) == (None, None)
    assert kept.body == {"nama": "Budi"}
    assert (budi.email, budi.is_active) == ("budi@example.org", True)
    assert profile.avatar.storage.exists(profile.avatar.name) is False
    assert other.avatar.storage.exists(other.avatar.name) is True
    entry = AuditEntry.objects.get(verb="person.erased")
    assert "siti" not in json.dumps(entry.details).lower()


def test_erase_twice_is_harmless(registered):
    siti = make_user()
    erase_person(siti, now=NOW)
    assert erase_person(siti.pk, now=NOW).deleted == {}
    assert is_erased("siti@example.org") is True
    assert is_erased("budi@example.org") is False


def test_erase_blanks_rows_that_others_hold_on_to(blank_registry, db):
    siti, site = make_user(), make_site()
    blank_registry.register(
        "wagtailcore.Page", fields=("owner",), subject="owner_id", on_erase="blank", **WORDS
    )
    root = site.root_page
    root.owner = siti
    root.save()
    assert erase_person(siti).blanked == {"wagtailcore.Page": 1}
    root.refresh_from_db()
    assert root.owner is None


def test_tombstones_name_nobody(registered):
    siti = make_user()
    erase_person(siti, now=NOW)
    rows = list(Tombstone.objects.values_list("digest", flat=True))
    assert sorted(rows) == sorted(Subject(siti.pk, "siti@example.org").digests)
    assert not [row for row in rows if "siti" in row or len(row) != 64]


def test_a_restored_person_is_erased_again_and_a_newcomer_is_not(registered):
    siti = make_user()
    joined = siti.date_joined
    erase_person(siti, now=joined + timedelta(days=1))
    get_user_model().objects.filter(pk=siti.pk).update(email="siti@example.org", is_active=True)
    fact = Fact.objects.create(
        kind="k", key=uuid.uuid4(), site=make_site(), body={"a": 1}, body_hash="x", server_time=NOW
    )
    fact.subjects.create(digest=Subject(email="siti@example.org").digests[0])
    assert erase_resurrected() == 1
    siti.refresh_from_db(), fact.refresh_from_db()
    assert siti.email.endswith("@erased.invalid")
    assert fact.body is None
    get_user_model().objects.filter(pk=siti.pk).update(
        email="baru@example.org", date_joined=joined + timedelta(days=9)
    )
    Tombstone.objects.update(erased_at=joined + timedelta(days=1))
    assert erase_resurrected() == 0


def test_purge_empties_what_expired_and_resumes(registered):
    site, seen = make_site(), []
    old = [told(site, now=NOW - timedelta(days=31 + n)) for n in range(3)]
    fresh = told(site, now=NOW - timedelta(days=29))
    window = {"scope": "s", "key_digest": "d", "window_start": NOW}
    RateWindow.objects.create(**window, expires_at=NOW - timedelta(seconds=1))
    RateWindow.objects.create(**window, expires_at=NOW + timedelta(seconds=1))
    audit.record(verb="kuno", actor_id=1, obj=None, now=NOW - timedelta(days=6 * 365))
    purged = purge_expired(NOW, progress=lambda *step: seen.append(step))
    assert purged == {
        "safeguards.Fact": 3,
        "safeguards.RateWindow": 1,
        "safeguards.AuditEntry": 1,
    }
    assert seen == [("safeguards.Fact", 3, 3)]
    assert [f.body for f in Fact.objects.filter(pk__in=[f.pk for f in old])] == [None] * 3
    assert Fact.objects.get(pk=fresh.pk).body == {"nama": "Siti"}
    assert purge_expired(NOW) == {}
    assert not AuditEntry.objects.filter(verb="kuno").exists()


@tasks.task
def greet(address, *, user_id=None):
    """Greet nobody."""


@pytest.mark.django_db
def test_queued_tasks_about_a_person_are_found_and_deleted(settings):
    settings.TASKS = {"default": {"BACKEND": tasks.DATABASE_BACKEND}}
    greet.enqueue("Siti@example.org")
    greet.enqueue("x", user_id=41)
    greet.enqueue("budi@example.org", user_id=410)
    who = Subject(41, "siti@example.org")
    assert [row["task"] for row in queued.export(who)] == [f"{__name__}.greet"] * 2
    assert queued.erase(who) == 2
    assert queued.export(Subject(410, "")) != []


@pytest.mark.parametrize("who", ["", "siti", None, True, "-1", 1.5])
def test_subject_refuses_what_names_nobody(who):
    with pytest.raises(UnknownSubject):
        Subject.of(who)


@pytest.mark.django_db
def test_subject_digest_outlives_a_new_secret_key(settings):
    settings.SAFEGUARDS_TOMBSTONE_KEY = "tetap"
    before = Subject(email="a@b.id").digests
    settings.SECRET_KEY = "lain"
    assert Subject(email="a@b.id").digests == before
    settings.SAFEGUARDS_TOMBSTONE_KEY = ""
    assert Subject(email="a@b.id").digests != before


def test_commands_export_and_erase(registered, capsys, tmp_path, monkeypatch):
    siti, target = make_user(), tmp_path / "siti.json"
    call_command("export_person", "siti@example.org", output=str(target))
    assert json.loads(target.read_text())[USER]["rows"][0]["email"] == "siti@example.org"
    assert target.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError):
        call_command("export_person", "siti@example.org", output=str(target))
    with pytest.raises(CommandError):
        call_command("export_person", "siti")
    monkeypatch.setattr("builtins.input", lambda question: "n")
    with pytest.raises(CommandError):
        call_command("erase_person", str(siti.pk))
    assert persons.is_erased(siti) is False
    call_command("erase_person", str(siti.pk), yes=True)
    assert persons.is_erased(siti) is True
    assert f"{USER}: 1" in capsys.readouterr().out
    call_command("purge_expired")
    assert capsys.readouterr().out.strip()
