import pytest
from wagtail.blocks import StructBlockValidationError

from campaigns.blocks.text import LinkBlock


def link(url: str):
    block = LinkBlock()
    return block, block.to_python({"text": "Tulis kepada kami", "url": url})


@pytest.mark.parametrize("url", ["https://wa.me/6281234567890", "https://WA.ME./6281234567890"])
def test_a_number_in_a_link_is_told_where_it_was_typed(url):
    block, value = link(url)
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(value)
    assert list(refused.value.block_errors) == ["url"]


@pytest.mark.parametrize("url", ["https://contoh.invalid/", "https://wa.me/?text=Halo", ""])
def test_other_links_are_kept(url):
    block, value = link(url)
    assert block.clean(value)["url"] == url
