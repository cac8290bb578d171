"""Two editors save one page at the same moment, on the database that really lets them."""

import threading

import pytest
from django.db import connection

from campaigns.models import CampaignIndexPage
from tests.districts.test_page_saves import address, form_of, title_of, titled
from tests.factories.pages import below
from tests.factories.places import make_district, national
from tests.factories.planning import client_of

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
ROUNDS = 4


def test_one_of_two_saves_of_a_moment_is_asked_about_the_other():
    national()
    klaten = make_district("klaten")
    text = below(klaten, CampaignIndexPage)
    text.save_revision()
    editors = [client_of("moderator", klaten) for _one in (1, 2)]
    for number in range(ROUNDS):
        forms = [form_of(one.get(address(text))) for one in editors]
        known = text.revisions.count()
        start, answers = threading.Barrier(2), {}

        def save(place: int, forms=forms, start=start, answers=answers, number=number) -> None:
            sent = titled(forms[place], f"Judul {number} dari {place}")
            try:
                start.wait(timeout=30)
                answers[place] = editors[place].post(address(text), sent).status_code
            finally:
                connection.close()

        threads = [threading.Thread(target=save, args=(place,)) for place in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)

        assert sorted(answers.values()) == [302, 409]
        [saved] = [place for place, status in answers.items() if status == 302]
        assert (text.revisions.count(), title_of(text)) == (
            known + 1,
            f"Judul {number} dari {saved}",
        )
