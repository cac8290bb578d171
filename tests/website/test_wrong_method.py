"""What an address does not take is refused in words."""

import pytest
from django.test import Client

from tests.factories.places import make_district, national

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/bantuan/kartu/", "Alamat ini tidak menerima permintaan itu"),
        ("/cari/", "Alamat ini tidak menerima permintaan itu"),
        ("/en/cari/", "This address takes no such request"),
        ("/kalender/", "Alamat ini tidak menerima permintaan itu"),
    ],
)
def test_a_wrong_method_is_refused_in_words(path, said):
    national()
    make_district("klaten")
    answer = Client().delete(path, headers={"host": "klaten.localhost"})
    assert (answer.status_code, said in answer.text) == (405, True)
    assert "GET" in answer["Allow"]
    assert answer["Content-Length"] == str(len(answer.content))
