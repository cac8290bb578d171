from django.db import models


class Tombstone(models.Model):
    """That a person was erased, as a keyed digest: a late sync or a restore meets it and stops."""

    digest = models.CharField(max_length=64, unique=True)
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:8]
