"""Tells apps above this one that a name they may have written down somewhere has changed.

A saved row tells it by itself; a service that writes many rows at once calls `names_changed`.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.models import Site

from districts.models import Organisation, Region, Term, Vocabulary

# What has a name that is written down elsewhere; a site has its address.
KINDS: dict[type, str] = {
    Organisation: "organisation",
    Region: "region",
    Site: "site",
    Term: "term",
    Vocabulary: "vocabulary",
}

Listener = Callable[[str, list[Any]], object]
_listeners: list[Listener] = []


def on_renaming(listener: Listener) -> Listener:
    """Have `listener(kind, keys)` called once it is committed; kinds are the values of `KINDS`.

    The name may be the same as before: the listener compares with what it wrote down.
    """
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def names_changed(kind: str, keys: Iterable[Any]) -> None:
    """Tell it after the surrounding transaction; a listener's fault undoes no renaming."""
    told = list(keys)
    if not told:
        return
    for listener in _listeners:
        transaction.on_commit(lambda listener=listener: listener(kind, told), robust=True)


@receiver(post_save)
def saved(sender: type, instance: Any, created: bool, **kwargs: Any) -> None:
    kind = KINDS.get(sender)
    # Nothing can have named what is new.
    if kind is not None and not created:
        names_changed(kind, [instance.pk])
