import pytest
from wagtail.models import Page

from tests.factories.places import make_district, national

pytestmark = pytest.mark.django_db


def test_a_founded_district_has_its_tree_in_both_languages():
    national()
    lebak = make_district("lebak")
    root = lebak.site.root_page
    paths = [
        p.removeprefix(root.url_path)
        for p in Page.objects.descendant_of(root).values_list("url_path", flat=True)
    ]
    assert paths == ["kampanye/", "topik/", "berita/", "bantuan/", "bantuan/aku/", "privasi/"]
    english = Page.objects.get(translation_key=root.translation_key, locale__language_code="en")
    paths = [
        p.removeprefix(english.url_path)
        for p in Page.objects.descendant_of(english).values_list("url_path", flat=True)
    ]
    assert paths == ["kampanye/", "bantuan/", "bantuan/aku/"]
