"""Every address of the modules, asked by everybody: no key before its time, nobody's nickname."""

import re

import pytest
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from modules.agenda import Kind, agenda
from modules.models import ClassRun, LessonPage, Participant
from modules.papers import LAYOUTS
from modules.services import runs
from modules.urls import urlpatterns
from modules.views.review.urls import urlpatterns as review
from tests.factories.modules import ITEM, make_group, make_module, make_run
from tests.factories.people import make_member
from tests.factories.places import make_district, national
from tests.factories.pupils import joined_phone, show
from tests.papers import text_of

pytestmark = pytest.mark.django_db
NICKNAME = "Kancil Wungu"
# What only a key says of the questions that the server scores; see `tests.factories.modules`.
KEYS = re.compile(
    r"Umpan balik: (?:Tepat|Kurang tepat|Keliru|Satu|Dua|Tiga|Benar sekali)"
    r"|Penjelasan (?:single|multiple|match|scenario|tahu)"
    r"|Semua tertawa|Satu terluka|Ia lega|Ia sendiri"
)
# A word of a key, and the first of the two words of the nickname.
WORDS = ("lega", "Penjelasan", NICKNAME.split()[0])
OWN = ("pupil", "classmate", "facilitator")
HERE = ("guru", "monev", "editor", "admin")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def lebak():
    national()
    return make_district("lebak")


@pytest.fixture
def module(lebak):
    return make_module(lebak, slug="cerita")


@pytest.fixture
def run(lebak, module):
    return make_run(
        lebak, module=module, facilitator=make_member("guru", lebak), now=timezone.now()
    )


@pytest.fixture
def named(run):
    """A phone in the class, under a nickname that no page holds by chance."""
    phone = joined_phone(run)
    run.participants.update(nickname=NICKNAME)
    return phone


@pytest.fixture
def readers(run, lebak, named):
    """Who asks: the facilitator and two pupils of the class, and everybody else."""
    found = {"nobody": Client(), "pupil": named, "classmate": joined_phone(run)}
    found["facilitator"] = signed_in(run.facilitator)
    found |= {f"another {role}": signed_in(make_member(role, lebak)) for role in HERE}
    found["elsewhere"] = signed_in(make_member("guru", make_district("klaten")))
    for client in found.values():
        client.defaults["SERVER_NAME"] = lebak.site.hostname
    return found


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def names(*beginnings: str) -> list[str]:
    return [one.name for one in urlpatterns if one.name.startswith(beginnings)]


def of_the_run(run: ClassRun) -> list[str]:
    """Every address that a session has."""
    others = {"module_runs", "module_run_start", "module_run_tally_one", "module_run_paper"}
    room = set(names("module_run")) - others
    counted = (ITEM["single"], ITEM["match"])
    return [
        *(reverse(name, args=[run.pk]) for name in sorted(room)),
        *(reverse("module_run_paper", args=[run.pk, name]) for name in LAYOUTS),
        *(reverse("module_run_tally_one", args=[run.pk, "kuis", item]) for item in counted),
        *(reverse(name, args=[run.code]) for name in names("join_")),
    ]


def of_no_run(run: ClassRun) -> tuple[list[str], list[str]]:
    """(What everybody reads alike, what depends on who asks.)"""
    module = run.edition.page
    shown = [reverse(name, args=[module.slug]) for name in ("module_openly", "module_open_screen")]
    shown += [reverse("module_open_screen_step", args=[module.slug, step]) for step in (1, 2, 3)]
    shown += [reverse(one.name, args=[module.slug]) for one in urlpatterns if one.default_args]
    shown += [page.relative_url(module.get_site()) for page in [module, LessonPage.objects.get()]]
    shown += ["/", "/modul/", "/sitemap.xml", "/api/v1/", "/api/v1/modul/", reverse("join")]
    shown += [f"/cari/?q={word}" for word in WORDS]
    group = make_group(run.district, run.facilitator)
    groups = [name for name in names("module_group") if name != "module_group_new"]
    asked = [reverse(name, args=[group.pk]) for name in groups]
    for name in ("module_runs", "module_group_new", "module_run_start", "module_claim"):
        asked.append(reverse(name))
    asked.append(f"{reverse('module_run_start')}?modul={module.slug}")
    for one in review:
        arguments = [module.pk] if "<" in str(one.pattern) else []
        asked.append(reverse(f"module_review:{one.name}", args=arguments))
    for word in WORDS:
        asked += [f"/admin/pages/search/?q={word}", f"/admin/api/main/pages/?search={word}"]
    return shown, [*asked, "/admin/api/main/pages/?fields=*", "/admin/reports/site-history/"]


class Ear:
    """Asks, and remembers who was told a key or the nickname, and where."""

    def __init__(self):
        self.keys, self.nicknames, self.asked = set(), set(), set()

    def hear(self, who: str, client: Client, path: str, data: dict | None = None) -> None:
        response = client.get(path) if data is None else client.post(path, data)
        assert response.status_code < 500, (who, path)
        name, told = resolve(path.partition("?")[0]).view_name, said(response)
        self.asked.add(name)
        if KEYS.search(told):
            self.keys.add((who, name))
        if NICKNAME in told:
            self.nicknames.add((who, name))


def said(response) -> str:
    body = response.getvalue() if response.streaming else response.content
    if response.headers.get("Content-Type") == "application/pdf":
        return " ".join(text_of(body).split())
    headers = " ".join(f"{name}: {value}" for name, value in response.headers.items())
    return headers + body.decode(errors="replace")


def test_a_run_is_told_to_its_own_people_only(run, readers):
    """Nobody has answered yet, so whoever is told a key is told it too early."""
    ear, on_the_wall = Ear(), set()
    for point in agenda(run):
        runs.go_to(run=run, step=point.number, now=timezone.now())
        for who in OWN:
            for path in of_the_run(run):
                ear.hear(who, readers[who], path)
        if ("facilitator", "module_run_screen") in ear.nicknames:
            on_the_wall.add(point.kind)
            ear.nicknames.remove(("facilitator", "module_run_screen"))
    show(run, "single")
    for who in readers.keys() - set(OWN):
        for path in of_the_run(run):
            ear.hear(who, readers[who], path)
    tap = {"do": "remove", "participant": Participant.objects.get(nickname=NICKNAME).pk}
    for who, client in readers.items():
        ear.hear(who, client, reverse("module_run_act", args=[run.pk]), tap)
        ear.hear(who, client, reverse("join_answer", args=[run.code]), {})
    runs.close_run(run=run, now=timezone.now())
    for who in OWN:
        for path in of_the_run(run):
            ear.hear(who, readers[who], path)

    assert ear.keys == {("facilitator", "module_run")}
    assert ear.nicknames == {
        *(("pupil", name) for name in ("join_code", "join_answer")),
        *(("facilitator", name) for name in ("module_run", "module_run_act")),
    }
    assert on_the_wall == {Kind.WAITING}
    assert ear.asked == set(names("module_run", "join_")) - {"module_runs", "module_run_start"}


def test_pages_papers_search_and_lists_tell_nobody(run, readers):
    ear = Ear()
    shown, asked = of_no_run(run)
    for path in shown:
        ear.hear("nobody", readers["nobody"], path)
    for who, client in readers.items():
        for path in asked:
            ear.hear(who, client, path)

    assert ear.keys == set()
    assert ear.nicknames == set()
    everything = set(names("module_", "join")) | {f"module_review:{one.name}" for one in review}
    others = set(names("module_run", "join_")) - {"module_runs", "module_run_start"}
    assert everything - others - ear.asked == set()
