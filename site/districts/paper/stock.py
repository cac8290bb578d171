"""The papers that were made: kept while their data stay the same, gone when nobody asks."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import PurePosixPath
from typing import Any, Literal
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone

from districts.models import District, Paper
from districts.paper.press import layout_digest, typeset
from safeguards.compiled import CompiledQuery
from safeguards.ticks import register_tick

UNASKED = timedelta(days=90)
# How exactly it is known when a paper was last asked for; a write a day, not one a reader.
ASKED_TO_THE = timedelta(days=1)
AT_A_TIME = 500
TYPES = {".pdf": "application/pdf", ".png": "image/png"}


def paper_for(
    district: District,
    *,
    key: str,
    layout: str,
    data: Mapping[str, Any],
    pictures: Mapping[str, bytes] | None = None,
    form: Literal["pdf", "png"] = "pdf",
    ppi: float = 144,
    now: datetime | None = None,
) -> Paper:
    """Return the district's paper `key`, made anew only when its layout or data have changed.

    Two readers at once leave one file; the file before it is deleted. Raises `PaperFault`.
    """
    now = now or timezone.now()
    digest = _digest(layout, data, pictures or {})
    known = Paper.objects.filter(district=district, key=key).first()
    if known is not None and _is_current(known, digest):
        return _asked(known, now)
    content = typeset(layout, data, pictures=pictures, form=form, ppi=ppi)
    # Written before the row is held: a slow disk must not keep others from writing.
    storage = Paper._meta.get_field("file").storage
    name = storage.save(f"lembar/{district.slug}/{uuid4().hex}.{form}", ContentFile(content))
    try:
        paper, dropped = _exchange(district, key, digest, name, len(content), now)
    except BaseException:
        storage.delete(name)
        raise
    if dropped:
        transaction.on_commit(lambda: storage.delete(dropped), robust=True)
    return paper


def sizes(district: District, keys: Iterable[str]) -> dict[str, int]:
    """Return the bytes of those papers that are made already, by key; one query."""
    wanted = list(keys)
    # Asked in eights, so that few shapes of the query exist.
    wanted += [""] * (-len(wanted) % 8)
    slots = {f"key{n}": key for n, key in enumerate(wanted)}
    return dict(_sizes_query(len(wanted)).rows(district=district.pk, **slots))


@cache
def _sizes_query(count: int) -> CompiledQuery:
    return CompiledQuery(
        lambda district, **keys: Paper.objects.filter(
            district=district, key__in=keys.values()
        ).values_list("key", "size"),
        district=int,
        **{f"key{n}": str for n in range(count)},
    )


def paper_response(
    request: HttpRequest,
    paper: Paper,
    *,
    filename: str,
    inline: bool = True,
    discreet: bool = False,
) -> HttpResponse:
    """Send the paper, or 304 to who has it; `discreet` ones are never kept by the browser."""
    etag = f'"{paper.digest[:32]}"'
    if etag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = FileResponse(
            paper.file.open("rb"),
            as_attachment=not inline,
            filename=filename,
            content_type=TYPES[PurePosixPath(paper.file.name).suffix],
        )
    response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store" if discreet else "public, max-age=0, must-revalidate"
    return response


def forget_unasked(now: datetime) -> int:
    """Remove the papers that nobody asked for in 90 days; return how many."""
    gone = Paper.objects.filter(asked_at__lt=now - UNASKED).order_by("asked_at")[:AT_A_TIME]
    count = 0
    for paper in gone:
        # Asked for meanwhile: kept.
        if Paper.objects.filter(pk=paper.pk, asked_at=paper.asked_at).delete()[0]:
            paper.file.delete(save=False)
            count += 1
    return count


def _exchange(
    district: District, key: str, digest: str, name: str, size: int, now: datetime
) -> tuple[Paper, str]:
    """Put the new file in its row; return the row and the file that nobody needs any more."""
    fresh = {"digest": digest, "file": name, "size": size, "made_at": now, "asked_at": now}
    with transaction.atomic():
        paper, created = Paper.objects.select_for_update().get_or_create(
            district=district, key=key, defaults=fresh
        )
        if created:
            return paper, ""
        if _is_current(paper, digest):
            # Another reader was faster with the same data.
            return paper, name
        dropped = paper.file.name
        for field, value in fresh.items():
            setattr(paper, field, value)
        paper.save(update_fields=list(fresh))
        return paper, dropped


def _digest(layout: str, data: Mapping[str, Any], pictures: Mapping[str, bytes]) -> str:
    told = json.dumps(data, cls=DjangoJSONEncoder, sort_keys=True)
    drawn = {name: hashlib.sha256(pictures[name]).hexdigest() for name in sorted(pictures)}
    whole = json.dumps([layout_digest(layout), layout, told, drawn])
    return hashlib.sha256(whole.encode()).hexdigest()


def _is_current(paper: Paper, digest: str) -> bool:
    return paper.digest == digest and paper.file.storage.exists(paper.file.name)


def _asked(paper: Paper, now: datetime) -> Paper:
    if now - paper.asked_at >= ASKED_TO_THE:
        Paper.objects.filter(pk=paper.pk).update(asked_at=now)
        paper.asked_at = now
    return paper


register_tick("districts.forget_unasked_papers", forget_unasked, every=timedelta(days=1))
