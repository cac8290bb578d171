import ast
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


def test_no_text_hides_inside_an_f_string(root):
    """Before Python 3.12 whoever collects the texts does not look into them."""
    calls = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext", "pgettext_lazy"}
    hidden = [
        f"{path.relative_to(root)}:{call.lineno}"
        for folder in ("site", "campaigns", "modules", "events")
        for path in (root / folder).rglob("*.py")
        for words in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(words, ast.JoinedStr)
        for call in ast.walk(words)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in calls
    ]
    assert hidden == []
