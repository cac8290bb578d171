"""What the attention panel of the admin says about the review of modules."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from districts.hours import local_date
from districts.models import District
from districts.panels import Task
from modules.models import ModulePage
from modules.review import DUE, PAST, WARN_DAYS, WITHDRAWN, own_modules
from modules.services.reviewing import keeps_modules
from modules.standing import read_standings, reviews_of

MOST_NAMED = 10


def review_tasks(request: HttpRequest, office: District) -> Iterator[Task]:
    """Modules that are out of use, past their day, due in 7, 30 and 90 days, or not as signed."""
    if not keeps_modules(request.user, office):
        return
    today = local_date(timezone.now(), office.timezone)
    past = Q(review_due__lt=today) | Q(retire_on__lt=today)
    standing = Q(withdrawn_at__isnull=True)
    counts = {"withdrawn": Count("pk", Q(withdrawn_at__isnull=False))}
    counts["past"] = Count("pk", standing & past)
    begins = today
    for days in sorted(WARN_DAYS):
        ends = today + timedelta(days=days)
        near = Q(review_due__gte=begins, review_due__lte=ends)
        still = Q(retire_on__isnull=True) | Q(retire_on__gte=today)
        counts[f"within_{days}"] = Count("pk", standing & near & still)
        begins = ends + timedelta(days=1)
    found = own_modules(office).filter(live=True).aggregate(**counts)
    address = reverse("module_review:index")
    if found["withdrawn"]:
        text = ngettext(
            "%(n)d module is withdrawn until a moderator lets it in again.",
            "%(n)d modules are withdrawn until a moderator lets them in again.",
            found["withdrawn"],
        )
        yield Task(text % {"n": found["withdrawn"]}, f"{address}?status={WITHDRAWN}", True)
    if found["past"]:
        text = ngettext(
            "%(n)d module is past its day: nobody finds it.",
            "%(n)d modules are past their day: nobody finds them.",
            found["past"],
        )
        yield Task(text % {"n": found["past"]}, f"{address}?status={PAST}", True)
    for days in sorted(WARN_DAYS):
        count = found[f"within_{days}"]
        if count:
            text = ngettext(
                "%(n)d module is to be reviewed within %(days)d days.",
                "%(n)d modules are to be reviewed within %(days)d days.",
                count,
            )
            yield Task(
                text % {"n": count, "days": days},
                f"{address}?status={DUE}",
                is_urgent=days == min(WARN_DAYS),
            )
    yield from _of_signatures(office)


def _of_signatures(office: District) -> Iterator[Task]:
    """What readers have, though the office objects to it or nobody signed these words."""
    known = read_standings(office)
    judged = own_modules(office).filter(translation_key__in={key for key, _language in known})
    pages = judged.filter(live=True, withdrawn_at__isnull=True).select_related("locale")
    pages = list(pages.order_by("title", "pk"))
    reviews = reviews_of(pages, office, known)
    objects = gettext("This office objects to “%(module)s”, and it is still published.")
    differs = gettext("“%(module)s” has changed since a specialist reviewed it.")
    for page in [page for page in pages if reviews[page.pk].objection][:MOST_NAMED]:
        yield _named(page, objects, is_urgent=True)
    for page in [page for page in pages if reviews[page.pk].is_changed][:MOST_NAMED]:
        yield _named(page, differs, is_urgent=False)


def _named(page: ModulePage, said: str, *, is_urgent: bool) -> Task:
    address = reverse("module_review:sign", args=[page.pk])
    return Task(said % {"module": page.title}, address, is_urgent)
