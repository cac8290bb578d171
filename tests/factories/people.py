"""Accounts with or without a role, without the groups of the admin: enough for services."""

from django.contrib.auth import get_user_model

from districts.models import District, Membership, Role


def make_person(**fields):
    """An active account of nobody in particular."""
    users = get_user_model().objects
    return users.create(**{"email": f"orang{users.count()}@contoh.invalid"} | fields)


def make_member(role: str, district: District, **fields):
    """An account that holds this role in this district."""
    person = make_person(**fields)
    Membership.objects.create(user=person, district=district, role=Role(role))
    return person
