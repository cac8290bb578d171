"""Background tasks that still carry a person's address or number in their arguments."""

import json
from typing import Any

from django.apps import apps

from safeguards.services.subjects import Subject

USER_ARGUMENTS = frozenset({"user", "user_id", "user_pk", "actor_id", "member_id"})


def export(who: Subject) -> list[dict[str, Any]]:
    """Return the queued and finished tasks that are about ``who``."""
    return [{"id": row.pk, "task": row.task_path} for row in _about(who)]


def erase(who: Subject) -> int:
    """Delete those tasks, whatever became of them; return how many."""
    rows = _about(who)
    if rows:
        type(rows[0])._base_manager.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _about(who: Subject) -> list:
    if not apps.is_installed("django_tasks_db"):
        return []
    model = apps.get_model("django_tasks_database", "DBTaskResult")
    return [row for row in model._base_manager.iterator() if _names(row.args_kwargs, who)]


def _names(arguments: dict, who: Subject) -> bool:
    text = json.dumps(arguments, ensure_ascii=False).lower()
    if any(known and known in text for known in (who.email, who.phone)):
        return True
    named = arguments.get("kwargs", {})
    return who.user_id is not None and any(
        str(named.get(name)) == str(who.user_id) for name in USER_ARGUMENTS
    )
