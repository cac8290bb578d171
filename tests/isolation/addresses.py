"""Every address of the project, and what to fill its arguments with.

An argument nobody has a filler for fails the matrix: a new address joins it by itself, or says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import get_resolver, reverse
from django.urls.resolvers import RegexPattern, URLPattern, URLResolver
from django.utils import translation

from districts.sharing.codes import code_of
from events.models import CheckInDoor, Participant
from events.services.doors import paper_code
from tests.factories.modules import ITEM
from tests.isolation.world import NO_SUCH_ID, Side, World

FOREIGN, MISSING, OWN = "foreign", "missing", "own"
NO_SUCH_TEXT = "tidakada"
NO_SUCH_KEY = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Address:
    """A URL pattern: its full name, its arguments, and the model its view is about."""

    route: str
    name: str
    arguments: tuple[str, ...]
    groups: int
    model: type | None

    @property
    def takes_something(self) -> bool:
        return bool(self.arguments or self.groups)


def addresses() -> list[Address]:
    return list(_walk(get_resolver(), "", (), ()))


def _walk(resolver: URLResolver, route: str, names: tuple, arguments: tuple) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        whole = route + str(pattern.pattern)
        here = arguments + _arguments(pattern)
        if isinstance(pattern, URLResolver):
            space = names + ((pattern.namespace,) if pattern.namespace else ())
            yield from _walk(pattern, whole, space, here)
            continue
        model = getattr(pattern.callback, "view_initkwargs", {}).get("model")
        unnamed = isinstance(pattern.pattern, RegexPattern) and not pattern.pattern.regex.groupindex
        yield Address(
            route=whole,
            name=":".join((*names, pattern.name)) if pattern.name else "",
            arguments=here,
            groups=pattern.pattern.regex.groups if unnamed else 0,
            model=model if isinstance(model, type) else None,
        )


def _arguments(pattern: URLPattern | URLResolver) -> tuple[str, ...]:
    if isinstance(pattern.pattern, RegexPattern):
        return tuple(pattern.pattern.regex.groupindex)
    return tuple(getattr(pattern.pattern, "converters", {}))


# Argument → kind of thing in `Side.things`, whose key fills it.
THINGS = {
    "page_id": "page",
    "parent_page_id": "page",
    "page_to_move_id": "page",
    "destination_id": "page",
    "page_pk": "page",
    "revision_id": "revision",
    "revision_id_a": "revision",
    "revision_id_b": "revision",
    "task_state_id": "task_state",
    "task_id": "task",
    "workflow_state_id": "workflow_state",
    "workflow_pk": "workflow",
    "image_id": "image",
    "document_id": "document",
    "doc_id": "document",
    "uploaded_file_id": "upload",
    "collection_id": "collection",
    "restriction_id": "restriction",
    "session_id": "session",
    "object_id": "page",
    "material": "material",
    "date_pk": "occurrence",
    "date": "occurrence",
    "letter_pk": "letter",
}
# The first part of a view's name → kind of thing its `pk` is.
KEYS = {
    "wagtailadmin_api:pages": "page",
    "wagtailadmin_api:documents": "document",
    "wagtailadmin_api:images": "image",
    "wagtailadmin_collections": "collection",
    "wagtailadmin_workflows:edit_task": "task",
    "wagtailadmin_workflows:disable_task": "task",
    "wagtailadmin_workflows:enable_task": "task",
    "wagtailadmin_workflows": "workflow",
    "wagtailadmin_pages": "page",
    "wagtailusers_users": "user",
    "wagtailusers_groups": "group",
    "wagtailsites": "site",
    "wagtailsettings": "site",
    "wagtaildocs_chooser": "document",
    "wagtailimages_chooser": "image",
    "channels": "channel",
    "channels:change": "channelchange",
    "commitments": "commitment",
    "end_role": "membership",
    "member_sign_in": "membership",
    "stand_in_appoint": "membership",
    "stand_in_end": "standin",
    "device_remove": "signindevice",
    "sender_remove": "device",
    "factor_passkey_remove": "passkey",
    "invitation_link": "invitation",
    "invitation_take_back": "invitation",
    "request_detail": "sessionrequest",
    "module_review": "module",
    "event_day_drop": "localday",
    **dict.fromkeys(
        (
            *("event_detail", "event_edit", "event_decide", "event_cancel", "event_date_add"),
            *("event_date", "event_date_cancel", "event_date_restore", "event_date_remove"),
            *("event_registrations", "event_registrations_sheet"),
            *("event_invite", "event_letter", "event_poster"),
            *("event_report", "event_report_decide", "event_report_photos", "event_report_photo"),
            *("event_report_file", "event_report_preview", "event_papers", "event_papers_number"),
            *("event_paper", "event_paper_duty"),
            *("event_attendance", "event_roll", "event_roll_person", "event_headcount"),
            "event_roll_rename",
            "event_roll_state",
            *("event_organisations", "event_door", "event_wall", "event_wall_qr"),
            *("event_wall_paper", "event_scan", "event_attendance_import"),
            *("event_attendance_import_empty", "event_attendance_import_rows"),
            *("event_attendance_import_faulty", "event_attendance_list", "event_attendance_sheet"),
            *("event_attendance_paper", "event_people_series"),
            "event_people_series_sheet",
            *("event_certificates", "event_certificates_pdf", "event_certificate"),
            "event_certificate_revoke",
        ),
        "event",
    ),
    **dict.fromkeys(("module_group", "module_group_copy", "module_group_delete"), "module_group"),
    **dict.fromkeys(
        (
            *("module_run", "module_run_act", "module_run_state", "module_run_screen"),
            *("module_run_qr", "module_run_paper", "module_run_tally", "module_run_tally_one"),
            *("module_run_results", "module_run_delete", "module_run_people"),
        ),
        "classrun",
    ),
}
# Arguments that name no object of a district.
WORDS = {
    "action_name": "approve",
    "filter_spec": "width-100",
    "content_type_app_name": "campaigns",
    "content_type_model_name": "newspage",
    "uidb64": "MQ",
    "uidb36": "1",
    "token": NO_SUCH_TEXT,
    # Pictures of published pages are for everybody; their folders can't be guessed.
    "path": "gambar/tidakada/tidakada.png",
    "key": "set-password",
    "action": "delete",
    # An old picture's: it leads to the present one.
    "digest": "0123456789abcdef",
    "phase": "kuis",
    "item": ITEM["single"],
    "step": 1,
    "year": "2031",
    "month": "03",
    "day": "04",
    "app_label": "wagtailcore",
    "model_name": "page",
    "paper_kind": "kegiatan",
    "paper": "panduan",
}
WORDS_OF_VIEW = {
    **dict.fromkeys(
        (
            *("event_attendance_sheet", "event_registrations_sheet", "event_list_sheet"),
            *("event_people_organisations_sheet", "event_people_facilitators_sheet"),
            "event_people_series_sheet",
        ),
        {"form": "xlsx"},
    ),
    "report_outline": {"kind": "semua"},
    "wagtailsettings": {"app_name": "safeguards", "model_name": "safetysettings"},
    "wagtailadmin_tag_model_autocomplete": {"app_name": "taggit", "model_name": "tag"},
    "wagtailadmin_pages:choose_parent": {"app_label": "campaigns", "model_name": "newspage"},
    "wagtailadmin_workflows:add_task": {"model_name": "groupapprovaltask"},
    "wagtailadmin_editing_sessions:ping": {"app_label": "campaigns", "model_name": "newspage"},
    "wagtailadmin_api:pages:action": {"action_name": "delete"},
}
# Whole sets of positional arguments, by view.
POSITIONS = {
    "wagtaildocs_serve": lambda side: (side["document"].pk, side["document"].filename),
    "wagtail_serve": lambda side: ("kampanye/aman/konsep/",),
}
# Addresses without a name, as they are typed.
TYPED = {"admin/test404/": "/admin/test404/", "admin/^.*/$": "/admin/tidak-ada-di-sini/"}
# Queries that name objects, by view; `{kind}` is the key of a thing.
QUERIES = {
    "commitments:index": ("", "q=kanari", "owner={organisation}", "status=lewat-tenggat"),
    "wagtail_bulk_action": ("id={page}", "id={page}&id={draft}", "id=all&childOf={page}"),
    "wagtailadmin_choose_page_chosen_multiple": ("id={page}",),
    "wagtailadmin_choose_page_search": ("q=kanari", "q=konsep"),
    "wagtailadmin_choose_page": (
        "",
        "page_type=campaigns.newspage",
        "target_pages[]={page}&user_perms=move_to",
    ),
    "wagtaildocs_chooser:chosen_multiple": ("id={document}",),
    "wagtailimages_chooser:chosen_multiple": ("id={image}",),
    "wagtaildocs_chooser:choose": ("", "q=kanari", "collection_id={collection}"),
    "wagtailimages_chooser:choose": ("", "q=kanari", "collection_id={collection}", "tag=kanari"),
    "wagtaildocs_chooser:choose_results": ("", "q=kanari", "collection_id={collection}"),
    "wagtailimages_chooser:choose_results": ("", "q=kanari", "collection_id={collection}"),
    "wagtaildocs:index": ("", "q=kanari", "collection_id={collection}"),
    "wagtailimages:index": ("", "q=kanari", "collection_id={collection}", "tag=kanari"),
    "wagtailadmin_pages:search": (
        "q=kanari",
        "q=konsep",
        "q=kanari&content_type=campaigns.newspage",
    ),
    "wagtailadmin_pages:search_results": ("q=kanari",),
    "wagtailadmin_explore_root": (
        "",
        "q=kanari",
        "owner={user}",
        "edited_by={user}",
        "site={site}",
    ),
    "wagtailadmin_tag_autocomplete": ("term=kanari", "term=KANARI", "term=k"),
    "wagtailadmin_tag_model_autocomplete": ("term=KANARI",),
    "wagtailadmin_api:pages:listing": (
        "",
        "child_of={page}&for_explorer=1",
        "descendant_of={page}",
        "search=kanari",
        "fields=*",
        "translation_of={page}",
    ),
    "wagtailadmin_api:pages:find": ("id={page}",),
    "wagtailadmin_reports:site_history": ("", "user={user}"),
    "wagtailadmin_block_preview": ("id=kanari",),
    "module_review:index": ("", "q=kanari", "status=ditarik"),
    "module_review:signs": ("", "q=kanari"),
    "requests": ("", "status=semua", "nomor=2026-0001", "kec=36.02.01"),
    "requests_sheet": ("status=semua",),
    "wagtail_serve": ("", "kec=36.02.01", "page=2"),
    "calendar_feed": ("", "kec=36.02.01", "datar=1"),
    "event_people_series_sheet": ("", "bagian=lembaga"),
    "event_list_sheet": ("", "milik=semua", "milik=semua&kec=36.02.01"),
    "event_list": ("", "milik=semua", "milik=semua&kec=36.02.01"),
    "event_propose": ("", "salin={event}"),
    "event_report": ("", "baca", "tulis"),
    "event_roll": ("", "semua=00000000-0000-4000-8000-000000000000", "daftar={occurrence}"),
    "event_wall_qr": ("", "kertas"),
    "report_list": ("", "status=terkirim", "status=belum", "kec=36.02.01"),
    "search": ("", "q=kanari", "q=kanri", "q=kanari+umum", "q=rahasia", "q=kanari&persis=1"),
}
# Arguments made of a thing's key, by view and argument.
MADE_OF = {
    ("short_address", "code"): lambda things: code_of(things["live_page"]),
    ("short_address_qr", "code"): lambda things: code_of(things["live_page"]),
    **{
        (name, "slug"): lambda things: things["module_slug"]
        for name in (
            *("module_openly", "module_open_screen", "module_open_screen_step"),
            *("module_guide", "module_worksheet", "module_answer_sheet", "module_cards"),
        )
    },
    **{
        (name, "code"): lambda things: things["code"]
        for name in ("join_code", "join_answer", "join_state", "join_leave")
    },
    **{
        (name, "slug"): lambda things: things["event_slug"]
        for name in ("event", "event_feed", "occurrence", "event_register")
    },
    **{
        (name, "day"): lambda things: (
            things["occurrence_day"] if things["page"] != NO_SUCH_ID else "2031-03-04"
        )
        for name in ("occurrence", "event_register")
    },
    **{
        (name, "token"): lambda things, kind=kind: str(things[kind]).rjust(32, "x")
        for name, kind in (
            ("event_registration", "registration_token"),
            ("event_registration_cancel", "registration_token"),
            ("event_registration_calendar", "registration_token"),
            ("event_registration_correct", "registration_token"),
            ("event_registration_data", "registration_token"),
            ("event_registration_forget", "registration_token"),
            ("event_invited", "invited_token"),
            ("calendar_own_feed", "calendar_token"),
            ("device_link", "device_token"),
        )
    },
    **{
        (name, "file"): lambda things: (
            things["report_file"] if things["page"] != NO_SUCH_ID else NO_SUCH_KEY
        )
        for name in ("event_report_photo", "event_report_file", "event_report_preview")
    },
    **{
        (name, argument): lambda things, kind=kind: (
            things[kind] if things["page"] != NO_SUCH_ID else NO_SUCH_KEY
        )
        for name, argument, kind in (
            ("event_attendance_import_rows", "sheet", "sheet_key"),
            ("event_attendance_import_faulty", "sheet", "sheet_key"),
            ("event_export", "export", "export_key"),
            ("event_export_file", "export", "export_key"),
            ("event_certificate", "certificate", "certificate_key"),
            ("event_certificate_revoke", "certificate", "certificate_key"),
        )
    },
    **{
        (name, argument): lambda things: _participant(things["participant"])
        for name in (
            *("event_person", "event_person_correct", "event_person_merge"),
            *("event_person_export", "event_person_erase", "event_person_part"),
        )
        for argument in ("key", "other")
    },
    ("event_certificate_verify", "serial"): lambda things: (
        things["certificate_serial"] if things["page"] != NO_SUCH_ID else "A" * 28
    ),
    ("event_roll_rename", "person"): lambda things: _participant(things["participant"]),
    ("event_roll_person", "person"): lambda things: _participant(things["participant"]),
    ("check_in_code", "door_code"): lambda things: _paper_code(things["checkindoor"]),
    ("share_picture", "number"): lambda things: things["live_page"],
    ("village_cards", "code"): lambda things: (
        "36.02.01" if things["page"] != NO_SUCH_ID else "99.99.99"
    ),
}
# What a form sends, where an empty one is more than Wagtail expects.
FORMS = {"wagtailadmin_choose_page_external_link": {"external-link-chooser-url": "/"}}


class NoFiller(LookupError):
    """An address has an argument that the tables above don't know."""


def known_paths(address: Address, world: World, variant: str) -> list[str]:
    """As `paths`, leaving out what the test of the arguments complains about already."""
    try:
        return paths(address, world, variant)
    except NoFiller:
        return []


def paths(address: Address, world: World, variant: str) -> list[str]:
    """The address with arguments of this variant, once for each language and query."""
    side = world.own if variant == OWN else world.foreign
    things = {kind: _key(thing) for kind, thing in side.things.items()}
    if variant == MISSING:
        things = dict.fromkeys(things, NO_SUCH_ID)
    bare = _bare(address, side, things, variant)
    found = []
    for path in bare:
        for query in QUERIES.get(address.name, ("",)):
            asked = query.format(**things)
            found.append(f"{path}?{asked}" if asked else path)
    return found


def _bare(address: Address, side: Side, things: dict, variant: str) -> list[str]:
    if not address.name:
        if address.route not in TYPED:
            raise NoFiller(f"{address.route}: no name; add it to TYPED")
        return [TYPED[address.route]]
    args: tuple = ()
    if address.groups:
        if address.name not in POSITIONS:
            raise NoFiller(f"{address.route}: add {address.name} to POSITIONS")
        args = POSITIONS[address.name](side.things)
        if variant == MISSING:
            args = tuple(
                NO_SUCH_ID if isinstance(arg, int) else f"{NO_SUCH_TEXT}/" if "/" in arg else arg
                for arg in args
            )
    kwargs = {name: _filler(address, name, things) for name in address.arguments}
    languages = ("id", "en") if not address.route.startswith(("admin/", "documents/")) else ("id",)
    found = []
    for language in languages:
        with translation.override(language):
            found.append(reverse(address.name, args=args or None, kwargs=kwargs or None))
    return sorted(set(found))


def _filler(address: Address, name: str, things: dict) -> Any:
    if (address.name, name) in MADE_OF:
        return MADE_OF[address.name, name](things)
    for words in (WORDS_OF_VIEW.get(address.name), WORDS_OF_VIEW.get(address.name.split(":")[0])):
        if words and name in words:
            return words[name]
    if name == "pk":
        parts = address.name.split(":")
        for length in range(len(parts), 0, -1):
            kind = KEYS.get(":".join(parts[:length]))
            if kind:
                return things[kind]
    if address.model is not None and name in {"pk", "object_id"}:
        kind = address.model._meta.model_name
        if kind in things:
            return things[kind]
        # Shared reference data: the same row for all, or a missing one.
        row = address.model._base_manager.order_by("pk").first()
        if row is not None and NO_SUCH_ID not in things.values():
            return row.pk
        return NO_SUCH_ID
    if name in THINGS:
        return things[THINGS[name]]
    if name in WORDS:
        return WORDS[name]
    raise NoFiller(f"{address.route} ({address.name}): nothing to put for '{name}'")


def _participant(number: Any) -> Any:
    found = Participant.objects.filter(pk=number).first()
    return str(found.key) if found else NO_SUCH_KEY


def _paper_code(number: Any) -> str:
    door = CheckInDoor.objects.filter(pk=number).first()
    return paper_code(door).scanned if door else "AAAAAA"


def _key(thing: Any) -> Any:
    return getattr(thing, "pk", thing)
