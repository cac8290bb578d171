"""What a form was opened with, what stands, and what it says."""

from datetime import date

import pytest

from safeguards.lost_updates import Outdated, check_opened, imprint

STANDS = {"name": "Siti", "day": date(2026, 3, 1), "cells": [("P", 3)]}


def test_the_order_of_names_does_not_matter_and_every_value_does():
    assert imprint(STANDS) == imprint(dict(reversed(STANDS.items())))
    others = [STANDS | changed for changed in ({"name": "Ani"}, {"day": None}, {"cells": []})]
    assert len({imprint(one) for one in [STANDS, *others]}) == 4


@pytest.mark.parametrize("opened", ["", "x", imprint({}), imprint(STANDS | {"name": "Ani"})])
def test_what_was_not_seen_is_not_overwritten(opened):
    with pytest.raises(Outdated):
        check_opened(opened, stands=STANDS, told=STANDS | {"name": "Budi"})


@pytest.mark.parametrize(
    ("opened", "told"),
    [
        (imprint(STANDS), STANDS | {"name": "Budi"}),
        ("", STANDS),
        (None, STANDS | {"name": "Budi"}),
    ],
)
def test_what_was_seen_is_replaced_and_the_same_again_is_no_loss(opened, told):
    assert check_opened(opened, stands=STANDS, told=told) is None
