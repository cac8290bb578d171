"""A module that was taught is never deleted, nor what stands above it; the editor is told why."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse
from wagtail.models import Page

from modules.models import ModulePage
from tests.factories.modules import make_module, make_run
from tests.factories.places import make_district, make_user, national

pytestmark = pytest.mark.django_db
HOST = {"host": "localhost"}
TITLE = "Bercanda atau Merundung?"


@pytest.fixture
def by_admin(client):
    client.force_login(make_user("superuser"))
    return client


@pytest.fixture
def taught():
    module = make_module(national(), title=TITLE)
    make_run(module=module)
    return module


def delete(client, page):
    path = reverse("wagtailadmin_pages:delete", args=[page.pk])
    return client.post(path, headers=HOST, follow=True)


def delete_many(client, *pages):
    path = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    query = urlencode({"id": [page.pk for page in pages], "next": "/admin/"}, doseq=True)
    return client.post(f"{path}?{query}", headers=HOST, follow=True)


def messages_of(answer) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


@pytest.mark.parametrize("how", [delete, delete_many])
@pytest.mark.parametrize("above", [0, 1])
def test_what_was_taught_stays(by_admin, taught, how, above):
    page = taught.get_parent() if above else taught
    if above:
        # Any page may stand above: here one whose address nobody relies on.
        shelf = Page(title="Arsip", slug="arsip", locale=taught.locale)
        Page.objects.get(pk=national().site.root_page_id).add_child(instance=shelf)
        taught.move(shelf, pos="last-child")
        page = shelf
    answer = how(by_admin, page)
    assert answer.status_code == 200
    assert f"“{TITLE}”" in messages_of(answer)
    assert ModulePage.objects.filter(pk=taught.pk).exists()


@pytest.mark.parametrize("how", [delete, delete_many])
def test_what_was_never_taught_goes(by_admin, taught, how):
    other = make_module(national(), title="Lain")
    answer = how(by_admin, other)
    assert answer.status_code == 200
    assert not ModulePage.objects.filter(pk=other.pk).exists()


def test_one_that_was_taught_among_many_keeps_all(by_admin, taught):
    other = make_module(national(), title="Lain")
    assert f"“{TITLE}”" in messages_of(delete_many(by_admin, other, taught))
    assert ModulePage.objects.filter(pk__in=[other.pk, taught.pk]).count() == 2


def test_an_alias_goes(by_admin, taught):
    make_district("klaten")
    alias = ModulePage.objects.filter(alias_of=taught).first()
    delete(by_admin, alias)
    assert not ModulePage.objects.filter(pk=alias.pk).exists()
