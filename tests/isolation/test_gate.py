"""The gate: what it lets in, what it leaves out, and what is switched off altogether."""

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse

from districts.admin_gate.addresses import rule_for
from districts.admin_gate.rules import has_object
from districts.admin_gate.scope import as_id, scope_for
from districts.models import Channel, Role
from tests.factories.places import make_user
from tests.isolation.addresses import MISSING, addresses, known_paths
from tests.isolation.world import NO_SUCH_ID

pytestmark = pytest.mark.django_db

# Screens over all districts: lists of users, groups, sites, workflows; reports; remote content.
TAKEN_AWAY = (
    "wagtailadmin_reports:site_history",
    "wagtailadmin_reports:locked_pages",
    "wagtailadmin_reports:workflow",
    "wagtailadmin_reports:workflow_tasks",
    "wagtailadmin_reports:aging_pages",
    "wagtailadmin_reports:page_types_usage",
    "wagtailadmin_workflows:index",
    "wagtailadmin_collections:index",
    "wagtailusers_users:index",
    "wagtailusers_groups:index",
    "wagtailsites:index",
    "wagtailsnippets:index",
    "wagtailembeds:chooser",
)


def staff(world, role: str = "moderator", side: str = "own") -> Client:
    client = Client(SERVER_NAME=getattr(world, side).host)
    client.force_login(getattr(world, side).users[role])
    return client


def test_the_gate_stands_after_sign_in():
    order = settings.MIDDLEWARE
    gate = order.index("districts.admin_gate.middleware.AdminGateMiddleware")
    assert gate > order.index("django.contrib.auth.middleware.AuthenticationMiddleware")


def test_an_address_nobody_listed_is_closed():
    assert rule_for("an_app:of_tomorrow", lambda request: None) is None
    assert rule_for("", lambda request: None) is None


def test_a_new_screen_of_a_district_record_is_let_in_by_its_district(world):
    def screen(request):
        return None

    screen.view_initkwargs = {"model": Channel}
    rule = rule_for("an_app:of_tomorrow", screen)
    scope = scope_for(world.own.users["editor"])
    assert rule(None, scope, {}) is True
    assert rule(None, scope, {"pk": world.own.things["channel"].pk}) is True
    assert rule(None, scope, {"pk": world.foreign.things["channel"].pk}) is False
    assert rule(None, scope, {"another": 1}) is False


@pytest.mark.parametrize("name", TAKEN_AWAY)
def test_screens_over_all_districts_are_taken_away(world, name):
    assert staff(world, "admin").get(reverse(name)).status_code == 404


def test_the_menu_leads_nowhere_that_is_closed(world):
    text = staff(world, "admin").get("/admin/").content.decode()
    for address in ("/admin/reports/", "/admin/users/", "/admin/sites/", "/admin/workflows/"):
        assert address not in text


def test_a_member_of_one_district_is_nobody_on_anothers_host(world):
    client = Client(SERVER_NAME=world.foreign.host)
    client.force_login(world.own.users["admin"])
    mine = client.get("/admin/")
    nowhere = client.get("/admin/tidak-ada/")
    assert (mine.status_code, nowhere.status_code) == (404, 404)
    assert mine.content == nowhere.content


def test_the_national_superuser_opens_every_district(world):
    client = Client(SERVER_NAME=world.own.host)
    client.force_login(make_user("superuser"))
    page = world.foreign.things["live_page"]
    assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
    assert client.get(reverse("wagtailadmin_reports:site_history")).status_code == 200
    # Lists of several collections can be narrowed to one.
    for name in ("wagtailimages:index", "wagtaildocs:index"):
        body = client.get(reverse(name)).content.decode()
        assert [side.district.collection.name in body for side in (world.own, world.foreign)] == [
            True,
            True,
        ]


def test_an_ended_role_opens_nothing(world):
    user = make_user(Role.MODERATOR, world.own.district)
    client = Client(SERVER_NAME=world.own.host)
    client.force_login(user)
    assert client.get("/admin/").status_code == 200
    user.memberships.update(ended_at="2026-01-01T00:00:00Z")
    assert client.get("/admin/").status_code == 404


def test_being_a_teacher_elsewhere_opens_nothing_there(world):
    from districts.models import Membership

    user = make_user(Role.EDITOR, world.own.district)
    Membership.objects.create(user=user, district=world.foreign.district, role=Role.GURU)
    scope = scope_for(user)
    assert scope.district_ids == [world.own.district.pk]
    assert scope.has_page(world.foreign.things["page"].pk) is False


def test_a_stand_in_reaches_the_channels_and_nothing_else(world):
    from django.utils import timezone

    from districts.models import StandIn

    user, today = world.own.users["moderator"], timezone.localdate()
    client = Client(SERVER_NAME=world.foreign.host)
    client.force_login(user)
    assert client.get(reverse("channels:index")).status_code == 404
    StandIn.objects.create(
        district=world.foreign.district, user=user, starts_on=today, ends_on=today
    )
    assert client.get(reverse("channels:index")).status_code == 200
    theirs = world.foreign.things
    assert (
        client.get(reverse("wagtailadmin_pages:edit", args=[theirs["page"].pk])).status_code == 404
    )
    assert client.get(reverse("wagtailimages:edit", args=[theirs["image"].pk])).status_code == 404
    start = client.get(reverse("wagtailadmin_home")).content.decode().lower()
    assert "kanari-rahasia" not in start


def test_a_number_no_table_can_hold_is_missing(world):
    client = staff(world, "admin")
    client.raise_request_exception = False
    faults = []
    for address in addresses():
        for path in known_paths(address, world, MISSING):
            huge = path.replace(str(NO_SUCH_ID), str(10**30))
            if huge != path and (status := client.get(huge).status_code) >= 500:
                faults.append(f"{huge}: {status}")
    assert faults == []


def test_tags_are_those_of_ones_own_things(world):
    found = staff(world).get(reverse("wagtailadmin_tag_autocomplete") + "?term=biasa").json()
    assert [name.lower() for name in found] == [
        "biasa-tag",
        "biasa-tagdokumen",
        "biasa-taggambar",
    ]
    theirs = staff(world).get(reverse("wagtailadmin_tag_autocomplete") + "?term=kanari").json()
    assert theirs == []


def test_choosers_offer_what_is_ones_own(world):
    call_command("rebuild_modelsearch_index", verbosity=0)
    client = staff(world)
    pictures = client.get(reverse("wagtailimages_chooser:choose")).content.decode()
    assert "Biasa-gambar" in pictures
    pages = client.get(reverse("wagtailadmin_choose_page_search") + "?q=Biasa").content.decode()
    assert "Biasa-" in pages
    start = client.get(reverse("wagtailadmin_choose_page") + "?page_type=campaigns.newspage")
    assert start.status_code == 302
    assert client.get(start["Location"]).status_code == 200


def test_an_object_of_no_kind_we_know_belongs_to_nobody(world):
    scope = scope_for(world.own.users["admin"])
    user = world.own.users["editor"]
    assert has_object(scope, type(user), user.pk) is False


@pytest.mark.parametrize("text", ["", "-1", "1e3", "²", "9" * 19, "9" * 400, "1 or 1=1", None])
def test_what_is_not_a_key_is_no_key(text):
    assert as_id(text) is None


def test_doors_that_stay_shut(world):
    names = {address.name for address in addresses()}
    assert not apps.is_installed("wagtail.contrib.forms")
    assert not [name for name in names if name.startswith(("wagtailforms", "wagtailapi"))]
    for name in ("wagtailimages_serve", "wagtailcore_authenticate_with_password"):
        with pytest.raises(NoReverseMatch):
            reverse(name, args=[1])
    assert settings.WAGTAIL_PRIVATE_PAGE_OPTIONS == {"SHARED_PASSWORD": False}
    assert settings.WAGTAILADMIN_COMMENTS_ENABLED is False


def test_there_is_one_door_to_sign_in(world):
    client = Client(SERVER_NAME=world.own.host)
    answer = client.get("/admin/login/?next=/admin/pages/")
    assert answer.status_code == 302
    assert answer["Location"] == "/masuk/?next=%2Fadmin%2Fpages%2F"
    assert client.post("/admin/login/", {"username": "a", "password": "b"}).status_code == 302
    for path in ("/admin/password_reset/", "/admin/password_reset/done/"):
        assert client.get(path).status_code == 404


def test_documents_are_served_where_they_belong(world):
    anyone = Client(SERVER_NAME=world.own.host)
    own, foreign = world.own.things["document"], world.foreign.things["document"]
    served = anyone.get(reverse("wagtaildocs_serve", args=[own.pk, own.filename]))
    assert served.status_code == 200
    theirs = anyone.get(reverse("wagtaildocs_serve", args=[foreign.pk, foreign.filename]))
    missing = anyone.get(reverse("wagtaildocs_serve", args=[77_777_777, foreign.filename]))
    assert (theirs.status_code, theirs.content) == (404, missing.content)
    there = Client(SERVER_NAME=world.foreign.host)
    served = there.get(reverse("wagtaildocs_serve", args=[foreign.pk, foreign.filename]))
    assert served.status_code == 200
