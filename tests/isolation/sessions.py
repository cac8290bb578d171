"""The calendar of one side: something of every kind that hangs on a session."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils import timezone

from events.models import (
    Attendance,
    CalendarDay,
    CalendarSettings,
    Certificate,
    Event,
    FeedRewrite,
    FollowUp,
    LetterCount,
    LocalDay,
    Occurrence,
    Participant,
    Reminder,
    ReportFile,
    ReportOutline,
    SessionReport,
    SheetExport,
    SheetUpload,
    Speaker,
)
from events.serials import new_serial
from events.services import (
    attending,
    calendar_links,
    devices,
    doors,
    headcounting,
    inviting,
    merging,
    moving,
    organisations_attending,
    registering,
)
from events.services.feed_entries import write_entry
from events.services.planning import Company
from safeguards.models import Fact
from safeguards.tokens import digest
from tests.factories.attendance import make_age_groups, person
from tests.factories.events import make_event
from tests.factories.reports import picture
from tests.isolation import canary

if TYPE_CHECKING:
    from tests.isolation.world import Side


def make_calendar(side: "Side") -> None:
    """A session that everybody reads, one for members whose days are public, and a proposal."""
    district, kader, moderator = side.district, side.users["kader"], side.users["moderator"]
    now = timezone.now()
    CalendarSettings.objects.create(district=district, publishes_guarded=True)
    LocalDay.objects.create(district=district, day=now.date(), label="Hari besar")
    people = {"proposer": kader, "approver": moderator, "now": now}
    soon = (now + timedelta(days=3)).replace(second=0, microsecond=0)
    company = Company(
        speakers=[{"name": "Kepala dinas"}],
        invited=[{"label": "Kantor"}],
        pages=[side.things["live_page"].pk],
    )
    event = make_event(
        district, **people, company=company, starts_at=soon, seats=5, takes_registrations=True,
        title=f"Sesi {district.slug}", rrule="FREQ=DAILY;COUNT=2",
    )  # fmt: skip
    series = make_event(
        district, **people, starts_at=soon, kind="pertemuan-pkk", rrule="FREQ=DAILY;COUNT=2"
    )
    for one in (event, series):
        moved = one.occurrences.order_by("start").last()
        moving.move_date(
            occurrence=moved, actor=kader, version=Event.objects.get(pk=one.pk).version,
            start=moved.start + timedelta(hours=2), minutes=60, now=now, note="Mundur",
        )  # fmt: skip
    make_event(district, **people, published=False, starts_at=soon, title="Usulan")
    date = event.occurrences.select_related("event__district__site").earliest("start")
    told = registering.register(
        occurrence=date, key=uuid4(), language_code="id", now=now,
        values={
            "kind": "orang", "name": "Tamu", "organisation_name": "Kantor", "phone": "",
            "email": f"tamu@{district.slug}.invalid", "seats": 1,
        },
    )  # fmt: skip
    invited = event.invited.get()
    letter = inviting.write_letter(
        occurrence=date, actor=kader, day=now.date(), classification="400", unit="PA",
        agenda="Rapat", number=None, now=now,
    )  # fmt: skip
    side.things |= {
        "event": event,
        "event_slug": event.slug,
        "series_slug": series.slug,
        "occurrence": date,
        "occurrence_day": f"{date.day:%Y-%m-%d}",
        "localday": LocalDay.objects.get(district=district),
        "letter": letter,
        "registration_token": told.token,
        "invited_token": inviting.renew_link(invited=invited, actor=kader, now=now),
        "calendar_token": calendar_links.make(member=kader, district=district, now=now),
    }
    make_report(side, date, now)
    make_attendance(side, date, now)
    make_sheets(side, date, now)
    assert Reminder.objects.for_district(district).exists()
    assert CalendarDay.objects.for_district(district).exists()
    assert LetterCount.objects.for_district(district).exists()


def make_report(side: "Side", date: Occurrence, now: datetime) -> None:
    """What the office and who planned it read of a session: a report and a photo."""
    district = side.district
    report = SessionReport.objects.create(
        district=district, occurrence=date, state="terkirim", return_note="Foto?",
        author=side.users["kader"], sent_by=side.users["kader"], told_at=now, told_key=uuid4(),
        send_at=now, sent_at=now, created_at=now, modified_at=now,
    )  # fmt: skip
    ReportOutline.objects.create(district=district, background="Latar")
    FollowUp.objects.create(district=district, report=report, what="Surat", owner="Kantor")
    # Nobody looks behind the end of a picture, but a word there would be found.
    word = canary.SECRET if district.slug == "lebak" else "biasa"
    content = picture((40, 30)) + f"{word}-foto".encode()
    file = ReportFile.objects.create(
        district=district, report=report, kind="foto", size=1, width=4, height=3, caption="Foto",
        shows_child_face=True, consent_reference="Map", created_at=now,
        **{
            name: ContentFile(content, name=f"{name}.jpg")
            for name in ("photo", "preview", "blurred")
        },
    )  # fmt: skip
    side.things["report_file"] = str(file.key)


def make_attendance(side: "Side", date: Occurrence, now: datetime) -> None:
    """Who came to the public session, and what the office alone reads: a list, a door, a device."""
    make_age_groups()
    kader = side.users["kader"]
    then = date.start
    told = {"now": then, "source": attending.Source(member=kader)}
    who = person("Siti", position="Ketua", organisation_name="PKK", phone="081234567890")
    attending.mark(occurrence=date, person=who, status="hadir", way="panggil", key=uuid4(), **told)
    cells = [headcounting.Cell("P", "6-12", False, 4)]
    headcounting.count(occurrence=date, cells=cells, key=uuid4(), **told)
    came = organisations_attending.Came("Kantor", True, represented_by="Kasi")
    organisations_attending.note(occurrence=date, told_of=came, key=uuid4(), **told)
    door = doors.open_door(occurrence=date, actor=kader, now=now, allows_static=True)
    device, _token = devices.register(member=kader, district=side.district, label="Ponsel", now=now)
    aside = attending.Source(member=kader, is_queued=True, aside={"body": {}, "teller": {}})
    ahead = then + timedelta(days=9)
    attending.mark(
        occurrence=date, person=who, status="izin", way="panggil", key=uuid4(), now=then,
        source=aside, client_time=ahead,
    )  # fmt: skip
    twin = person("Sitti")
    attending.mark(occurrence=date, person=twin, status="izin", way="panggil", key=uuid4(), **told)
    rows = Participant.objects.for_district(side.district)
    stays, goes = (rows.get(key=one.key) for one in (who, twin))
    merging.merge(into=stays, other=goes, actor=side.users["moderator"], now=now)
    side.things |= {
        "participant": stays,
        "attendance": Attendance.objects.get(district=side.district),
        "checkindoor": door,
        "device": device,
        "quarantined": Fact.objects.get(site=side.district.site, state="quarantined"),
    }


def make_sheets(side: "Side", date: Occurrence, now: datetime) -> None:
    """A sheet on its way in, a list on its way out, and a certificate, of whoever planned it."""
    district, kader, key = side.district, side.users["kader"], uuid4()
    word = canary.SECRET if district.slug == "lebak" else "biasa"
    text = f"nama,l/p,kelompok umur\n{word} nama,P,25-59\n".encode()
    upload = SheetUpload.objects.create(
        district=district, key=uuid4(), occurrence=date, uploaded_by=kader, created_at=now,
        file=ContentFile(text, name=f"{district.slug}.csv"),
    )  # fmt: skip
    export = SheetExport.objects.create(
        district=district, occurrence=date, kind="csv", asked_by=kader, created_at=now,
        state="selesai", language_code="id", file=ContentFile(text, name=f"{district.slug}.csv"),
    )  # fmt: skip
    FeedRewrite.objects.create(
        district=district, kind="site", named=district.site_id, total=9, created_at=now
    )
    certificate = Certificate.objects.create(
        district=district, key=key, serial_digest=digest(new_serial(key)), event=date.event,
        participant=side.things["participant"], name="Siti", title="Sesi", first_day=date.day,
        last_day=date.day, minutes=90, issued_by=kader, issued_at=now,
    )  # fmt: skip
    side.things |= {
        "sheetupload": upload,
        "sheet_key": str(upload.key),
        "sheetexport": export,
        "export_key": str(export.key),
        "certificate": certificate,
        "certificate_key": str(key),
        "certificate_serial": new_serial(key),
    }


def disguise(side: "Side") -> None:
    """After the canaries: what is public of the public session, and feeds that tell no more."""
    _publish(side.things["event"])
    for event in Event.objects.for_district(side.district).select_related(
        "district__site", "region__parent", "organiser"
    ):
        write_entry(event)


def _publish(event: Event) -> None:
    """What everybody reads of a session on its own host, and nobody on another."""
    rows = {Event: [event.pk], Occurrence: event.occurrences.all(), Speaker: event.speakers.all()}
    for model, chosen in rows.items():
        hidden = {"address"} if model is Event else set()
        words = canary.words(canary.PUBLIC, model)
        for row in model.objects.filter(pk__in=chosen):
            model.objects.filter(pk=row.pk).update(
                **{name: text for name, text in words.items() if name not in hidden}
            )
