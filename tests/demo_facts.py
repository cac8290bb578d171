"""What the database of a demo holds, as JSON: `python -m tests.demo_facts` in its environment."""

import json
import sys

import django


def facts() -> dict:
    from django_tasks_db.models import DBTaskResult
    from wagtail.models import Page

    from campaigns.models import MaterialPage, SessionRequest
    from districts.models import Channel, Commitment, District, Membership

    own = Page.objects.filter(alias_of__isnull=True, depth__gt=1, live=True)
    unverified = Channel.objects.filter(last_verified__isnull=True)
    local = unverified.exclude(district__level=District.Level.NASIONAL)
    to_dial = local.filter(kind__in=[Channel.Kind.PHONE, Channel.Kind.WHATSAPP])
    lebak = District.objects.get(slug="lebak")
    return {
        "offices": sorted(District.objects.values_list("slug", flat=True)),
        "pages": {
            language: own.filter(locale__language_code=language).count()
            for language in ("id", "en")
        },
        "materials": MaterialPage.objects.filter(alias_of__isnull=True, live=True).count(),
        "requests": sorted(set(SessionRequest.objects.values_list("state", flat=True))),
        "commitments": Commitment.objects.for_district(lebak).count(),
        "statuses": sorted(
            set(Commitment.objects.for_district(lebak).values_list("status", flat=True))
        ),
        "roles": sorted(set(Membership.objects.values_list("role", flat=True))),
        "to_dial": to_dial.count(),
        # A made-up number may belong to somebody.
        "digits": [one.pk for one in to_dial if any(sign.isdigit() for sign in one.display)],
        "links": unverified.exclude(value="").count(),
        "waiting": DBTaskResult.objects.filter(status="READY").count(),
    }


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(facts()) + "\n")
