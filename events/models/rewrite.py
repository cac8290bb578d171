from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from districts.scoping import DistrictRecord


class FeedRewrite(DistrictRecord):
    """Feed entries of an office that are read again because a name in them may have changed.

    `kind` and `named` say whose name (`districts.renaming`); `last_event` is how far it is.
    """

    kind = models.CharField(max_length=20)
    named = models.CharField(max_length=80)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    last_event = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("rewriting of feeds")
        verbose_name_plural = _("rewritings of feeds")
        constraints = [
            models.UniqueConstraint(fields=["district", "kind", "named"], name="feed_rewrite_once"),
            models.CheckConstraint(
                name="feed_rewrite_within", condition=Q(done__lte=models.F("total"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district_id} {self.kind} {self.named}"
