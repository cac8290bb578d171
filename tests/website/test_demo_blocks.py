import pytest

from website.demo.blocks import to_stream
from website.demo.texts import read_data, read_site


def no_page(address: str) -> None:
    return None


def values(stream: list[dict]) -> list[tuple[str, object]]:
    return [(block["type"], block["value"]) for block in stream]


def test_to_stream_reads_text_around_a_fence():
    stream = to_stream("Satu.\n\n:::quote Kader\nDua.\n:::\n\nTiga.", no_page)

    assert values(stream) == [
        ("paragraph", "<p>Satu.</p>"),
        ("quote", {"text": "Dua.", "role": "Kader"}),
        ("paragraph", "<p>Tiga.</p>"),
    ]


def test_to_stream_reads_steps_with_bold_titles():
    stream = to_stream(":::steps Tiga\n1. **Dengar.** Tenang.\n2. **Simpan.** Pelan.\n:::", no_page)

    items = [item["value"] for item in stream[0]["value"]["items"]]
    assert items == [
        {"title": "Dengar", "text": "<p>Tenang.</p>"},
        {"title": "Simpan", "text": "<p>Pelan.</p>"},
    ]


def test_to_stream_stores_a_link_to_a_known_page_by_its_id():
    stream = to_stream("[Bantuan](/bantuan/)", {"/bantuan/": 7}.get)

    assert stream[0]["value"] == '<p><a linktype="page" id="7">Bantuan</a></p>'


def test_to_stream_drops_a_script():
    stream = to_stream("Halo <script>alert(1)</script>", no_page)

    assert "script" not in stream[0]["value"]


def test_to_stream_refuses_an_unknown_fence():
    with pytest.raises(KeyError, match="apa"):
        to_stream(":::apa\nx\n:::", no_page)


def test_every_demo_text_becomes_blocks():
    counts = {}
    for entry in read_data("districts")["districts"]:
        texts = read_site(entry["slug"])
        counts[entry["slug"]] = len(texts)
        for text in texts:
            to_stream(text.body, no_page)
            assert text.meta["title"]

    assert min(counts.values()) >= 5
