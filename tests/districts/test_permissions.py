"""Groups follow memberships and reach as far as the district, in Wagtail's own terms."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Site
from wagtail.permissions import policy_registry

from districts.models import Membership
from districts.services.permissions import ensure_groups, group_name, sync_groups
from tests.factories.places import make_district, make_user, national

pytestmark = pytest.mark.django_db
STAFF = ["editor", "moderator", "admin"]


@pytest.fixture
def places():
    national()
    return make_district("lebak"), make_district("klaten")


def fresh(user):
    """Without what Wagtail and Django remember about permissions on the instance."""
    return type(user).objects.get(pk=user.pk)


def page(path: str) -> Page:
    return Page.objects.get(url_path=path)


@pytest.mark.parametrize("role", STAFF)
def test_staff_edit_the_pages_of_the_own_district_in_every_language(places, role):
    user = fresh(make_user(role, places[0]))
    for path in ("/lebak/", "/lebak/bantuan/aku/", "/lebak-en/kampanye/"):
        assert page(path).permissions_for_user(user).can_edit() is True
    for path in ("/klaten/", "/klaten-en/kampanye/", "/nasional/bantuan/", "/"):
        permissions = page(path).permissions_for_user(user)
        assert (permissions.can_edit(), permissions.can_add_subpage()) == (False, False)


@pytest.mark.parametrize(
    ("role", "expected"), [("editor", False), ("moderator", True), ("admin", True)]
)
def test_an_editor_holds_no_permission_to_publish(places, role, expected):
    """Whether a moderator may use it for a version is the workflow's to say."""
    user = fresh(make_user(role, places[0]))
    held = GroupPagePermission.objects.filter(group__user=user, permission__codename="publish_page")
    assert held.exists() is expected
    assert set(held.values_list("page__slug", flat=True)) <= {"lebak", "lebak-en"}
    for path in ("/lebak/kampanye/", "/klaten/kampanye/"):
        assert page(path).permissions_for_user(user).can_publish_subpage() is False


@pytest.mark.parametrize("role", STAFF)
@pytest.mark.parametrize("model", [get_image_model(), get_document_model()])
def test_staff_keep_files_in_the_own_collection_only(places, role, model):
    lebak, klaten = places
    user = fresh(make_user(role, lebak))
    policy = policy_registry.get_by_type(model)
    for action in ("add", "change", "choose"):
        allowed = policy.collections_user_has_permission_for(user, action)
        assert [collection.pk for collection in allowed] == [lebak.collection_id]
    own = model(title="a", collection=lebak.collection)
    foreign = model(title="b", collection=klaten.collection)
    rootless = model(title="c", collection=Collection.get_first_root_node())
    for action in ("change", "choose"):
        asked = (own, foreign, rootless)
        checks = [policy.user_has_permission_for_instance(user, action, one) for one in asked]
        assert checks == [True, False, False]
    assert policy.user_has_permission_for_instance(user, "delete", foreign) is False


@pytest.mark.parametrize("role", [*STAFF, "monev", "guru", "kader", "mitra", "koordinator"])
def test_nobody_in_a_district_may_touch_users_groups_or_sites(places, role):
    user = fresh(make_user(role, places[0]))
    held = user.get_all_permissions()
    assert not [name for name in held if name.split(".")[0] in {"auth", "accounts", "wagtailcore"}]
    for model in (type(user), Group, Site, Collection, Permission):
        for action in ("add", "change", "delete", "view"):
            codename = f"{model._meta.app_label}.{action}_{model._meta.model_name}"
            assert user.has_perm(codename) is False


@pytest.mark.parametrize("role", ["monev", "guru", "kader", "mitra", "koordinator"])
def test_the_field_and_monitoring_stay_out_of_the_admin(places, role):
    user = fresh(make_user(role, places[0]))
    assert user.has_perm("wagtailadmin.access_admin") is False
    assert user.get_all_permissions() == set()
    assert page("/lebak/").permissions_for_user(user).can_edit() is False


def test_groups_follow_memberships_and_leave_other_groups_alone(places):
    lebak, klaten = places
    user = make_user("editor", lebak)
    Group.objects.create(name="Paduan suara").user_set.add(user)
    Membership.objects.create(user=user, district=klaten, role="moderator")
    sync_groups(user)
    assert sorted(user.groups.values_list("name", flat=True)) == [
        "Paduan suara",
        "editor lebak",
        "moderator klaten",
    ]
    Membership.objects.filter(district=lebak).update(ended_at=timezone.now())
    sync_groups(user)
    sync_groups(user)
    assert sorted(user.groups.values_list("name", flat=True)) == [
        "Paduan suara",
        "moderator klaten",
    ]
    assert page("/lebak/").permissions_for_user(fresh(user)).can_edit() is False


def test_a_grant_too_many_is_taken_back(places):
    lebak, klaten = places
    group = Group.objects.get(name=group_name("editor", lebak))
    group.permissions.add(
        Permission.objects.get(codename="change_group", content_type__app_label="auth")
    )
    GroupPagePermission.objects.create(
        group=group, page=klaten.site.root_page, permission_type="publish"
    )
    GroupCollectionPermission.objects.create(
        group=group,
        collection=klaten.collection,
        permission=Permission.objects.get(
            codename="change_image", content_type__app_label="wagtailimages"
        ),
    )
    before = GroupPagePermission.objects.filter(group__name__endswith="klaten").count()
    groups = ensure_groups(lebak)
    assert sorted(groups) == ["admin", "editor", "moderator", "monev"]
    assert not group.permissions.filter(
        codename="change_group", content_type__app_label="auth"
    ).exists()
    roots = GroupPagePermission.objects.filter(group=group).values_list("page__slug", flat=True)
    assert set(roots) == {"lebak", "lebak-en"}
    assert set(
        GroupCollectionPermission.objects.filter(group=group).values_list("collection", flat=True)
    ) == {lebak.collection_id}
    assert GroupPagePermission.objects.filter(group__name__endswith="klaten").count() == before
