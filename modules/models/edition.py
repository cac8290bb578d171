from django.db import models


class Edition(models.Model):
    """A module frozen as it was taught: its words, its questions and their keys.

    Runs and results hold an edition, so that a later edit never changes a past run. The same
    content of the same page is one row (`digest`), whoever teaches it; `content` is described at
    `modules.editions.freeze` and never leaves the server whole. `revision` is the newest published
    one that says this; what is not frozen is read there.
    """

    page = models.ForeignKey("modules.ModulePage", models.PROTECT, related_name="editions")
    revision = models.ForeignKey("wagtailcore.Revision", models.PROTECT, related_name="+")
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    content = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "digest"], name="module_edition_once")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"
