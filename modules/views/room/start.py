"""`/ruang/kelas/mulai/`: from a module and a group to a session, now or on another day."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from districts.workspace import READS, show
from modules.ages import AUDIENCES
from modules.courses import suits
from modules.days import day_at
from modules.editions import frozen
from modules.finding import is_open, module_at, modules_to_teach
from modules.forms.counts import stepped
from modules.forms.start import StartForm
from modules.models import ClassRun, Group, LessonPage, ModulePage
from modules.services import runs
from modules.standing import objection_to, reviews_of
from modules.views.access import facilitator_page, own_groups, own_runs
from safeguards.views import HttpResponseSeeOther

LONGEST_SEARCH = 80


@facilitator_page(*READS, "POST")
def start(request: HttpRequest) -> HttpResponse:
    """Choose a module, or, with `?modul=` or `?lanjut=`, how and with whom it is taught."""
    now = timezone.now()
    today = day_at(request.district, now)
    continued = _run_to_continue(request)
    if continued is not None and runs.is_finished(continued):
        # Nothing is left of that course: another session is a new one.
        module, continued = continued.edition.page, None
        lessons = _lessons(module) if is_open(module, request.district, today) else []
    elif continued is not None:
        module, lessons = _continued(continued, today)
    else:
        slug = request.GET.get("modul", "")
        if not slug:
            return _shelf(request, now)
        module = module_at(request, slug)
        lessons = _lessons(module) if is_open(module, request.district, today) else []
    if not lessons:
        return _gone(request, module)
    groups = own_groups(request).filter(archived_at=None).prefetch_related("counts")
    fixed = {
        "module": module,
        "lessons": lessons,
        "groups": groups,
        "today": today,
    }
    context = {"district": request.district, "module": module, "continued": continued}
    context |= {"review": reviews_of([module], request.district)[module.pk]}
    if request.method != "POST":
        form = StartForm(initial=_initial(request, continued, lessons), **fixed)
        return _form(request, context | {"form": form})
    changed = stepped(request.POST)
    if changed is not None:
        form = StartForm(initial=changed.dict(), **fixed)
        form.counts = StartForm(changed, **fixed).counts
        return _form(request, context | {"form": form})
    form = StartForm(request.POST, **fixed)
    if not form.is_valid():
        return _form(request, context | {"form": form}, status=422)
    return _plan(request, form, context, now)


def _plan(
    request: HttpRequest, form: StartForm, context: dict[str, Any], now: datetime
) -> HttpResponse:
    words = form.cleaned_data
    outcome = runs.plan_run(
        district=request.district,
        facilitator=request.user,
        key=words["key"],
        module=context["module"],
        mode=words["mode"],
        cells=words["cells"],
        group=words["group"],
        group_label=words["label"],
        lessons=form.lessons,
        planned_for=words["day"],
        continues=_same_group(context["continued"], words["group"]),
        now=now,
    )
    if outcome.http == 410:
        return _gone(request, context["module"])
    if outcome.status == "conflict" and outcome.http == 422:
        # The page was gone back to: what it had sent is kept, so this would be another session.
        reason = _(
            "The session you sent from this page before is kept. If you want another one, send "
            "this again."
        )
        again = StartForm(initial=request.POST.dict() | {"key": uuid4()}, **_fixed(form, context))
        again.counts = form.counts
        return _form(request, context | {"form": again, "reason": reason}, status=422)
    if outcome.http not in {200, 201}:
        response = _form(
            request, context | {"form": form, "reason": outcome.reason}, status=outcome.http
        )
        if outcome.retry_after:
            response["Retry-After"] = str(outcome.retry_after)
        return response
    run = own_runs(request).filter(pk=outcome.response.get("run")).first()
    if run is None:
        # The page was gone back to after what it made was deleted.
        messages.error(request, _("You deleted this session. If you want it again, start anew."))
        return HttpResponseSeeOther(reverse("module_runs"))
    if form.starts_now and run.state == ClassRun.State.PLANNED:
        try:
            runs.open_run(run=run, now=now)
        except runs.NotNow as error:
            messages.error(request, str(error))
    elif not form.starts_now:
        messages.success(
            request,
            _("Planned for %(day)s. Open it here when your group is there.")
            % {"day": date_format(run.planned_for, "l, j F Y")},
        )
    return HttpResponseSeeOther(reverse("module_run", args=[run.pk]))


def _same_group(continued: ClassRun | None, group: Group | None) -> ClassRun | None:
    """The course that goes on; with another group it is a new one."""
    if continued is None or continued.group_id != (group.pk if group else None):
        return None
    return continued


def _fixed(form: StartForm, context: dict[str, Any]) -> dict[str, Any]:
    numbered = form.fields["lesson"].choices
    return {
        "module": context["module"],
        "lessons": [title for value, title in numbered if value.isdecimal()],
        "groups": form.fields["group"].queryset,
        "today": form.today,
    }


def _form(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return show(request, "modules/room/start.html", context, status=status)


def _gone(request: HttpRequest, module: ModulePage) -> HttpResponse:
    why = objection_to(module, request.district)
    return show(request, "modules/room/gone.html", {"module": module, "why": why}, status=410)


def _initial(
    request: HttpRequest, continued: ClassRun | None, lessons: list[str]
) -> dict[str, Any]:
    initial: dict[str, Any] = {"key": uuid4()}
    if continued is not None:
        initial |= {"group": continued.group_id, "label": continued.group_label}
        initial |= {"mode": continued.mode}
        after = max(continued.lessons, default=-1) + 1
        if after < len(lessons):
            initial["lesson"] = str(after)
    if wanted := request.GET.get("kelompok", ""):
        if not wanted.isdecimal() or len(wanted) > 18:
            raise Http404
        initial["group"] = get_object_or_404(own_groups(request), pk=wanted).pk
    return initial


def _run_to_continue(request: HttpRequest) -> ClassRun | None:
    wanted = request.GET.get("lanjut", "")
    if not wanted:
        return None
    if not wanted.isdecimal() or len(wanted) > 18:
        raise Http404
    return get_object_or_404(own_runs(request), pk=wanted)


def _continued(run: ClassRun, today: date) -> tuple[ModulePage, list[str]]:
    """The module as the course began with it; without lessons where it may not be held."""
    module = run.edition.page
    if not module.may_be_held(today) or objection_to(module, run.district) is not None:
        return module, []
    return module, [lesson.title for lesson in frozen(run.edition_id).lessons]


def _lessons(module: ModulePage) -> list[str]:
    """Titles in the order in which an edition freezes them."""
    below = LessonPage.objects.filter(depth=module.depth + 1, live=True)
    source = module.alias_of if module.alias_of_id else module
    below = below.filter(path__startswith=source.path).order_by("path")
    return list(below.values_list("title", flat=True))


def _shelf(request: HttpRequest, now: datetime) -> HttpResponse:
    """The district's modules that may be taught now, narrowed by a word or by whom they suit."""
    group = None
    if wanted := request.GET.get("kelompok", ""):
        if not wanted.isdecimal() or len(wanted) > 18:
            raise Http404
        group = get_object_or_404(own_groups(request).prefetch_related("counts"), pk=wanted)
    typed = request.GET.get("cari", "").strip()[:LONGEST_SEARCH]
    kind = request.GET.get("untuk", "")
    if kind and kind not in Group.Kind.values:
        raise Http404
    modules = modules_to_teach(request.district, now)
    found = [module for module in modules if _fits(module, typed, kind)]
    if group is not None:
        # What suits the group first; the rest may be chosen all the same.
        found.sort(key=lambda module: not suits(module, group))
    reviews = reviews_of(found, request.district)
    context = {
        "district": request.district,
        "modules": [(module, reviews[module.pk]) for module in found],
        "group": group,
        "typed": typed,
        "kind": kind,
        "kinds": [choice for choice in Group.Kind.choices if choice[0] in AUDIENCES],
        "is_empty": not modules,
    }
    return show(request, "modules/room/choose.html", context)


def _fits(module: ModulePage, typed: str, kind: str) -> bool:
    words = f"{module.title} {module.search_description} {module.objectives}".casefold()
    if not all(word in words for word in typed.casefold().split()):
        return False
    return (
        not kind
        or not module.audience_codes
        or bool(AUDIENCES[Group.Kind(kind)] & set(module.audience_codes))
    )
