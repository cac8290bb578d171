"""A module with something for each paper, and its papers as a reader of a host gets them."""

from django.test import Client

from modules.models import ModulePage
from safeguards import generation
from tests.factories.modules import block_id, make_lesson, make_module, step
from tests.papers import text_of

PAPERS = ("panduan", "lembar-kerja", "lembar-jawaban", "kartu")


def block(kind: str, name: str = "", **value) -> dict:
    return {"type": kind, "id": str(block_id(name or kind)), "value": value}


CARDS = [
    {"text": f"Kartu pilah {number}", "pile": pile, "why": f"Sebab {number}."}
    for number, pile in enumerate(["Lucu", "Sakit", "Lucu"], start=1)
]
TALK = {
    "question": "Apa bedanya?",
    "expected": ["Semua senang."],
    "difficult": [{"answer": "Cuma bercanda.", "response": "Kita periksa."}],
}
PRACTICE = (
    block("sheet", title="Lima kasus", text="<p>Namaku rahasia.</p><p>____</p><p>Kami ____</p>"),
    block("card_sort", title="Pilah kartu", piles=["Lucu", "Sakit"], cards=CARDS),
    block(
        "role_play",
        title="Menjadi penolong",
        situation="<p>Wulan duduk sendiri.</p>",
        roles=[{"name": "Penolong", "text": "Boleh aku duduk di sini?"}],
        rules=["Hanya penolong."],
    ),
    block("discussion", title="Bicarakan", questions=[TALK]),
    block("case", title="Topi Kiko", text="<p>Topi itu dilempar.</p>", question="Lalu apa?"),
    block("disclosure"),
)
WHOLE = {
    "slug": "modul-uji",
    "title": "Modul uji",
    "version": "2.3",
    "materials": "Papan tulis\nKertas besar",
    "objectives": "Menyebut tiga ciri.",
    "safeguarding": "<p>Jangan bertanya pengalaman.</p>",
    "disclosure_steps": "Dengarkan dulu.",
    "disclosure_say": "Ini bukan salahmu.",
    "disclosure_avoid": "Menjanjikan rahasia.",
}


def whole_module(**fields) -> ModulePage:
    module = make_module(**WHOLE | fields)
    make_lesson(module, step("kerja", *PRACTICE, minutes=7), step("tutup", minutes=3), title="Dua")
    return module


def fetch(name: str, slug: str = "modul-uji", host: str = "klaten", *, prefix: str = "", **headers):
    generation.forget()
    host = f"{host}.localhost" if host else "localhost"
    return Client().get(f"{prefix}/modul/{slug}/{name}.pdf", headers={"host": host} | headers)


def pdf(*args, **kwargs) -> bytes:
    answer = fetch(*args, **kwargs)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def words(content: bytes) -> str:
    return " ".join(text_of(content).split())


def pages(content: bytes) -> list[str]:
    return [" ".join(page.split()) for page in text_of(content).split("\f")[:-1]]
