from django.db import models
from django.utils.translation import gettext_lazy as _


class OwedMail(models.Model):
    """A mail that is owed: made with what causes it, sent at most once (`safeguards.owed_mails`).

    A row holds no address: whom it goes to is looked up when it is sent.
    """

    class State(models.TextChoices):
        WAITING = "menunggu", _("waiting")
        SENDING = "dikirim", _("being sent")
        SENT = "terkirim", _("sent")
        FAILED = "gagal", _("given up")
        DROPPED = "tidak_perlu", _("not needed any more")

    due_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # It was handed over and no answer came, so nobody knows whether it arrived: once it is given up
    # a person may tell, and no machine sends it again.
    in_doubt = models.BooleanField(default=False, db_default=False)

    class Meta:
        abstract = True
