"""Which Wagtail groups a district has, and who is in them.

Wagtail's own permissions reach as far as the district's page trees, collection and host. Nobody
here may touch users, groups or sites: members come through invitations, groups follow memberships.
"""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    GroupCollectionPermission,
    GroupPagePermission,
    GroupSitePermission,
    Page,
)

from districts.models import District, Membership, Role

WRITES_PAGES = ("add_page", "change_page")
PUBLISHES_PAGES = (*WRITES_PAGES, "publish_page", "lock_page", "unlock_page")
KEEPS_FILES = (
    "wagtailimages.add_image",
    "wagtailimages.change_image",
    "wagtailimages.choose_image",
    "wagtaildocs.add_document",
    "wagtaildocs.change_document",
    "wagtaildocs.choose_document",
)
ENTERS_ADMIN = ("wagtailadmin.access_admin",)
KEEPS_RECORDS = (
    "districts.view_organisation",
    "districts.add_organisation",
    "districts.change_organisation",
    "districts.view_channel",
    "districts.add_channel",
    "districts.change_channel",
    "districts.view_channelchange",
    "districts.view_commitment",
    "districts.add_commitment",
    "districts.change_commitment",
    "districts.view_commitmentstep",
)

# Settings of the office's own host, by role.
KEEPS_SETTINGS = {Role.ADMIN: ("safeguards.change_safetysettings",)}

# role → (page permissions, collection permissions, permissions of the whole admin).
# Monitoring reads figures in the workspace and needs no admin.
GRANTS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    Role.EDITOR: (WRITES_PAGES, KEEPS_FILES, (*ENTERS_ADMIN, *KEEPS_RECORDS)),
    Role.MODERATOR: (PUBLISHES_PAGES, KEEPS_FILES, (*ENTERS_ADMIN, *KEEPS_RECORDS)),
    Role.ADMIN: (PUBLISHES_PAGES, KEEPS_FILES, (*ENTERS_ADMIN, *KEEPS_RECORDS)),
    Role.MONEV: ((), (), ()),
}


def group_name(role: str, district: District) -> str:
    return f"{Role(role).value} {district.slug}"


def root_pages(district: District) -> list[Page]:
    """The district's root page in every language."""
    root = district.site.root_page
    return list(Page.objects.filter(translation_key=root.translation_key).order_by("path"))


@transaction.atomic
def ensure_groups(district: District) -> dict[str, Group]:
    """Give the district its groups, with exactly these permissions; safe to repeat.

    Returns role → group.
    """
    roots = root_pages(district)
    groups = {}
    for role, (on_pages, on_collection, on_admin) in GRANTS.items():
        group, _created = Group.objects.get_or_create(name=group_name(role, district))
        group.permissions.set(_permissions(on_admin))
        _grant(
            group,
            GroupPagePermission,
            [
                {"page": page, "permission": permission}
                for page in roots
                for permission in _permissions(tuple(f"wagtailcore.{name}" for name in on_pages))
            ],
        )
        _grant(
            group,
            GroupCollectionPermission,
            [
                {"collection": district.collection, "permission": permission}
                for permission in _permissions(on_collection)
            ]
            if district.collection
            else [],
        )
        _grant(
            group,
            GroupSitePermission,
            [
                {"site": district.site, "permission": permission}
                for permission in _permissions(KEEPS_SETTINGS.get(role, ()))
            ],
        )
        groups[role] = group
    return groups


@transaction.atomic
def sync_groups(user) -> None:
    """Put the user into the groups of their active memberships, and out of all other districts'.

    Groups that belong to no district are left alone.
    """
    held = {
        group_name(role, district)
        for district, role in (
            (membership.district, membership.role)
            for membership in Membership.objects.filter(
                user=user, ended_at__isnull=True, role__in=GRANTS
            ).select_related("district")
        )
    }
    slugs = set(District.objects.values_list("slug", flat=True))
    for group in user.groups.all():
        role, _space, slug = group.name.partition(" ")
        if role in GRANTS and slug in slugs and group.name not in held:
            user.groups.remove(group)
    user.groups.add(*Group.objects.filter(name__in=held))


def _permissions(names: tuple[str, ...]) -> list[Permission]:
    if not names:
        return []
    labels, codenames = zip(*(name.split(".") for name in names), strict=True)
    return [
        permission
        for permission in Permission.objects.filter(
            content_type__app_label__in=set(labels), codename__in=codenames
        ).select_related("content_type")
        if f"{permission.content_type.app_label}.{permission.codename}" in names
    ]


def _grant(group: Group, model, wanted: list[dict]) -> None:
    """Leave the group with exactly the wanted rows of a Wagtail permission table."""
    kept = [model.objects.get_or_create(group=group, **row)[0].pk for row in wanted]
    model.objects.filter(group=group).exclude(pk__in=kept).delete()
