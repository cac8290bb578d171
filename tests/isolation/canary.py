"""Words that must not be seen: one in every text field of one district.

`KANARI-UMUM-…` stands in what that district publishes on its own host, `KANARI-RAHASIA-…` in all
the rest. On another host neither may appear; on its own host, the second may not.
"""

import json
import uuid
from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import models

from districts.models import District

PUBLIC = "KANARI-UMUM"
SECRET = "KANARI-RAHASIA"
# With its hyphen: "kanari" alone is what the matrix searches for.
ANY = "kanari-"
# Addresses, codes and digests are compared and looked up; a word in them would break the site.
CODES = frozenset(
    {"slug", "url_path", "path", "hostname", "timezone", "npsn", "language_code", "accent"}
    | {"uid", "kind", "rrule", "facets"}
    | {"password", "code", "cloth", "level", "licence", "illustration", "filter_spec", "digest"}
)
# What a district shows everybody on its own host.
PUBLISHED = {
    "districts.District",
    "districts.Channel",
    "districts.Organisation",
    "districts.Commitment",
    "districts.CommitmentStep",
    "districts.Paper",
    "events.ConsentText",
}


def word(level: str, model: type[models.Model], field: str) -> str:
    return f"{level}-{model.__name__}-{field}"


def text_fields(model: type[models.Model]) -> Iterator[models.Field]:
    """The fields of a model that hold free text, inherited ones included."""
    for field in model._meta.get_fields():
        if (
            isinstance(field, models.CharField | models.TextField)
            and not isinstance(field, models.SlugField | models.FileField)
            and not field.choices
            and not field.primary_key
            and field.name not in CODES
            and not field.name.endswith("digest")
        ):
            yield field


def words(level: str, model: type[models.Model]) -> dict[str, str]:
    """A word for every free-text field; `body` gets a paragraph of it."""
    found = {}
    for field in text_fields(model):
        if field.get_internal_type() == "JSONField" or field.name == "body":
            continue
        text = word(level, model, field.name)
        if isinstance(field, models.EmailField):
            text = f"{text.lower()}@contoh.invalid"
        if field.max_length and field.max_length < len(ANY):
            continue
        found[field.name] = text[: field.max_length]
    if "body" in {field.name for field in model._meta.get_fields()}:
        value = f"<p>{word(level, model, 'body')}</p>"
        found["body"] = json.dumps([{"type": "paragraph", "value": value, "id": str(uuid.uuid4())}])
    return found


def district_models() -> list[type[models.Model]]:
    """Every model of the project whose rows carry a district."""
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in settings.SAFEGUARDS_PERSONAL_DATA_APPS
        and any(
            field.is_relation and field.many_to_one and field.related_model is District
            for field in model._meta.get_fields()
        )
    ]


def plant(district: District) -> list[str]:
    """Put a word into every text field of the district's records; return models without a row."""
    without = []
    for model in district_models():
        rows = model._base_manager.filter(district=district)
        if not rows.exists():
            without.append(model._meta.label)
            continue
        level = PUBLIC if model._meta.label in PUBLISHED else SECRET
        for row in rows:
            for name, text in words(level, model).items():
                unique = f"{text}-{row.pk}"
                limit = model._meta.get_field(name).max_length
                setattr(row, name, text if limit and len(unique) > limit else unique)
            models.Model.save(row)
    return without
