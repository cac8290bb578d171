"""A module taught without an account, and what was counted taken into one later."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from districts.services.aliases import sync_aliases
from modules.finding import modules_to_teach
from modules.models import ClassRun, ModulePage, Tally
from modules.services.claiming import Unreadable, read_kept
from modules.services.groups import Cell
from modules.services.headcount import correct_people
from safeguards.models import AuditEntry
from tests.factories.modules import ITEM, NOW, SURVEY_ITEM, make_module
from tests.factories.places import PASSWORD, make_district, make_user

pytestmark = pytest.mark.django_db
HOST = "lebak.localhost"
CLAIM = "/ruang/kelas/klaim/"


@pytest.fixture
def office():
    district = make_district("lebak")
    make_module(district, slug="cerita", title="Cerita Kita", lessons=2)
    return district


@pytest.fixture
def teacher(client, office):
    user = make_user("guru", office)
    client.login(email=user.email, password=PASSWORD)
    return user


def kept(**more):
    return {
        "key": str(uuid4()),
        "module": "cerita",
        "began": "2026-08-03T02:00:00Z",
        "cells": [["P", "", False, 18], ["L", "", False, 18]],
        "tallies": [
            {
                "key": str(uuid4()),
                "phase": "kuis",
                "item": str(ITEM["single"]),
                "counts": {"0": 20, "1": 10, "2": 3},
                "sequence": 1,
                "at": "2026-08-03T02:20:00Z",
            }
        ],
    } | more


def send(client, told):
    return client.post(CLAIM, {"kept": json.dumps(told)}, HTTP_HOST=HOST)


def test_the_page_offers_counts_and_no_key(client, office):
    response = client.get("/modul/cerita/pakai/", HTTP_HOST=HOST)
    html = response.content.decode()
    assert response.status_code == 200
    assert f'data-item="{ITEM["single"]}"' in html
    assert html.count(f'data-item="{SURVEY_ITEM["tahu"]}"') == 2
    assert f'data-item="{ITEM["match"]}"' not in html
    assert "Umpan balik" not in html
    assert "Penjelasan" not in html
    assert response["Cache-Control"].startswith("public")


def test_the_screen_turns_by_links_and_shows_no_key(client, office):
    first = client.get("/modul/cerita/layar/", HTTP_HOST=HOST).content.decode()
    assert 'rel="next" href="/modul/cerita/layar/1/"' in first
    pages = [
        client.get(f"/modul/cerita/layar/{number}/", HTTP_HOST=HOST).content.decode()
        for number in range(1, 5)
    ]
    assert "Langkah satu" in pages[0]
    assert "Langkah lanjutan 1" in pages[3]
    whole = "".join(pages)
    assert "Umpan balik" not in whole
    assert "Semua tertawa." not in whole
    assert "Panduan satu" not in whole
    ordered = [pages[1].index(f"<li>{text}</li>") for text in ("Pertama", "Kedua", "Ketiga")]
    assert ordered != sorted(ordered)


@pytest.mark.parametrize(
    "path",
    ["/modul/tidak-ada/pakai/", "/modul/tidak-ada/layar/", "/modul/cerita/layar/99/"],
)
def test_what_is_not_there_is_404(client, office, path):
    response = client.get(path, HTTP_HOST=HOST)
    assert response.status_code == 404
    assert "Cerita Kita" not in response.content.decode()


def test_another_office_does_not_have_it(client, office):
    make_district("klaten")
    response = client.get("/modul/cerita/pakai/", HTTP_HOST="klaten.localhost")
    assert response.status_code == 404
    assert "Cerita Kita" not in response.content.decode()


def test_a_module_past_its_day_is_gone(client, office):
    ModulePage.objects.update(retire_on="2020-01-01")
    for path in ("/modul/cerita/pakai/", "/modul/cerita/layar/"):
        response = client.get(path, HTTP_HOST=HOST)
        assert response.status_code == 410
        assert "Langkah" not in response.content.decode()


def test_a_national_module_is_taught_through_its_alias(client):
    office = make_district("lebak")
    make_module(slug="nasional", title="Modul Bersama")
    sync_aliases(office)
    assert [page.title for page in modules_to_teach(office, NOW)] == ["Modul Bersama"]
    html = client.get("/modul/nasional/layar/1/", HTTP_HOST=HOST).content.decode()
    assert "Langkah satu" in html


def test_counts_become_a_run_once(client, teacher):
    told = kept()
    first = send(client, told)
    assert first.status_code == 303
    assert first["Location"] == f"{CLAIM}?diambil={told['key']}"
    again = send(client, told)
    assert again["Location"] == first["Location"]
    run = ClassRun.objects.get()
    assert (run.facilitator, run.mode, run.state) == (teacher, "satu", "tutup")
    assert sum(row.number for row in run.counts.all()) == 36
    assert [row.counts for row in Tally.objects.all()] == [{"0": 20, "1": 10, "2": 3}]
    page = client.get(first["Location"], HTTP_HOST=HOST).content.decode()
    assert f'data-taken="{told["key"]}"' in page


def test_only_what_the_server_has_is_forgotten_by_the_device(client, teacher):
    page = client.get(f"{CLAIM}?diambil={uuid4()}", HTTP_HOST=HOST).content.decode()
    assert 'data-taken=""' in page


def test_a_count_that_does_not_fit_is_told_and_the_rest_is_kept(client, teacher):
    told = kept()
    told["tallies"].append(
        told["tallies"][0]
        | {"key": str(uuid4()), "item": str(ITEM["true_false"]), "counts": {"0": 40, "1": 0}}
    )
    told["tallies"].append(told["tallies"][0] | {"key": str(uuid4()), "item": str(uuid4())})
    response = send(client, told)
    html = response.content.decode()
    assert response.status_code == 422
    assert "40" in html
    # The device removes what the page calls taken; nothing of this record may go.
    assert 'data-taken=""' in html
    assert Tally.objects.count() == 1


def people_there():
    return sorted(ClassRun.objects.get().counts.values_list("sex", "number"))


def test_a_number_of_people_typed_wrong_is_told_again(client, teacher):
    told = kept(cells=[["P", "", False, 2], ["L", "", False, 2]])
    assert send(client, told).status_code == 422
    assert Tally.objects.count() == 0
    right = told | {"cells": [["P", "", False, 20], ["L", "", False, 15]]}
    assert send(client, right)["Location"] == f"{CLAIM}?diambil={told['key']}"
    assert people_there() == [("L", 15), ("P", 20)]
    assert [row.counts for row in Tally.objects.all()] == [{"0": 20, "1": 10, "2": 3}]
    assert [row.details for row in AuditEntry.objects.filter(verb="run.people_corrected")] == [
        {"before": 4, "after": 35}
    ]


def test_a_repeat_undoes_no_number_of_people_that_was_corrected_since(client, teacher):
    told = kept()
    send(client, told)
    corrected = [Cell("P", "", False, 17), Cell("L", "", False, 18)]
    correct_people(run=ClassRun.objects.get(), cells=corrected, actor=teacher, now=timezone.now())
    assert send(client, told).status_code == 303
    assert people_there() == [("L", 18), ("P", 17)]


def test_fewer_people_than_were_counted_are_refused_with_the_reason(client, teacher):
    told = kept()
    send(client, told)
    response = send(client, told | {"cells": [["P", "", False, 3]]})
    assert (response.status_code, 'data-taken=""' in response.content.decode()) == (422, True)
    assert "33" in response.content.decode()
    assert people_there() == [("L", 18), ("P", 18)]


def corrected(told, **counts):
    """The first count of what a device keeps, told once more."""
    more = {"key": str(uuid4()), "sequence": 2, "counts": counts}
    return [*told["tallies"], told["tallies"][0] | more]


def test_fewer_people_fit_by_the_counts_that_are_corrected_with_them(client, teacher):
    told = kept()
    send(client, told)
    counts = corrected(told, **{"0": 12, "1": 8})
    response = send(client, told | {"cells": [["P", "", False, 20]], "tallies": counts})
    assert response.status_code == 303
    assert people_there() == [("P", 20)]
    assert Tally.objects.get(sequence=2).counts == {"0": 12, "1": 8, "2": 0}


def test_counts_are_kept_though_the_people_told_with_them_are_too_few(client, teacher):
    told = kept()
    send(client, told)
    counts = corrected(told, **{"0": 12, "1": 9})
    response = send(client, told | {"cells": [["P", "", False, 20]], "tallies": counts})
    html = response.content.decode()
    assert (response.status_code, 'data-taken=""' in html, "21" in html) == (422, True, True)
    assert people_there() == [("L", 18), ("P", 18)]
    assert Tally.objects.get(sequence=2).counts == {"0": 12, "1": 9, "2": 0}


def test_counts_of_somebody_else_stay_theirs(client, office, teacher):
    told = kept()
    send(client, told)
    other = make_user("guru", office)
    client.login(email=other.email, password=PASSWORD)
    response = send(client, told)
    assert response.status_code == 409
    assert ClassRun.objects.get().facilitator == teacher


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"tallies": 3}', "\x00", '{"key": "x", "tallies": []}']
)
def test_what_cannot_be_read_is_refused_and_nothing_kept(client, teacher, text):
    response = client.post(CLAIM, {"kept": text}, HTTP_HOST=HOST)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert ClassRun.objects.count() == 0


def test_what_was_held_is_taken_over_though_the_module_rests(client, teacher):
    ModulePage.objects.update(review_due=timezone.localdate() - timedelta(days=90))
    assert send(client, kept()).status_code == 303
    assert ClassRun.objects.get().state == "tutup"


def test_of_a_module_that_is_gone_the_counts_stay_on_the_device(client, teacher):
    ModulePage.objects.get().unpublish()
    response = send(client, kept())
    assert (response.status_code, 'data-taken=""' in response.content.decode()) == (410, True)
    assert "masih ada di perangkat" in response.content.decode()


def test_nobody_but_members_take_counts_over(client, office):
    response = send(client, kept())
    # What was sent comes back, and can be sent again by who signs in.
    assert response.status_code == 403
    assert 'href="/masuk/?next=' in response.content.decode()
    assert ClassRun.objects.count() == 0


def test_too_many_counts_are_unreadable():
    with pytest.raises(Unreadable):
        read_kept(kept(tallies=kept()["tallies"] * 201))
