"""Help, campaign and the other fixed addresses can't be deleted, moved or taken offline."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from tests.factories.places import make_district, make_user, national

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    national()
    make_district("lebak")
    client.force_login(make_user("superuser"))
    client.defaults["HTTP_HOST"] = "localhost"
    return client


def page(path: str) -> Page:
    return Page.objects.get(url_path=path)


@pytest.mark.parametrize("path", ["/lebak/", "/lebak/bantuan/", "/lebak-en/bantuan/aku/"])
@pytest.mark.parametrize("act", ["delete", "unpublish"])
def test_a_promised_page_is_neither_deleted_nor_unpublished(admin, path, act):
    target = page(path)
    response = admin.post(reverse(f"wagtailadmin_pages:{act}", args=[target.pk]))
    parent = target.get_parent().pk
    assert response["Location"] == reverse("wagtailadmin_explore", args=[parent])
    assert Page.objects.get(pk=target.pk).live is True


def test_a_promised_page_is_not_moved(admin):
    target, there = page("/lebak/bantuan/"), page("/nasional/")
    address = reverse("wagtailadmin_pages:move_confirm", args=[target.pk, there.pk])
    admin.post(address)
    assert page("/lebak/bantuan/").pk == target.pk


def test_a_promised_page_among_many_stops_the_deletion(admin):
    ids = [page("/lebak/privasi/").pk, page("/lebak/bantuan/").pk]
    query = "&".join(f"id={number}" for number in ids)
    admin.post(f"/admin/bulk/wagtailcore/page/delete/?{query}&next=/admin/")
    assert Page.objects.filter(pk__in=ids).count() == 2


def test_other_pages_can_be_deleted(admin):
    target = page("/lebak/privasi/")
    admin.post(reverse("wagtailadmin_pages:delete", args=[target.pk]))
    assert not Page.objects.filter(pk=target.pk).exists()
