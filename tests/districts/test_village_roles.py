"""A contact of a village is a role: no screen and no service takes a person's name."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from districts.models import Channel, ChannelChange, Region
from districts.services import channels as services
from tests.factories.channels import make_channel, make_office
from tests.factories.people import make_member
from tests.factories.places import make_user
from tests.factories.villages import make_roles

pytestmark = pytest.mark.django_db
VILLAGE = "36.02.01.2001"
ROLE_WANTED = "named by their role|menurut perannya"


@pytest.fixture
def lebak():
    make_roles()
    return make_office("lebak", groups=True)


@pytest.fixture
def fields(lebak):
    channel = make_channel(lebak)
    return {
        "organisation": channel.organisation_id,
        "kind": "phone",
        "value": "0271 999 0011",
        "region": VILLAGE,
        "source": "Surat",
    }


def test_a_village_contact_takes_the_label_of_its_role(lebak, fields):
    keeper, other = (make_member("moderator", lebak) for _ in range(2))
    change = services.propose_change(
        district=lebak, actor=keeper, fields=fields | {"label": "bidan-desa", "label_en": "Ani"}
    )
    channel = services.approve(change=change, actor=other)
    assert (channel.label, channel.label_en) == ("Bidan desa", "Village midwife")


@pytest.mark.parametrize("label", ["Ibu Siti Aminah", "Bidan desa Siti", "bidan-desa Siti", "x"])
def test_a_name_is_no_label_in_a_village(lebak, fields, label):
    keeper = make_member("moderator", lebak)
    with pytest.raises(ValidationError, match=ROLE_WANTED) as refused:
        services.propose_change(district=lebak, actor=keeper, fields=fields | {"label": label})
    assert set(refused.value.message_dict) == {"label"}
    assert not ChannelChange.objects.exists()


def test_a_wider_area_keeps_its_label(lebak, fields):
    keeper = make_member("moderator", lebak)
    for region in (None, "36.02.01"):
        change = services.propose_change(
            district=lebak,
            actor=keeper,
            fields=fields | {"label": "Puskesmas Contoh", "region": region},
        )
        assert change.fields["label"] == "Puskesmas Contoh"


def test_moving_a_channel_into_a_village_asks_for_its_role(lebak, fields):
    channel = make_channel(lebak, label="Ibu Siti")
    keeper = make_member("moderator", lebak)
    with pytest.raises(ValidationError, match=ROLE_WANTED):
        services.propose_change(
            district=lebak, actor=keeper, channel=channel, fields={"region": VILLAGE}
        )
    change = services.propose_change(
        district=lebak,
        actor=keeper,
        channel=channel,
        fields={"region": Region.objects.get(pk=VILLAGE), "label": "Kader PKK"},
    )
    assert change.fields["label"] == "Kader PKK"


def test_the_form_offers_the_roles_and_says_what_is_wanted(lebak, fields):
    client = Client(headers={"host": "lebak.localhost"})
    client.force_login(make_user("editor", lebak))
    address = reverse("channels:add")
    form = {
        **fields,
        "key": str(uuid4()),
        "timezone": "Asia/Jakarta",
        "hours_kind": "unknown",
        "position": 100,
        "active": "on",
        "label": "Ibu Siti Aminah",
    }
    assert 'value="bidan-desa"' in client.get(address).content.decode()

    refused = client.post(address, form)
    assert refused.status_code == 422
    assert refused.context_data["form"].errors.keys() == {"village_role"}
    assert "Ibu Siti Aminah" in refused.content.decode()

    client.post(address, form | {"village_role": "bidan-desa"})
    assert ChannelChange.objects.get().fields["label"] == "Bidan desa"
    assert not Channel.objects.filter(label__contains="Siti").exists()
