from datetime import timedelta

import pytest

from safeguards import audit
from safeguards.models import AuditEntry
from safeguards.models.audit import AppendOnlyError
from tests.safeguards.factories import NOW, make_site


@pytest.mark.django_db
def test_record_keeps_opaque_numbers():
    site = make_site()
    audit.record(verb="channel.hidden", actor_id=41, obj=site, site=site, now=NOW, fields=["n"])
    row = AuditEntry.objects.values().get()
    del row["id"]
    assert row == {
        "at": NOW,
        "verb": "channel.hidden",
        "actor_id": 41,
        "site_id": site.pk,
        "object_type": "wagtailcore.Site",
        "object_id": str(site.pk),
        "details": {"fields": ["n"]},
    }


@pytest.mark.django_db
def test_record_takes_no_second_line_and_no_personal_text():
    entry = audit.record(
        verb="x\n2026 admin.login",
        actor_id=None,
        obj=None,
        note="a\r\nb\u2028c\x1b[31m siti@example.org +62 812 3456 7890",
        deep={"k\n": ["10.0.0.7", {"z": "x" * 500}]},
    )
    assert entry.verb == "x 2026 admin.login"
    assert entry.details["note"] == "a  b c [31m [email] [number]"
    assert entry.details["deep"]["k "][0] == "[address]"
    assert len(entry.details["deep"]["k "][1]["z"]) == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.save(),
        lambda entry: entry.delete(),
        lambda entry: AuditEntry.objects.update(verb="lain"),
        lambda entry: AuditEntry.objects.all().delete(),
        lambda entry: AuditEntry.objects.bulk_update([entry], ["verb"]),
        lambda entry: AuditEntry.objects.filter(pk=entry.pk).update(verb="lain"),
    ],
)
def test_entries_are_only_added(change):
    entry = audit.record(verb="satu", actor_id=1, obj=None)
    entry.verb = "lain"
    with pytest.raises(AppendOnlyError):
        change(entry)
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["satu"]


@pytest.mark.django_db
def test_expire_deletes_the_old_alone():
    audit.record(verb="lama", actor_id=None, obj=None, now=NOW - timedelta(days=10))
    audit.record(verb="baru", actor_id=None, obj=None, now=NOW)
    assert AuditEntry.objects.expire(NOW - timedelta(days=5)) == 1
    assert AuditEntry.objects.get().verb == "baru"
