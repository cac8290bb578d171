from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from safeguards import checks, registry

USER = settings.AUTH_USER_MODEL
FACTS = {
    "fields": ("key_digest",),
    "purpose": "untuk uji",
    "retention": timedelta(days=1),
    "clock": "expires_at",
    "owner": "kantor",
    "subject": "scope",
    "on_erase": "delete",
}


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (models.EmailField(name="kontak_dinas"), True),
        (models.GenericIPAddressField(name="seen_at"), True),
        (models.CharField(name="nama_lengkap"), True),
        (models.CharField(name="full_name"), True),
        (models.TextField(name="alamat"), True),
        (models.CharField(name="no_hp"), True),
        (models.DateField(name="tanggal_lahir"), True),
        (models.CharField(name="nik"), True),
        (models.FileField(name="foto"), True),
        (models.CharField(name="title"), False),
        (models.CharField(name="renamed"), False),
        (models.BooleanField(name="has_phone"), False),
        (models.DateTimeField(name="created_at"), False),
    ],
)
def test_looks_personal_guesses_by_type_and_name(field, expected):
    assert registry.looks_personal(field) is expected


def test_looks_personal_sees_links_to_users():
    linked = apps.get_model("wagtailusers.UserProfile")._meta.get_field("user")
    assert registry.looks_personal(linked) is True


def test_unregistered_names_what_was_neither_registered_nor_exempted(blank_registry, settings):
    settings.SAFEGUARDS_PERSONAL_DATA_APPS = ["wagtailusers", "safeguards"]
    assert "wagtailusers.UserProfile.user" in registry.unregistered()
    assert "safeguards.TickRun.name" in registry.unregistered()
    registry.register("wagtailusers.UserProfile", **FACTS | {"fields": (), "subject": "user_id"})
    registry.exempt("safeguards.TickRun", "name", because="nama pekerjaan")
    assert "wagtailusers.UserProfile.user" not in registry.unregistered()
    assert "safeguards.TickRun.name" not in registry.unregistered()


def test_check_warns_of_each_field(blank_registry, settings):
    settings.SAFEGUARDS_PERSONAL_DATA_APPS = ["safeguards"]
    found = checks.check_personal_data(None)
    assert [(warning.id, warning.msg.split()[0]) for warning in found] == [
        ("safeguards.W002", "safeguards.TickRun.name")
    ]


@pytest.mark.parametrize(
    ("label", "changes", "fault"),
    [
        ("safeguards.Hantu", {}, "safeguards.Hantu: no such model"),
        ("safeguards.RateWindow", {"fields": ("hp",)}, "safeguards.RateWindow: no field hp"),
        ("safeguards.RateWindow", {"clock": "kapan"}, "safeguards.RateWindow: no field kapan"),
        ("safeguards.RateWindow", {"written": "kapan"}, "safeguards.RateWindow: no field kapan"),
        ("safeguards.RateWindow", {"subject": "u__email"}, "safeguards.RateWindow: no field u"),
        (
            "safeguards.RateWindow",
            {"tells": ("scope__a",)},
            "safeguards.RateWindow: no field scope__a",
        ),
        (
            "safeguards.RateWindow",
            {"fields": ("expires_at",), "on_erase": "blank"},
            "safeguards.RateWindow: expires_at can't be blank",
        ),
    ],
)
def test_faults_find_registrations_that_went_stale(blank_registry, label, changes, fault):
    registry.register(label, **FACTS | changes)
    assert registry.faults() == [fault]
    assert [error.id for error in checks.check_personal_data(None)][:1] == ["safeguards.E002"]


def test_faults_find_exemptions_that_went_stale(blank_registry):
    registry.exempt("safeguards.TickRun", "nama", because="x")
    assert registry.faults() == ["safeguards.TickRun: no field nama"]


@pytest.mark.parametrize("change", [{"on_erase": "keep"}, {"purpose": " "}, {"owner": ""}])
def test_register_wants_purpose_owner_and_a_known_way_to_erase(blank_registry, change):
    with pytest.raises(ValueError, match="safeguards.Fact"):
        registry.register("safeguards.Fact", **FACTS | change)


def test_exempt_wants_a_reason(blank_registry):
    with pytest.raises(ValueError, match="reason"):
        registry.exempt("safeguards.TickRun", "name", because=" ")


def test_this_package_has_told_the_registry_everything(settings):
    settings.SAFEGUARDS_PERSONAL_DATA_APPS = ["safeguards"]
    assert registry.unregistered() == []
    assert [fault for fault in registry.faults() if fault.startswith("safeguards.")] == []
