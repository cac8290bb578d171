"""The demo's learning modules, and runs of them with answers that nobody gave.

Runs go through the same services as real ones, under keys that follow from their names: to repeat
is harmless. Modules on extremism are let out without an approval, and say so themselves.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model

from districts.hours import local_date
from districts.models import District, Membership
from modules.agenda import agenda
from modules.editions import frozen
from modules.loading.folder import house_folders
from modules.loading.load import codes_in_use, load_whole
from modules.loading.translated import read_with_translations
from modules.models import ClassRun, Group, ModulePage, Tally
from modules.models.answers import Phase
from modules.periods import period_of
from modules.services.answering import answer_survey, submit
from modules.services.groups import Cell, cells_of, save_group
from modules.services.joining import join
from modules.services.runs import close_run, go_to, open_run, plan_run
from modules.services.tallying import tally
from website.demo import answers
from website.demo.days import no_sunday
from website.demo.outcomes import kept
from website.demo.texts import read_data

LESSON_TIME = timedelta(minutes=75)
SOURCES = {ClassRun.Mode.DEVICE: Tally.Source.HANDS, ClassRun.Mode.PAPER: Tally.Source.PAPER}


def load_house_modules() -> int:
    """Put the house's modules into the national trees; return how many pages there are."""
    codes = codes_in_use()
    texts = [read_with_translations(folder, codes) for folder in house_folders()]
    return sum(
        len(load_whole(text=text, translations=translations, unreviewed=True))
        for text, translations in texts
    )


def load_class_runs(*, now: datetime) -> int:
    """Make the groups and runs that are missing; return how many runs were worked on."""
    told = read_data("class_runs")
    groups = {entry["id"]: _group(entry, now) for entry in told["groups"]}
    return sum(
        _run(entry, group, now)
        for entry in told["runs"]
        if (group := groups[entry["group"]]) is not None
    )


def _group(entry: dict[str, Any], now: datetime) -> Group | None:
    """The group, made if it is missing; None where its facilitator has gone."""
    facilitator = get_user_model().objects.filter(email=entry["facilitator"]).first()
    memberships = Membership.objects.select_related("district__site", "organisation")
    member = memberships.filter(user=facilitator, ended_at__isnull=True).first()
    if facilitator is None or member is None:
        return None
    known = Group.objects.for_district(member.district).filter(
        facilitator=facilitator, label=entry["label"]
    )
    return known.first() or save_group(
        district=member.district,
        facilitator=facilitator,
        values={
            "kind": entry["kind"],
            "label": entry["label"],
            "period": period_of(entry["kind"], local_date(now, member.district.timezone)),
            "organisation": member.organisation,
        },
        cells=[
            Cell(sex, age, disability, number) for sex, age, disability, number in entry["cells"]
        ],
    )


def _run(entry: dict[str, Any], group: Group, now: datetime) -> bool:
    """Hold one run from its plan to its end; False where that was done before."""
    name, district = f"contoh-{entry['id']}", group.district
    key = uuid5(NAMESPACE_URL, name)
    run = ClassRun.objects.for_district(district).filter(key=key).first()
    begins = begins_at(entry, district, now)
    module = ModulePage.objects.filter(
        slug=entry["module"], alias_of=None, locale__language_code=settings.LANGUAGE_CODE
    ).first()
    if run is None and module is None:
        return False
    if run is None:
        planned = entry.get("in_days")
        outcome = plan_run(
            district=district,
            facilitator=group.facilitator,
            key=key,
            module=module,
            mode=entry["mode"],
            cells=cells_of(group),
            group=group,
            planned_for=local_date(begins, district.timezone) if planned else None,
            now=now if planned else begins,
        )
        if outcome.status != "created":
            # Somebody has deleted it since, or withdrawn its module.
            return False
        run = ClassRun.objects.get(pk=outcome.response["run"])
    elif run.state == ClassRun.State.CLOSED or "in_days" in entry:
        return False
    if "in_days" in entry:
        return True
    run = ClassRun.objects.select_related("district__site", "edition__page").get(pk=run.pk)
    run = open_run(run=run, now=begins)
    if run.mode == ClassRun.Mode.PHONES:
        _phones(run, name, entry["joined"], begins)
    else:
        _counts(run, name, entry["joined"], begins)
    close_run(run=run, now=begins + LESSON_TIME)
    return True


def begins_at(entry: dict[str, Any], district: District, now: datetime) -> datetime:
    zone = ZoneInfo(district.timezone)
    counted = entry["in_days"] if "in_days" in entry else -entry["days_ago"]
    moment = (now + timedelta(days=counted)).astimezone(zone)
    # As in the calendar, which holds the same lesson.
    moment += no_sunday(moment.date()) - moment.date()
    if "in_days" in entry:
        return moment
    return moment.replace(hour=entry["hour"], minute=0, second=0, microsecond=0)


def _phones(run: ClassRun, name: str, joined: int, begins: datetime) -> None:
    """Everybody joins, answers before, in between and after."""
    content = frozen(run.edition_id)
    codes = answers.pair_codes(answers.seeded(name), joined)
    people = []
    for number in range(joined):
        outcome = join(run=run, key=_key(name, number), now=begins + timedelta(seconds=3 * number))
        people.append(run.participants.get(pk=kept(outcome)["participant"]))
    _surveys(run, name, people, codes, Phase.BEFORE, begins + timedelta(minutes=5))
    points = agenda(run)
    for point in points:
        moment = begins + timedelta(minutes=8 + point.number)
        go_to(run=run, step=point.number, now=moment)
        for item in (content.items[one] for one in point.items):
            if not item.is_answered:
                continue
            for number, person in enumerate(people):
                key = _key(name, number, item.id)
                given = answers.answer_to(item, answers.seeded(key), right=0.68)
                outcome = submit(
                    run=run, participant=person, key=key, item=item.id, given=given, now=moment
                )
                kept(outcome)
    _surveys(run, name, people, codes, Phase.AFTER, begins + timedelta(minutes=70))


def _surveys(
    run: ClassRun,
    name: str,
    people: Iterable[Any],
    codes: list[str],
    phase: Phase,
    moment: datetime,
) -> None:
    survey = frozen(run.edition_id).survey
    for number, person in enumerate(people):
        key = _key(name, number, phase)
        given = answers.sheet(survey, answers.seeded(key), wanted=answers.WANTED[phase])
        outcome = answer_survey(
            run=run,
            participant=person,
            key=key,
            phase=phase,
            given=given,
            pair_code=codes[number],
            now=moment,
        )
        kept(outcome)


def _counts(run: ClassRun, name: str, joined: int, begins: datetime) -> None:
    """Hands or paper: every question that can be counted, once."""
    content = frozen(run.edition_id)
    asked = [(Phase.BEFORE, item, answers.WANTED[Phase.BEFORE]) for item in content.survey]
    asked += [
        (Tally.QUIZ, content.items[one], 0.68) for point in agenda(run) for one in point.items
    ]
    asked += [(Phase.AFTER, item, answers.WANTED[Phase.AFTER]) for item in content.survey]
    for sequence, (phase, item, share) in enumerate(asked, start=1):
        if item.is_counted:
            key = _key(name, phase, item.id)
            outcome = tally(
                run=run,
                key=key,
                phase=phase,
                item=item.id,
                source=SOURCES[run.mode],
                counts=answers.hands(item, answers.seeded(key), joined, wanted=share),
                sequence=sequence,
                now=begins + timedelta(minutes=sequence),
            )
            kept(outcome)


def _key(*parts: Any) -> UUID:
    return uuid5(NAMESPACE_URL, " ".join(map(str, parts)))
