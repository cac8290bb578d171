"""What is drawn of a step, for whom, and what it costs."""

import pytest
from django.core.files.images import ImageFile
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from districts.models import District
from modules.blocks.steps import LEARNER_BLOCKS
from modules.drawing import draw_step, draw_steps
from modules.editions import edition_of, freeze, frozen, thaw
from modules.models import LessonPage
from tests.factories.channels import make_channel
from tests.factories.modules import QUESTIONS, block_id, make_lesson, make_module, step
from tests.factories.places import make_district, make_user

pytestmark = pytest.mark.django_db


def block(kind: str, value=None) -> dict:
    return {"type": kind, "id": str(block_id(f"gambar {kind}")), "value": value}


TALK = block(
    "discussion",
    {
        "title": "Bicarakan",
        "questions": [
            {
                "question": "Apa bedanya?",
                "expected": ["Semua senang"],
                "difficult": [{"answer": "Dia pantas begitu", "response": "Tidak seorang pun"}],
            }
        ],
    },
)
SORT = block(
    "card_sort",
    {
        "title": "Pilah",
        "piles": ["Bercanda", "Merundung"],
        "cards": [{"text": "Topi disembunyikan.", "pile": "Merundung", "why": "Berulang kali"}],
    },
)
PRACTICE = (
    block("text", "<p>Bacaan <b>murid</b>.</p>"),
    block("picture", {"drawing": "schoolyard", "alt": "Halaman sekolah", "caption": "Ramai"}),
    block(
        "activity", {"title": "Berdiri", "minutes": 3, "materials": ["Tali"], "text": "<p>A</p>"}
    ),
    block(
        "role_play",
        {
            "title": "Menolong",
            "situation": "<p>Di kantin.</p>",
            "roles": [{"name": "Penolong", "text": "Mengajak pergi"}],
            "rules": ["Boleh berhenti"],
        },
    ),
    TALK,
    block("case", {"title": "Kiko", "text": "<p>Topi Kiko.</p>", "question": "Apa ini?"}),
    SORT,
    block("sheet", {"title": "Lembar", "text": "<p>Namai: ____</p>"}),
    block("disclosure"),
    block("referral"),
)
FOR_ALL = (
    "Bacaan <b>murid</b>.",
    'aria-label="Halaman sekolah"',
    "Ramai",
    "Tali",
    "Di kantin.",
    "Mengajak pergi",
    "Boleh berhenti",
    "Apa bedanya?",
    "Topi Kiko.",
    "Apa ini?",
    "Topi disembunyikan.",
    "Namai: ____",
)
FOR_FACILITATORS = (
    "Semua senang",
    "Dia pantas begitu",
    "Tidak seorang pun",
    "Berulang kali",
    "Jika anak bercerita",
    "Dengarkan sampai selesai",
)


def lesson(*blocks: dict, **fields) -> LessonPage:
    module = make_module(lessons=0, disclosure_steps="Dengarkan sampai selesai", **fields)
    return make_lesson(module, step("satu", *blocks))


def content_of(page: LessonPage):
    return thaw(0, freeze(page.get_parent().specific))


def request_at(district: District):
    request = RequestFactory().get("/", headers={"host": district.site.hostname})
    request.district = district
    return request


def drawn(page: LessonPage, audience: str, request=None) -> str:
    content = content_of(page)
    parts = draw_step(content.lessons[0].steps[0], content, request, audience=audience)
    return "".join(part.html for part in parts)


@pytest.mark.parametrize(
    ("audience", "seen", "unseen"),
    [
        ("learner", FOR_ALL, FOR_FACILITATORS),
        ("projector", FOR_ALL, FOR_FACILITATORS),
        ("facilitator", FOR_ALL + FOR_FACILITATORS, ()),
        ("notes", FOR_FACILITATORS, ("Bacaan <b>murid</b>.", "Di kantin.", "Namai: ____")),
    ],
)
def test_each_sees_what_is_theirs(audience, seen, unseen):
    html = drawn(lesson(*PRACTICE), audience)

    assert [words for words in seen if words not in html] == []
    assert [words for words in unseen if words in html] == []


def test_a_question_is_handed_over_undrawn_and_in_its_place():
    page = lesson(PRACTICE[0], QUESTIONS[0], PRACTICE[5])
    content = content_of(page)

    parts = draw_step(content.lessons[0].steps[0], content, None, audience="learner")

    assert [part.kind for part in parts] == ["text", "single", "case"]
    assert parts[1].item == content.items[block_id("single")]
    assert (parts[1].html, parts[0].item) == ("", None)


def test_help_is_that_of_the_reader_however_often_the_step_was_drawn():
    klaten, lebak = make_district("klaten"), make_district("lebak")
    make_channel(klaten, label="Saluran Klaten")
    make_channel(lebak, label="Saluran Lebak")
    page = lesson(block("referral"))
    content = frozen(edition_of(page.get_parent().specific).pk)
    only_step = content.lessons[0].steps[0]

    [here] = draw_step(only_step, content, request_at(klaten), audience="learner")
    [there] = draw_step(only_step, content, request_at(lebak), audience="learner")

    assert ("Saluran Klaten" in here.html, "Saluran Lebak" in here.html) == (True, False)
    assert ("Saluran Klaten" in there.html, "Saluran Lebak" in there.html) == (False, True)
    assert draw_step(only_step, content, None, audience="learner") == []


def test_an_edition_is_drawn_once():
    page = lesson(*PRACTICE)
    content = frozen(edition_of(page.get_parent().specific).pk)
    only_step = content.lessons[0].steps[0]
    first = draw_step(only_step, content, None, audience="learner")

    with CaptureQueriesContext(connection) as captured:
        again = draw_step(only_step, content, None, audience="learner")

    assert len(captured) == 0
    assert all(one.html is other.html for one, other in zip(first, again, strict=True))


def test_pictures_of_all_steps_cost_as_much_as_one():
    module = make_module(lessons=0)
    image = {"drawing": "", "image": None, "alt": "Halaman", "caption": ""}
    counted = []
    for number in (1, 3):
        pictures = []
        for index in range(number):
            file = ImageFile(get_test_image_file(filename=f"{number}{index}.png"), name="g.png")
            made = get_image_model().objects.create(title=f"Gambar {index}", file=file)
            pictures.append(block("picture", image | {"image": made.pk}))
        page = make_lesson(module, *(step(f"{number} {n}", one) for n, one in enumerate(pictures)))
        content = thaw(0, freeze(module))
        steps = next(one.steps for one in content.lessons if one.title == page.title)
        draw_steps(steps, content, None, audience="learner")
        with CaptureQueriesContext(connection) as captured:
            parts = draw_steps(steps, content, None, audience="learner")
        counted.append(len(captured))
        assert ["<picture>" in one[0].html for one in parts] == [True] * number

    assert counted == [2, 2]


@pytest.mark.parametrize("name", [name for name, _block in LEARNER_BLOCKS])
def test_each_block_shows_an_example_in_the_admin(name):
    klaten = make_district("klaten")
    client = Client()
    client.force_login(make_user("editor", klaten))
    steps = LessonPage._meta.get_field("steps").stream_block.child_blocks["step"]
    learner = steps.child_blocks["learner"].child_blocks[name]

    response = client.get(
        reverse("wagtailadmin_block_preview"),
        {"id": learner.definition_prefix},
        headers={"host": "klaten.localhost"},
    )

    assert response.status_code == 200
    assert "modules/modules.css" in response.content.decode()
