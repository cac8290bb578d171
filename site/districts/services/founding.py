"""Opens an office: site, page trees, files, groups, organisation and channels to fill in."""

import csv
from collections.abc import Iterator
from importlib.resources import files

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import IntegrityError, transaction
from django.http.request import validate_host
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.models import Collection, Locale, Page, Site, Workflow, WorkflowPage

from districts.models import Channel, District, Organisation, Region
from districts.services.aliases import sync_aliases
from districts.services.permissions import ensure_groups
from districts.workflow import ensure_workflow
from safeguards import audit, generation
from safeguards.models import SafetySettings

HOSTNAME = RegexValidator(
    r"^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$",
    gettext_lazy("A host name has letters, digits, hyphens and dots only."),
)
# The level a region must have for an office of this level.
REGION_LEVELS = {
    District.Level.PROVINSI: Region.Level.PROVINSI,
    District.Level.KABUPATEN: Region.Level.KABUPATEN,
}
TREE_HOOK = "build_district_tree"


class FoundingRefused(Exception):
    """The office cannot be opened like this; `field` names what is wrong, `message` says why.

    `others` are the further reasons, so that one form is corrected once.
    """

    field = ""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message
        self.others: list[FoundingRefused] = []


class SlugTaken(FoundingRefused):
    field = "slug"


class HostTaken(FoundingRefused):
    field = "hostname"


class HostNotServed(FoundingRefused):
    """This installation answers 400 to whoever asks for the host."""

    field = "hostname"


class RegionRefused(FoundingRefused):
    field = "region_code"


class NationalOfficeExists(FoundingRefused):
    field = "level"


class NoTreeBuilder(FoundingRefused):
    """No app of this project registers the hook that makes the pages of an office."""


def found_district(
    *,
    slug: str,
    hostname: str,
    port: int = 80,
    level: str = District.Level.KABUPATEN,
    region_code: str | None = None,
    short_name: str,
    office_name: str,
    timezone: str = "Asia/Jakarta",
    languages: list[str] | None = None,
    cloth: str = District.Cloth.POLOS,
    accent: str = "#1f5a5e",
    letterhead: str = "",
    signatory: str = "",
    number_format: str = "",
    kla_target: str = "",
    exit_url: str = "",
    placeholders: bool = True,
    actor=None,
) -> District:
    """Open an office with everything it needs, or raise and leave nothing behind.

    `region_code` is the Kemendagri code, None for the national office. `placeholders` makes
    channels without numbers for the services every district should have. Raises a
    `FoundingRefused`, or ValidationError with messages by field.
    """
    hostname = hostname.strip().lower().rstrip(".")
    district = District(
        slug=slug,
        level=level,
        short_name=short_name,
        office_name=office_name,
        timezone=timezone,
        languages=list(languages or [settings.LANGUAGE_CODE.split("-")[0]]),
        cloth=cloth,
        accent=accent,
        letterhead=letterhead,
        signatory=signatory,
        number_format=number_format,
        kla_target=kla_target,
    )
    try:
        with transaction.atomic():
            # One founding at a time: all add to the same two trees.
            Page.objects.select_for_update().get(depth=1)
            _check(district, hostname, region_code)
            if district.is_national:
                _remove_welcome_site()
            district.site = Site.objects.create(
                hostname=hostname,
                port=port,
                site_name=office_name,
                root_page=_build_tree(district),
                is_default_site=False,
            )
            collections = Collection.get_first_root_node()
            district.collection = collections.add_child(name=short_name[:255])
            district.full_clean()
            district.save()
            ensure_groups(district)
            ensure_workflow(district)
            if exit_url:
                safety = SafetySettings(site=district.site, exit_url=exit_url)
                safety.full_clean()
                safety.save()
            _add_office(district)
            if placeholders and level == District.Level.KABUPATEN:
                _add_placeholders(district)
            sync_aliases(district)
            audit.record(
                verb="district.founded",
                actor_id=getattr(actor, "pk", None),
                obj=district,
                site=district.site,
            )
            generation.bump("a district was founded")
    except IntegrityError as error:
        # Somebody else took the name between the check and the write.
        raise SlugTaken(_("An office with this short name or host was opened just now.")) from error
    return district


def content_languages() -> list[str]:
    """The codes of the languages pages are written in, the default language first."""
    default = settings.LANGUAGE_CODE.split("-")[0]
    codes = [code for code, _name in getattr(settings, "WAGTAIL_CONTENT_LANGUAGES", [])]
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        return [default]
    return [default, *(code for code in codes if code != default)]


def check_is_served(hostname: str) -> None:
    """Raise HostNotServed for a host that ALLOWED_HOSTS does not name."""
    if not validate_host(hostname, settings.ALLOWED_HOSTS):
        raise HostNotServed(_("%(host)s is missing in ALLOWED_HOSTS.") % {"host": hostname})


def root_slug(slug: str, language_code: str) -> str:
    """The slug of an office's root page in a language; roots of all hosts are siblings."""
    return slug if language_code == content_languages()[0] else f"{slug}-{language_code}"


def _check(district: District, hostname: str, region_code: str | None) -> None:
    try:
        HOSTNAME(hostname)
    except ValidationError as error:
        raise ValidationError({"hostname": error.messages}) from error
    district.clean_fields(exclude=["site", "region", "collection"])
    faults = [
        *_unserved(hostname),
        *_taken(district, hostname),
        *_misplaced(district, region_code),
    ]
    if faults:
        faults[0].others = faults[1:]
        raise faults[0]


def _unserved(hostname: str) -> Iterator[FoundingRefused]:
    try:
        check_is_served(hostname)
    except HostNotServed as refused:
        yield refused


def _taken(district: District, hostname: str) -> Iterator[FoundingRefused]:
    if District.objects.filter(slug=district.slug).exists() or Page.objects.filter(
        depth=2, slug__in=[root_slug(district.slug, code) for code in content_languages()]
    ).exclude(pk__in=_welcome_pages() if district.is_national else []):
        yield SlugTaken(_("Another office already uses this short name."))
    taken = Site.objects.filter(hostname=hostname)
    if district.is_national:
        taken = taken.exclude(root_page__in=_welcome_pages())
    if taken.exists():
        yield HostTaken(_("Another office already uses this host name."))


def _misplaced(district: District, region_code: str | None) -> Iterator[FoundingRefused]:
    """Find what is wrong with level and region; a region that fits becomes the district's."""
    if district.is_national:
        if region_code:
            yield RegionRefused(_("The national office has no region."))
        if District.objects.filter(level=District.Level.NASIONAL).exists():
            yield NationalOfficeExists(_("There is a national office already."))
        return
    region = Region.objects.filter(pk=region_code or "").first()
    if region is None:
        yield RegionRefused(_("This region code is not known. Import the regions first."))
    elif region.level != REGION_LEVELS[district.level]:
        yield RegionRefused(_("This code is of another level: %(name)s.") % {"name": region.name})
    elif District.objects.filter(region=region, level=district.level).exists():
        yield RegionRefused(_("%(name)s has an office already.") % {"name": region.name})
    else:
        district.region = region


def _build_tree(district: District) -> Page:
    for code in content_languages():
        Locale.objects.get_or_create(language_code=code)
    root = Page.get_first_root_node()
    for build in hooks.get_hooks(TREE_HOOK):
        home = build(district, root)
        if home is not None:
            return home
    raise NoTreeBuilder(_("No app makes the pages of an office."))


def _welcome_pages() -> list[int]:
    """Wagtail's own first page: a bare Page at the top, not an office's."""
    return [
        page.pk
        for page in Page.objects.filter(depth=2, alias_of__isnull=True)
        if page.specific_class is Page
    ]


def _remove_welcome_site() -> None:
    """Take away what a fresh Wagtail brings: no host falls back to a default site."""
    pages = _welcome_pages()
    Site.objects.filter(root_page__in=pages).delete()
    for page in Page.objects.filter(pk__in=pages, numchild=0):
        page.delete()
    Site.objects.filter(is_default_site=True).update(is_default_site=False)
    # Wagtail's own groups and its workflow reach over the whole tree.
    Group.objects.filter(name__in=["Editors", "Moderators"], user__isnull=True).delete()
    Workflow.objects.filter(workflow_pages__page__depth=1).update(active=False)
    WorkflowPage.objects.filter(page__depth=1).delete()


def _add_office(district: District) -> None:
    kinds = Organisation.Kind
    Organisation.objects.create(
        district=district,
        name=district.office_name,
        kind=kinds.LEMBAGA_NASIONAL if district.is_national else kinds.DINAS,
        region=district.region,
    )


def _add_placeholders(district: District) -> None:
    """Channels without a number: the editors' panel asks for them until somebody verifies one."""
    source = files("districts") / "data" / "placeholder_channels.csv"
    with source.open(encoding="utf-8", newline="") as lines:
        for position, row in enumerate(csv.DictReader(lines), start=1):
            name = row["organisation"].format(place=district.short_name)
            organisation = Organisation.objects.create(
                district=district, name=name, kind=row["kind"], region=district.region
            )
            Channel.objects.create(
                district=district,
                organisation=organisation,
                kind=Channel.Kind.PHONE,
                label=row["label"].format(place=district.short_name),
                label_en=row["label_en"].format(place=district.short_name),
                timezone=district.timezone,
                position=100 + position,
            )
