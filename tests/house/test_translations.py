import gettext

import pytest
from django.core.management import call_command

from website.management.commands import catalogue


def test_catalogues_are_complete_and_compiled():
    call_command("catalogue", check=True)


@pytest.mark.parametrize(
    ("template", "wanted"),
    [
        ('{% translate "Help" %}', [("Help", None)]),
        ('{% translate "Help" context "verb" %}', [("Help", "verb")]),
        (
            "{% blocktranslate trimmed count n=n %}\n  {{ n }} page\n"
            "{% plural %}\n  {{ n }} pages\n{% endblocktranslate %}",
            [("%(n)s page", None)],
        ),
        ('      <p>\n   {% if x %}\n {{ _("Deep") }}{% endif %}', [("Deep", None)]),
    ],
)
def test_texts_are_found_in_templates(tmp_path, template, wanted):
    path = tmp_path / "page.html"
    path.write_text("{% load i18n %}" + template)
    found = [
        (message if isinstance(message, str) else message[0], context)
        for message, context in catalogue.messages_of(path)
    ]
    assert found == wanted


def test_indonesian_has_one_plural_form(root):
    with (root / "locale/id/LC_MESSAGES/django.mo").open("rb") as stream:
        translations = gettext.GNUTranslations(stream)
    assert translations.info()["plural-forms"] == "nplurals=1; plural=0;"
    assert translations.gettext("Page") == "Halaman"
