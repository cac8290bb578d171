"""System checks of this app's house rules."""

from django.apps import apps
from django.core.checks import Error, register

SHARED_REFERENCE_DATA = {"Region", "Vocabulary", "Term", "Regulation", "District"}


@register()
def every_record_has_a_district(app_configs, **kwargs):
    """Each model of this app is shared reference data, or reaches exactly one district."""
    errors = []
    for model in apps.get_app_config("districts").get_models():
        names = {field.name for field in model._meta.get_fields()}
        reached_through_parent = {"predecessor"} & names
        if (
            model.__name__ not in SHARED_REFERENCE_DATA
            and "district" not in names
            and not reached_through_parent
        ):
            errors.append(
                Error(f"{model.__name__} has no district.", obj=model, id="districts.E001")
            )
    return errors
