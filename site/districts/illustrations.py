from django.db import models
from django.utils.translation import gettext_lazy as _


class Illustration(models.TextChoices):
    """Our own line drawings; a page or a card picks one instead of a photograph."""

    NONE = "", _("None")
    HANDS = "hands", _("Hands")
    HOUSES = "houses", _("Houses")
    PATH = "path", _("A path")
    SCHOOLYARD = "schoolyard", _("School yard")
    CLOTH = "cloth", _("Cloth")
    PHONE = "phone", _("Telephone")
    LISTENING = "listening", _("Listening")
