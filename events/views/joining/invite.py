"""`/ruang/kalender/<pk>/undangan/`: texts to paste, a letter, a poster, and who was asked."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.workspace import READS, show
from events.answers import answers_of
from events.forms.invitation import InvitedForm, LetterForm
from events.invite_words import invitation_text, reminder_text
from events.models import Event, Letter, Occurrence
from events.moments import moment_of
from events.services import inviting as services
from events.services.bookkeeping import NotPossible, is_settled
from events.views.joining.hosting import date_of, hosted_event
from events.views.room.access import number_in, planner_page
from safeguards.views import HttpResponseSeeOther

MOST_DATES = 60


@planner_page(*READS, "POST")
def invite(request: HttpRequest, pk: str) -> HttpResponse:
    """`?tanggal=` chooses the date that texts, letter and poster are for."""
    event = hosted_event(request, pk)
    row = _chosen(event, request)
    if request.method != "POST":
        return _page(request, event, row)
    acts = {
        "invite": _invite,
        "take_back": _take_back,
        "link": _link,
        "revoke": _revoke,
        "letter": _letter,
    }
    act = acts.get(request.POST.get("do", ""))
    if act is None:
        return _page(
            request,
            event,
            row,
            status=400,
            reason=_("We did not understand this. Nothing changed."),
        )
    try:
        return act(request, event, row)
    except NotPossible as error:
        return _page(request, event, row, status=409, reason=error.message)


def _chosen(event: Event, request: HttpRequest) -> Occurrence:
    wanted = request.GET.get("tanggal", "")
    if wanted:
        return date_of(event, str(number_in(wanted)))
    rows = event.occurrences.order_by("start")
    row = rows.filter(end__gt=timezone.now(), is_cancelled=False).first() or rows.last()
    if row is None:
        raise Http404
    row.event = event
    return row


def _invite(request: HttpRequest, event: Event, row: Occurrence) -> HttpResponse:
    form = InvitedForm(request.POST)
    if not form.is_valid():
        return _page(request, event, row, status=422, invited_form=form, faulty=form)
    label = form.cleaned_data["label"]
    services.invite(event=event, actor=request.user, label=label, now=timezone.now())
    messages.success(request, _("%(name)s is on the list.") % {"name": label})
    return _back(event, row)


def _take_back(request: HttpRequest, event: Event, row: Occurrence) -> HttpResponse:
    invited = _one(request, event)
    services.take_back(invited=invited, actor=request.user, now=timezone.now())
    messages.success(request, _("%(name)s is off the list.") % {"name": invited.label})
    return _back(event, row)


def _link(request: HttpRequest, event: Event, row: Occurrence) -> HttpResponse:
    invited = _one(request, event)
    token = services.renew_link(invited=invited, actor=request.user, now=timezone.now())
    # Told once, on this answer alone: only its digest is kept.
    link = event.district.site.root_url + reverse("event_invited", args=[token])
    return _page(request, event, row, linked=invited, link=link)


def _revoke(request: HttpRequest, event: Event, row: Occurrence) -> HttpResponse:
    invited = _one(request, event)
    services.revoke_link(invited=invited, actor=request.user, now=timezone.now())
    messages.success(request, _("The link of %(name)s is dead.") % {"name": invited.label})
    return _back(event, row)


def _letter(request: HttpRequest, event: Event, row: Occurrence) -> HttpResponse:
    form = _letter_form(request, event, request.POST)
    if not form.is_valid():
        return _page(request, event, row, status=422, letter_form=form, faulty=form)
    newest = _letters(row).order_by("-pk").first()
    if newest is not None and str(newest.pk) != request.POST.get("seen", ""):
        if all(value in {None, getattr(newest, name)} for name, value in form.values.items()):
            # Sent twice: no second number for one letter.
            return _back(event, row)
        # Somebody else was faster. Their letter is on the page, what was typed is in the form.
        reason = _(
            "Meanwhile the letter got the number %(number)s. What you typed is below; send it "
            "again if a second letter is needed."
        ) % {"number": newest.reference}
        return _page(request, event, row, status=409, letter_form=form, reason=reason)
    made = services.write_letter(
        occurrence=row, actor=request.user, now=timezone.now(), **form.values
    )
    messages.success(request, _("The letter has the number %(number)s.") % {"number": made})
    return _back(event, row)


def _letters(row: Occurrence) -> QuerySet:
    return Letter.objects.filter(occurrence=row, kind=Letter.Kind.INVITATION)


def _letter_form(request: HttpRequest, event: Event, data: Any = None) -> LetterForm:
    today = _today(request)
    last = Letter.objects.for_district(request.district).order_by("-pk").first()
    initial = {
        "day": today,
        # What this office typed last time.
        "classification": last.classification if last else "",
        "unit": last.unit if last else "",
    }
    return LetterForm(
        data, initial=initial, number_format=request.district.number_format, today=today
    )


def _today(request: HttpRequest) -> date:
    return timezone.localdate(timezone.now(), ZoneInfo(request.district.timezone))


def _one(request: HttpRequest, event: Event) -> Any:
    invited = get_object_or_404(event.invited, pk=number_in(request.POST.get("who", "")))
    invited.event = event
    return invited


def _back(event: Event, row: Occurrence) -> HttpResponse:
    return HttpResponseSeeOther(
        f"{reverse('event_invite', args=[event.pk])}?tanggal={row.pk}#undangan"
    )


def _page(
    request: HttpRequest, event: Event, row: Occurrence, *, status: int = 200, **more: Any
) -> HttpResponse:
    now = timezone.now()
    letters = list(_letters(row).order_by("-pk"))
    rows = event.occurrences.filter(end__gt=now).order_by("start")[:MOST_DATES]
    context = {
        "event": event,
        "date": row,
        "moment": moment_of(event, row),
        "dates": [(one, moment_of(event, one)) for one in rows],
        "invitation": invitation_text(event, row, now),
        "reminder": reminder_text(event, row),
        "has_poster": row.is_public and not event.guarded,
        "is_settled": is_settled(event),
        "answers": answers_of(event),
        "letters": letters,
        "seen": letters[0].pk if letters else "",
        "district": request.district,
    }
    context |= more
    context.setdefault("invited_form", InvitedForm())
    if "letter_form" not in context:
        context["letter_form"] = _letter_form(request, event)
    return show(request, "events/joining/invite.html", context, status=status)
