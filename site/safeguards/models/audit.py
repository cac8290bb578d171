from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class AppendOnlyError(RuntimeError):
    """Raised when somebody tries to change or delete what may only be added to."""


class AuditQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise AppendOnlyError("Audit entries are never changed.")

    def delete(self):
        raise AppendOnlyError("Audit entries are deleted by retention alone: use expire().")

    def bulk_update(self, *args, **kwargs):
        raise AppendOnlyError("Audit entries are never changed.")

    def expire(self, before) -> int:
        """Delete the entries older than the moment ``before``; for retention alone."""
        return self.filter(at__lt=before)._raw_delete(self.db)


class AuditEntry(models.Model):
    """Who did what to which object, and when.

    Everybody and everything is an opaque number here, without a foreign key: erasing a person or
    a site leaves the trail whole, and the trail names nobody.
    """

    at = models.DateTimeField(_("at"), db_index=True)
    verb = models.CharField(_("verb"), max_length=64)
    actor_id = models.BigIntegerField(_("actor"), null=True, blank=True)
    site_id = models.BigIntegerField(_("site"), null=True, blank=True)
    object_type = models.CharField(_("kind of object"), max_length=100, blank=True)
    object_id = models.CharField(_("object"), max_length=64, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True, encoder=DjangoJSONEncoder)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["actor_id", "at"], name="safeguards_audit_actor"),
            models.Index(fields=["object_type", "object_id"], name="safeguards_audit_object"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.object_type} {self.object_id}".strip()

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnlyError("Audit entries are never changed.")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnlyError("Audit entries are deleted by retention alone.")
