"""What pages say of the regulations they cite, and which pages cite one that was revoked."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import QuerySet
from django.utils.translation import gettext
from wagtail.models import Page

from districts.models import Regulation
from districts.term_fields import RegulationCodesField
from safeguards import generation

Status = Regulation.Status
# How laws rank in Indonesia (UU 12/2011 art. 7), by how their numbers begin; others come last.
RANKS = ("uud", "uu", "perppu", "pp", "perpres", "permen", "perda", "pergub", "perbup", "perwal")


@dataclass(frozen=True)
class Law:
    """A regulation as a page cites it; `in_force` is false for a draft as well."""

    code: str
    number: str
    title: str
    status_text: str
    in_force: bool


def laws_named(codes: Iterable[str]) -> list[Law]:
    """The regulations with these codes, in this order; a code nobody knows is left out.

    One query for all regulations, remembered until one of them changes.
    """
    known = generation.remembered("regulations", _all)
    by_code = {law.code: law for law in known.values()}
    return [
        Law(
            code=law.code,
            number=law.number,
            title=law.title,
            status_text=_status_text(law, known),
            in_force=law.status == Status.BERLAKU,
        )
        for law in (by_code[code] for code in codes if code in by_code)
    ]


def citable(codes: Iterable[str] = ()) -> list[tuple[str, str]]:
    """(code, words) of the regulations that are in force, and of those cited already, by rank."""
    cited = set(codes)
    known = generation.remembered("regulations", _all)
    found = [law for law in known.values() if law.status == Status.BERLAKU or law.code in cited]
    return [
        (law.code, f"{law.number} – {law.title}")
        if law.status == Status.BERLAKU
        else (law.code, f"{law.number} – {law.title} ({_status_text(law, known)})")
        for law in sorted(found, key=_ranked)
    ]


def by_rank(codes: Iterable[str]) -> list[str]:
    """The codes that are known, in the order in which a letter cites them."""
    cited, known = set(codes), generation.remembered("regulations", _all)
    return [law.code for law in sorted(known.values(), key=_ranked) if law.code in cited]


def _ranked(law: Regulation) -> tuple[int, int, str]:
    word = law.number.split(" ")[0].lower()
    # Of several the longest: "perpres" is no "pp", "uud" no "uu".
    found = [rank for rank, begins in enumerate(RANKS) if word.startswith(begins)]
    best = max(found, key=lambda rank: len(RANKS[rank]), default=len(RANKS))
    return best, law.year, law.number


def heir_of(law: Regulation, known: dict[int, Regulation]) -> Regulation | None:
    """The regulation at the end of the chain of successors, or None when it leads nowhere.

    Each step goes on only from a revoked one; a circle, which is a mistake in the data, ends the
    walk without an answer.
    """
    seen = {law.pk}
    current = law
    while current.status == Status.DICABUT and current.successor_id in known:
        current = known[current.successor_id]
        if current.pk in seen:
            return None
        seen.add(current.pk)
    return current if current is not law else None


def pages_citing_revoked(pages: QuerySet) -> QuerySet:
    """Those of the pages that cite a revoked regulation, without aliases.

    Reads the codes of every page type that has a field for them; a citation of the successor beside
    it is no fault, so a page that names both is left out.
    """
    known = generation.remembered("regulations", _all)
    revoked = {law.code: law for law in known.values() if law.status == Status.DICABUT}
    found: list[int] = []
    for model, name in _citing_fields():
        own = model.objects.filter(live=True, alias_of__isnull=True, pk__in=pages.values("pk"))
        for pk, codes in own.values_list("pk", name):
            for code in set(codes or []) & set(revoked):
                heir = heir_of(revoked[code], known)
                if heir is None or heir.code not in codes:
                    found.append(pk)
    return Page.objects.filter(pk__in=found)


def _citing_fields() -> list[tuple[type[Page], str]]:
    return [
        (model, field.name)
        for model in apps.get_models()
        if issubclass(model, Page)
        for field in model._meta.local_fields
        if isinstance(field, RegulationCodesField)
    ]


def _status_text(law: Regulation, known: dict[int, Regulation]) -> str:
    if law.status != Status.DICABUT:
        return str(law.get_status_display())
    heir = heir_of(law, known)
    if heir is None:
        return str(law.get_status_display())
    if heir.status == Status.DICABUT:
        return gettext("Revoked; %(heir)s, which replaced it, was revoked too") % {
            "heir": heir.number
        }
    return gettext("Revoked, replaced by %(heir)s") % {"heir": heir.number}


def _all() -> dict[int, Regulation]:
    return {law.pk: law for law in Regulation.objects.all()}
