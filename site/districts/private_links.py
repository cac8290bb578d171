"""The private address of something that somebody sent in without an account.

Its token follows from the key of the form and our secret, so that a repeat of the form and a mail
can say it again, while the table holds its digest alone. Each app keeps one::

    LINK = PrivateLink("events.registration", "event_registration", "registration.link_renewed")
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from safeguards import audit, tokens


@dataclass(frozen=True)
class PrivateLink:
    """One kind of page; its rows have a `key`, a `token_digest` and a `district`.

    `purpose` sets its tokens apart from those of other kinds, `route` is the name of its address,
    `verb` what the audit trail calls a new one.
    """

    purpose: str
    route: str
    verb: str

    def token_of(self, key: UUID) -> str:
        """The token of what was sent in with this key."""
        return tokens.token_of(key, purpose=self.purpose)

    def told_again(self, row: Any) -> str:
        """The full address of the private page, or "" where our secret has changed since."""
        token = self.token_of(row.key)
        known = tokens.digest(token) == row.token_digest
        return self.address(row, token) if known else ""

    @transaction.atomic
    def renewed(self, row: Any) -> str:
        """The full address of the private page; a new one where the first can't be told again."""
        if known := self.told_again(row):
            return known
        token = tokens.new_token()
        row.token_digest = tokens.digest(token)
        row.save(update_fields=["token_digest"])
        audit.record(verb=self.verb, actor_id=None, obj=row, site=row.district.site_id)
        return self.address(row, token)

    def address(self, row: Any, token: str) -> str:
        """The private page on the host of the office that it was sent to."""
        return row.district.site.root_url + reverse(self.route, args=[token])
