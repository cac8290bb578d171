"""What people agree to when they register: versions of an office's text, none ever changed."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from districts.models import District
from events.models import ConsentText
from safeguards import audit
from safeguards.lost_updates import check_opened


def current(district: District) -> ConsentText:
    """The newest text; where the office has none, ours, which is kept with the first consent."""
    newest = ConsentText.objects.for_district(district).order_by("-version").first()
    return newest or ConsentText(district=district, version=1, **_default())


def kept(district: District, now: datetime) -> ConsentText:
    """The newest text as a row, made if there is none; call it inside a transaction."""
    text = current(district)
    if text.pk is None:
        text, _made = ConsentText.objects.get_or_create(
            district=district, version=1, defaults=_default() | {"created_at": now}
        )
    return text


def new_version(
    *,
    district: District,
    actor: Any,
    text_id: str,
    text_en: str,
    now: datetime,
    opened: str | None = None,
) -> ConsentText:
    """Keep a text for those who register from now on; the same words again are no new version.

    Who agreed before keeps what they agreed to. Raises Outdated where the newest text is not the
    one that was `opened`, an imprint of `words_of`.
    """
    with transaction.atomic():
        # One after the other: the next version is the next number.
        District.objects.select_for_update(no_key=True, of=("self",)).get(pk=district.pk)
        last = kept(district, now)
        told = {"text_id": text_id, "text_en": text_en}
        check_opened(opened, stands=words_of(last), told=told)
        if (last.text_id, last.text_en) == (text_id, text_en):
            return last
        text = ConsentText.objects.create(
            district=district, version=last.version + 1, created_at=now, **told
        )
        audit.record(
            verb="consent.changed", actor_id=actor.pk, obj=text, site=district.site_id, now=now
        )
        return text


def words_of(text: ConsentText) -> dict[str, str]:
    """What the form of a text shows."""
    return {"text_id": text.text_id, "text_en": text.text_en}


def _default() -> dict[str, str]:
    texts = {}
    for language in ("id", "en"):
        with translation.override(language):
            texts[f"text_{language}"] = _(
                "The office keeps what I write here to plan this session and to tell me when it "
                "is moved or cancelled. Only its staff sees it, and it is deleted soon after the "
                "session. I can cancel on my private page at any time."
            )
    return texts
