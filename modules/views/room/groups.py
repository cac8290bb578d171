"""`/ruang/kelas/kelompok/…`: a facilitator's groups."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from districts.forms.opened import again, compared
from districts.models import Organisation, Role
from districts.workspace import READS, roles_of, show
from modules.days import day_at
from modules.forms.counts import stepped
from modules.forms.group import GroupForm
from modules.models import Group
from modules.periods import period_of, raised
from modules.services import groups as services
from modules.views.access import facilitator_page, own_groups
from safeguards.lost_updates import Outdated, imprint


@facilitator_page(*READS, "POST")
def new(request: HttpRequest) -> HttpResponse:
    """A new group; `?jenis=` chooses the kind before anything is typed."""
    kind = request.POST.get("kind") or request.GET.get("jenis") or _usual_kind(request)
    if kind not in Group.Kind.values:
        kind = _usual_kind(request)
    today = _today(request)
    initial = {"period": period_of(kind, today), "organisation": _own_place(request)}
    return _edit(request, kind=kind, initial=initial)


@facilitator_page(*READS, "POST")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    group = get_object_or_404(own_groups(request).prefetch_related("counts"), pk=pk)
    act = request.POST.get("do")
    if act == "archive":
        services.archive_group(group=group, now=timezone.now())
        messages.success(request, _("%(group)s is put away.") % {"group": group.label})
        return redirect("module_runs")
    if act == "restore":
        services.restore_group(group=group)
        messages.success(request, _("%(group)s is back among your groups.") % {"group": group})
        return redirect("module_runs")
    return _edit(request, kind=group.kind, initial=_initial(group), group=group)


@facilitator_page(*READS, "POST")
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Last year's group for this year; label and counts are proposals to correct."""
    source = get_object_or_404(own_groups(request).prefetch_related("counts"), pk=pk)
    initial = {
        "label": raised(source.label),
        "period": period_of(source.kind, _today(request)),
        "organisation": source.organisation_id,
    }
    return _edit(request, kind=source.kind, initial=initial, source=source)


@facilitator_page(*READS, "POST")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    group = get_object_or_404(own_groups(request), pk=pk)
    if request.method == "POST":
        label = group.label
        services.delete_group(group=group)
        messages.success(
            request,
            _("%(group)s is deleted. Sessions you held with it are still there.")
            % {"group": label},
        )
        return redirect("module_runs")
    context = {"group": group, "runs": group.runs.count()}
    return show(request, "modules/room/group_delete.html", context)


def _edit(
    request: HttpRequest,
    *,
    kind: str,
    initial: dict[str, Any],
    group: Group | None = None,
    source: Group | None = None,
) -> HttpResponse:
    """The form, empty, filled from a group, or with what was typed and why it can't be kept."""
    known = group or source
    fixed = {
        "district": request.district,
        "kind": kind,
        "own": _own_places(request),
        "today": _today(request),
    }
    context = {"group": group, "source": source, "kind": kind, "kinds": Group.Kind.choices}
    if request.method != "POST":
        cells = services.cells_of(known) if known is not None else None
        form = GroupForm(initial=initial, cells=cells, **fixed)
        return show(request, "modules/room/group.html", context | {"form": form})
    changed = stepped(request.POST)
    if changed is not None:
        form = GroupForm(initial=changed.dict(), **fixed)
        form.counts = GroupForm(changed, **fixed).counts
        return show(request, "modules/room/group.html", context | {"form": form})
    form = GroupForm(request.POST, **fixed)
    if form.is_valid():
        try:
            saved = services.save_group(
                district=request.district,
                facilitator=request.user,
                values=form.values | {"kind": kind},
                cells=form.cleaned_data["cells"],
                group=group,
                copied_from=source,
                opened=form.cleaned_data["opened"],
            )
        except Outdated:
            return _outdated(request, group.pk, fixed, context)
        except Group.DoesNotExist as error:
            raise Http404 from error
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(group)s is saved.") % {"group": saved.label})
            return redirect("module_runs")
    return show(request, "modules/room/group.html", context | {"form": form}, status=422)


def _initial(group: Group) -> dict[str, Any]:
    words = services.words_of(group)
    return {name: words[name] for name in services.WORDS} | {"opened": imprint(words)}


def _outdated(
    request: HttpRequest, pk: int, fixed: dict[str, Any], context: dict[str, Any]
) -> HttpResponse:
    """What stands now beside what was typed, which is kept when it is sent once more."""
    group = get_object_or_404(own_groups(request).prefetch_related("counts"), pk=pk)
    words = services.words_of(group)
    form = GroupForm(again(request.POST, words), cells=services.cells_of(group), **fixed)
    both = [*compared(form, words), *form.counts.differences()]
    context |= {"group": group, "form": form, "compared": both, "is_outdated": True}
    return show(request, "modules/room/group.html", context, status=409)


def _today(request: HttpRequest) -> Any:
    return day_at(request.district)


def _usual_kind(request: HttpRequest) -> str:
    roles = roles_of(request)
    return Group.Kind.PKK if Role.KADER in roles and Role.GURU not in roles else Group.Kind.SCHOOL


def _own_places(request: HttpRequest) -> list[Organisation]:
    places = {member.organisation_id: member.organisation for member in request.roles}
    return [place for place in places.values() if place is not None]


def _own_place(request: HttpRequest) -> int | None:
    places = _own_places(request)
    return places[0].pk if len(places) == 1 else None
