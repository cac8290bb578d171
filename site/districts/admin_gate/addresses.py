"""The addresses of the admin that staff of a district may open; whatever is missing here is 404.

Names are Django's (`namespace:name`). An app adds the screens it writes itself with `allow()`;
the screens of a viewset whose model carries a district are let in by `rule_for()` on their own.
"""

from collections.abc import Callable

from districts.admin_gate import rules
from districts.admin_gate.rules import Rule, every, file, open_to_staff, page, revisions, sent_pages
from districts.scoping import DistrictRecord

_rules: dict[str, Rule] = {}


def allow(view_name: str, rule: Rule = open_to_staff) -> None:
    """Let staff of a district open the address with this name wherever `rule` says yes."""
    _rules[view_name] = rule


def rule_for(view_name: str, view: Callable) -> Rule | None:
    """The rule for an address, or None: then it is not for staff of a district."""
    if view_name in _rules:
        return _rules[view_name]
    model = getattr(view, "view_initkwargs", {}).get("model")
    if isinstance(model, type) and issubclass(model, DistrictRecord):
        return rules.record(model)
    return None


def _anything(request, scope, kwargs) -> bool:
    return True


for _name in (
    "wagtailadmin_home",
    "wagtailadmin_explore_root",
    "wagtailadmin_account",
    "wagtailadmin_logout",
    "wagtailadmin_dismissibles",
    "wagtailadmin_sprite",
    "wagtailadmin_javascript_catalog",
    "wagtailadmin_block_preview",
    "wagtailadmin_pages:search",
    "wagtailadmin_pages:search_results",
    "wagtailadmin_tag_autocomplete",
):
    allow(_name)

# The session ends by its own number and only for the person it belongs to.
allow("wagtailadmin_editing_sessions:release", _anything)
allow("wagtailadmin_editing_sessions:ping", rules.typed_object)

allow("wagtailadmin_explore", page("parent_page_id", or_tree_root=True))
allow("wagtailadmin_explore_results", page("parent_page_id", or_tree_root=True))
allow("wagtailadmin_api:pages:listing", rules.explorer_api)
allow("wagtailadmin_api:pages:detail", page("pk", or_tree_root=True))
allow("wagtail_bulk_action", rules.bulk)

for _name in ("add", "preview_on_add", "add_subpage"):
    allow(f"wagtailadmin_pages:{_name}", page("parent_page_id"))
for _name in (
    "edit",
    "preview_on_edit",
    "view_draft",
    "delete",
    "unpublish",
    "convert_alias",
    "lock",
    "unlock",
    "usage",
    "history",
    "history_results",
    "revisions_index",
    "workflow_history",
    "confirm_workflow_cancellation",
):
    allow(f"wagtailadmin_pages:{_name}", page())
allow("wagtailadmin_pages:copy", every(page(), sent_pages("new_parent_page")))
allow("wagtailadmin_pages:move", every(page("page_to_move_id"), sent_pages("new_parent_page")))
allow("wagtailadmin_pages:move_confirm", every(page("page_to_move_id"), page("destination_id")))
allow("wagtailadmin_pages:set_page_position", page("page_to_move_id"))
for _name in ("revisions_view", "revisions_revert", "revisions_unschedule"):
    allow(f"wagtailadmin_pages:{_name}", every(page(), revisions("revision_id")))
allow(
    "wagtailadmin_pages:revisions_compare",
    every(page("pk"), revisions("revision_id_a", "revision_id_b", of="pk")),
)
for _name in ("workflow_action", "collect_workflow_action_data"):
    allow(f"wagtailadmin_pages:{_name}", every(page(), rules.task_state))
allow("wagtailadmin_pages:workflow_preview", every(page(), rules.task))
allow("wagtailadmin_pages:workflow_history_detail", every(page(), rules.workflow_state))

_chooser_query = sent_pages("parent_page_id", "target_pages[]", or_tree_root=True)
allow("wagtailadmin_choose_page", every(open_to_staff, _chooser_query))
allow(
    "wagtailadmin_choose_page_child",
    every(page("parent_page_id", or_tree_root=True), _chooser_query),
)
allow("wagtailadmin_choose_page_search", every(open_to_staff, _chooser_query))
allow("wagtailadmin_choose_page_chosen_multiple", rules.asked_pages("id"))
for _name in ("external", "email", "anchor"):
    allow(f"wagtailadmin_choose_page_{_name}_link", every(open_to_staff, _chooser_query))

for _app, _kind, _argument, _in_batch in (
    ("wagtailimages", "image", "image_id", "image_id"),
    ("wagtaildocs", "document", "document_id", "doc_id"),
):
    for _name in ("index", "index_results", "add", "add_multiple"):
        allow(f"{_app}:{_name}")
    for _name in ("edit", "delete"):
        allow(f"{_app}:{_name}", file(_kind, _argument))
    allow(f"{_app}:{_kind}_usage", file(_kind, _argument))
    for _name in ("edit_multiple", "delete_multiple"):
        allow(f"{_app}:{_name}", file(_kind, _in_batch))
    allow(f"{_app}:create_multiple_from_uploaded_{_kind}", rules.own_upload)
    allow(f"{_app}:delete_upload_multiple", rules.own_upload)
    for _name in ("choose", "choose_results", "create"):
        allow(f"{_app}_chooser:{_name}")
    allow(f"{_app}_chooser:chosen", file(_kind, "pk"))
    allow(f"{_app}_chooser:chosen_multiple", rules.asked_files(_kind))
allow("wagtailimages:preview", file("image", "image_id"))
allow("wagtailimages_chooser:select_format", file("image", "image_id"))
