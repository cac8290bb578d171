"""Two districts with the same things in them: one is mine, the other is full of canaries."""

import io
import json
import warnings
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image as Picture
from wagtail.admin.models import EditingSession
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.log_actions import log
from wagtail.models import (
    Page,
    PageViewRestriction,
    Task,
    UploadedFile,
    Workflow,
)

from campaigns.models import (
    AnswerMail,
    CampaignIndexPage,
    CampaignPage,
    MaterialIndexPage,
    MaterialPage,
    NewsIndexPage,
    NewsPage,
    SessionRequest,
    SessionRequestCount,
    SessionRequestStep,
    StoryPage,
)
from districts.models import (
    Channel,
    ChannelChange,
    ChannelEvent,
    Commitment,
    CommitmentStep,
    District,
    Invitation,
    KlaLevel,
    Organisation,
    Paper,
    Role,
    SecondPersonTask,
    StandIn,
    Succession,
)
from modules.models import LessonPage, ModuleIndexPage, ModulePage, Participant
from modules.services.tallying import tally
from tests.factories.events import make_terms
from tests.factories.modules import (
    ITEM,
    make_group,
    make_lesson,
    make_participant,
    make_run,
    sign,
    step,
)
from tests.factories.modules import QUESTIONS as QUIZ
from tests.factories.passkeys import SoftKey
from tests.factories.places import make_district, make_user, national
from tests.isolation import canary, sessions
from website.accounts.factors.devices import set_pin
from website.accounts.factors.links import make_link
from website.search import indexing

NO_SUCH_ID = 77_777_777


@dataclass
class Side:
    """One district and an object of every kind in it."""

    district: District
    users: dict[str, Any] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return self.district.site.hostname


@dataclass
class World:
    own: Side
    foreign: Side
    nation: District
    models_without_a_row: list[str]


def png() -> ContentFile:
    stored = io.BytesIO()
    Picture.new("RGB", (40, 30), "teal").save(stored, "PNG")
    return stored.getvalue()


def build() -> World:
    nation = national()
    make_terms()
    own = furnish(make_district("klaten"), "Biasa", "biasa")
    foreign = furnish(make_district("lebak"), canary.SECRET, canary.PUBLIC)
    without = canary.plant(foreign.district)
    disguise(foreign)
    # Nothing commits here, so search would know no page at all.
    indexing.bring_up_to_date()
    return World(own=own, foreign=foreign, nation=nation, models_without_a_row=without)


def disguise(side: Side) -> None:
    """Canaries in what belongs to a district without carrying it: people, site, collection."""
    for role, user in side.users.items():
        user.name = f"{canary.SECRET}-nama-{role}"
        user.email = f"{canary.SECRET.lower()}-{role}@contoh.invalid"
        user.save()
    district = side.district
    district.refresh_from_db()
    for name, text in canary.words(canary.PUBLIC, District).items():
        setattr(district, name, text)
    district.save()
    district.site.site_name = f"{canary.PUBLIC}-situs"
    district.site.save()
    district.collection.name = f"{canary.SECRET}-koleksi"
    district.collection.save()
    sessions.disguise(side)


def furnish(district: District, secret: str, public: str) -> Side:
    side = Side(district)
    for role in Role.values:
        side.users[role] = make_user(role, district)
    make_pages(side, secret, public)
    make_files(side, secret)
    make_records(side, secret)
    make_class(side, secret, public)
    make_sign_in(side)
    sessions.make_calendar(side)
    return side


def _text(level: str, model: type) -> dict[str, Any]:
    """Canaries on one side, plain words on the other, in all the same fields."""
    found = canary.words(level, model)
    for name in ("draft_title", "comment", "content_path"):
        found.pop(name, None)
    return found


def make_pages(side: Side, secret: str, public: str) -> None:
    home = side.district.site.root_page
    editor = side.users["editor"]
    index = CampaignIndexPage.objects.child_of(home).get()
    campaign = index.add_child(
        instance=CampaignPage(**_text(public, CampaignPage) | {"slug": "aman"}, owner=editor)
    )
    campaign.tags.add(f"{secret}-tag"[:90])
    campaign.save_revision(user=editor, log_action=True).publish()
    for name, text in _text(secret, CampaignPage).items():
        setattr(campaign, name, text)
    campaign.save_revision(user=editor, log_action=True)
    draft = campaign.add_child(
        instance=StoryPage(
            **_text(secret, StoryPage) | {"slug": "konsep"}, live=False, owner=editor
        )
    )
    draft.save_revision(user=editor, log_action=True)
    log(instance=draft, action="wagtail.edit", user=editor, data={"catatan": f"{secret}-log"})
    news_index = NewsIndexPage.objects.child_of(home).get()
    news = news_index.add_child(
        instance=NewsPage(**_text(secret, NewsPage) | {"slug": "kabar"}, live=False, owner=editor)
    )
    revision = news.save_revision(user=editor, log_action=True)
    private = news_index.add_child(
        instance=NewsPage(**_text(secret, NewsPage) | {"slug": "tertutup"}, owner=editor)
    )
    restriction = PageViewRestriction.objects.create(
        page=private, restriction_type=PageViewRestriction.LOGIN
    )
    Page.objects.filter(pk=draft.pk).update(
        locked=True, locked_by=side.users["moderator"], locked_at=timezone.now()
    )
    material = (
        MaterialIndexPage.objects.child_of(home)
        .get()
        .add_child(
            instance=MaterialPage(
                **_text(secret, MaterialPage)
                | {"slug": f"konsep-{side.district.slug}", "kind": "poster", "layout": "poster"}
                | {"paper_size": "a4", "content_language": ""},
                live=False,
                owner=editor,
            )
        )
    )
    material.save_revision(user=editor, log_action=True)
    module = (
        ModuleIndexPage.objects.child_of(home)
        .get()
        .add_child(
            instance=ModulePage(
                **_text(secret, ModulePage) | {"slug": "konsep"}, live=False, owner=editor
            )
        )
    )
    module.save_revision(user=editor, log_action=True)
    told = {"by": (f"{secret}-ahli", f"{secret}-lembaga", f"{secret}-bidang")}
    sign(module, side.district, actor=side.users["moderator"], note=f"{secret}-alasan", **told)
    workflow = news.get_workflow()
    Workflow.objects.filter(pk=workflow.pk).update(name=f"{secret}-alur")
    Task.objects.filter(workflow_tasks__workflow=workflow).update(name=f"{secret}-tugas")
    with warnings.catch_warnings():
        # Wagtail 8.0 sends its notices through what Django 6.1 deprecates.
        warnings.filterwarnings("ignore", r"get_connection\(\) is deprecated")
        state = workflow.start(news, editor)
    task_state = state.current_task_state
    task_state.comment = f"{secret}-komentar"
    task_state.save()
    session = EditingSession.objects.create(
        user=editor,
        content_type=news.content_type,
        object_id=news.pk,
        last_seen_at=timezone.now(),
    )
    side.things |= {
        "page": news,
        "live_page": campaign,
        "draft": draft,
        "private": private,
        "material": material.slug,
        "module": module,
        "revision": revision,
        "restriction": restriction,
        "workflow": workflow,
        "task": task_state.task,
        "workflow_state": state,
        "task_state": task_state,
        "session": session,
        "locale": home.locale,
    }


def make_files(side: Side, secret: str) -> None:
    collection = side.district.collection
    editor = side.users["editor"]
    name = secret.lower()
    image = get_image_model().objects.create(
        title=f"{secret}-gambar",
        description=f"{secret}-keterangan",
        credit=f"{secret}-kredit",
        file=ContentFile(png(), name=f"{name}.png"),
        collection=collection,
        uploaded_by_user=editor,
    )
    image.get_file_size()
    image.tags.add(f"{secret}-taggambar")
    document = get_document_model().objects.create(
        title=f"{secret}-dokumen",
        licence=secret[:20],
        file=ContentFile(f"kode,{secret}\n".encode(), name=f"{name}.csv"),
        collection=collection,
        uploaded_by_user=editor,
    )
    document.get_file_size()
    document.tags.add(f"{secret}-tagdokumen")
    upload = UploadedFile.objects.create(
        for_content_type=None,
        file=ContentFile(png(), name=f"{name}-unggahan.png"),
        uploaded_by_user=editor,
    )
    side.things |= {
        "image": image,
        "document": document,
        "upload": upload,
        "collection": collection,
        "site": side.district.site,
        "user": editor,
        "group": Group.objects.get(name=f"editor {side.district.slug}"),
        "district": side.district,
    }


def make_records(side: Side, secret: str) -> None:
    district, users = side.district, side.users
    now = timezone.now()
    office = Organisation.objects.create(district=district, name="Kantor lama", kind="p2tp2a")
    successor = Organisation.objects.create(district=district, name="Kantor baru", kind="uptd_ppa")
    succession = Succession.objects.create(
        predecessor=office, successor=successor, since=now.date(), note=f"{secret}-catatan"
    )
    channel = Channel.objects.create(
        district=district, organisation=successor, kind="address", label="Loket", value="Jalan"
    )
    hidden = Channel.objects.create(
        district=district,
        organisation=successor,
        kind="address",
        label="Loket tutup",
        hidden_at=now,
        hidden_by=users["editor"],
    )
    change = ChannelChange.objects.create(
        district=district,
        channel=channel,
        fields={"label": f"{secret}-usulan", "value": f"{secret}-nilai"},
        proposed_by=users["editor"],
    )
    event = ChannelEvent.objects.create(
        district=district, channel=channel, verb="proposed", at=now, after={"value": secret}
    )
    invitation = Invitation.objects.create(
        district=district,
        role=Role.GURU,
        name="Tamu",
        token_digest=f"{district.slug:x<64}",
        invited_by=users["admin"],
        expires_at=now + timedelta(days=7),
    )
    stand_in = StandIn.objects.create(
        district=district,
        user=users["moderator"],
        appointed_by=users["admin"],
        starts_on=now.date(),
        ends_on=now.date(),
    )
    kla = KlaLevel.objects.create(district=district, year=2024, level="pratama")
    commitment = Commitment.objects.create(
        district=district,
        number="1.1",
        measure="Rencana",
        owner=successor,
        due=now.date(),
        status_since=now.date(),
        is_published=True,
    )
    CommitmentStep.objects.create(
        district=district,
        commitment=commitment,
        status="berjalan",
        day=now.date(),
        author=users["editor"],
    )
    paper = Paper.objects.create(
        district=district,
        key="lembar",
        digest=f"{district.slug:x<64}",
        file="lembar/tidakada.pdf",
        size=1,
        made_at=now,
        asked_at=now,
    )
    request = SessionRequest.objects.create(
        district=district,
        number="2026-0001",
        key=uuid4(),
        token_digest=f"{district.slug:y<64}",
        asker_kind="sekolah",
        asker="Sekolah",
        contact_kind="email",
        contact_email="sekolah@contoh.invalid",
        people=30,
        created_at=now,
    )
    answer = SessionRequestStep.objects.create(
        district=district, request=request, state="baru", created_at=now
    )
    AnswerMail.objects.create(district=district, step=answer, due_at=now, state="gagal")
    SessionRequestCount.objects.create(district=district, year=2026, last=1)
    step, _made = SecondPersonTask.objects.get_or_create(
        district=district, defaults={"name": f"{secret}-langkah"}
    )
    side.things |= {
        "klalevel": kla,
        "commitment": commitment,
        "paper": paper,
        "sessionrequest": request,
        "secondpersontask": step,
        "organisation": office,
        "succession": succession,
        "channel": channel,
        "hidden_channel": hidden,
        "channelchange": change,
        "channelevent": event,
        "invitation": invitation,
        "standin": stand_in,
        "membership": users["editor"].memberships.get(),
    }


def make_sign_in(side: Side) -> None:
    """A teacher's device, a link for one more, and an editor's passkey."""
    guru, editor = side.users["guru"], side.users["editor"]
    device, _token = set_pin(user=guru, district=side.district, pin="730519", label="Ponsel")
    link, token = make_link(actor=guru, user=guru, district=side.district)
    made = json.loads(SoftKey(side.host).make({"publicKey": {"challenge": "AAAA"}}))
    passkey = Authenticator.objects.create(
        user=editor,
        type="webauthn",
        data={"name": "Kunci", "host": side.host, "credential": made},
    )
    side.things |= {
        "signindevice": device,
        "devicelink": link,
        "device_token": token,
        "passkey": passkey,
    }


def make_class(side: Side, secret: str, public: str) -> None:
    """A module that everybody reads, and a run of it that is the facilitator's alone."""
    district, guru = side.district, side.users["guru"]
    now = timezone.now()
    index = ModuleIndexPage.objects.child_of(district.site.root_page).get()
    module = index.add_child(
        instance=ModulePage(**_text(public, ModulePage) | {"slug": f"modul-{district.slug}"})
    )
    make_lesson(module, step(f"{public}-langkah", *QUIZ), **_text(public, LessonPage))
    module.save_revision().publish()
    group = make_group(district, guru, label=f"{secret}-kelompok")
    run = make_run(district, module=module, facilitator=guru, group=group, now=now)
    pupil = make_participant(run, now=now)
    Participant.objects.filter(pk=pupil.pk).update(nickname=f"{secret}-julukan")
    tally(
        run=run, key=uuid4(), phase="kuis", item=ITEM["single"], source="tangan",
        counts={"0": 7}, sequence=1, now=now,
    )  # fmt: skip
    side.things |= {
        "module_slug": module.slug,
        "module_group": group,
        "classrun": run,
        "code": run.code,
        "pupil": pupil,
    }
