"""Where the quick exit leads is the administrator's to set, for the own office alone."""

from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse
from wagtail.models import GroupSitePermission

from safeguards.models import SafetySettings
from tests.factories.places import make_district, make_user, national

pytestmark = pytest.mark.django_db
WEATHER = "https://cuaca.example/lebak"


@pytest.fixture
def lebak():
    national()
    return make_district("lebak")


@pytest.fixture
def sign_in(client, lebak):
    """`sign_in(role)`: somebody with this role of Lebak, at its host."""

    def sign_in(role: str):
        client.force_login(make_user(role, lebak))
        client.defaults["HTTP_HOST"] = "lebak.localhost"
        return client

    return sign_in


def setting(site) -> str:
    return reverse("wagtailsettings:edit", args=["safeguards", "safetysettings", site.pk])


OF_HERE = reverse("wagtailsettings:edit", args=["safeguards", "safetysettings"])


def test_the_administrator_sets_it_from_the_menu(sign_in, lebak):
    admin = sign_in("admin")
    assert OF_HERE in admin.get(reverse("wagtailadmin_home")).content.decode()
    screen = admin.get(OF_HERE)
    assert (screen.status_code, screen["Location"]) == (302, setting(lebak.site))
    form = admin.get(screen["Location"])
    assert (form.context["site_switcher"], SafetySettings.objects.count()) == (None, 0)
    saved = admin.post(setting(lebak.site), {"exit_url": WEATHER})
    assert (saved.status_code, saved["Location"]) == (302, setting(lebak.site))
    left = admin.get(reverse("quick_exit"))
    assert (left.status_code, left["Location"]) == (303, WEATHER)


@pytest.mark.parametrize(
    "typed",
    [
        "http://cuaca.example/",
        "javascript:alert(1)",
        "https://lebak.localhost/kampanye/",
        "https://LOCALHOST:8000/",
        "",
    ],
)
def test_an_address_that_does_not_lead_away_is_refused_beside_the_field(sign_in, lebak, typed):
    SafetySettings.objects.update_or_create(site=lebak.site, defaults={"exit_url": WEATHER})
    refused = sign_in("admin").post(setting(lebak.site), {"exit_url": typed})
    form = refused.context["form"]
    assert (refused.status_code, list(form.errors)) == (422, ["exit_url"])
    assert form["exit_url"].value() == typed
    assert SafetySettings.objects.get(site=lebak.site).exit_url == WEATHER


@pytest.mark.parametrize("role", ["editor", "moderator", "guru"])
def test_nobody_else_of_the_office_sets_it(sign_in, lebak, role):
    client = sign_in(role)
    home = client.get(reverse("wagtailadmin_home"))
    assert OF_HERE not in home.content.decode()
    for answer in (client.get(OF_HERE), client.post(setting(lebak.site), {"exit_url": WEATHER})):
        assert answer.status_code in {302, 404}
        assert answer.get("Location") in {None, reverse("wagtailadmin_home")}
    assert not SafetySettings.objects.filter(exit_url=WEATHER).exists()


def test_another_office_and_other_settings_are_not_found(sign_in):
    admin, klaten = sign_in("admin"), make_district("klaten")
    for address in (
        setting(klaten.site),
        setting(national().site),
        "/admin/settings/safeguards/safetysettings/999999/",
        "/admin/settings/lain/safetysettings/",
    ):
        for method in (admin.get, admin.post):
            assert method(address, {"exit_url": WEATHER}).status_code == 404
    assert not SafetySettings.objects.filter(exit_url=WEATHER).exists()


def test_an_office_opened_before_gets_it_by_the_migration(lebak):
    GroupSitePermission.objects.all().delete()
    import_module("districts.migrations.0011_quick_exit_by_administrators").grant(apps, None)
    [held] = GroupSitePermission.objects.filter(site=lebak.site)
    assert (held.group.name, held.permission.codename) == ("admin lebak", "change_safetysettings")
