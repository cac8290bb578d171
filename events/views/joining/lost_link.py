"""`/kalender/pendaftaran/tautan/`: the link to a registration, once more."""

from districts.lost_links import LostLinkView
from events.services.lost_links import mail_links


class LostRegistration(LostLinkView):
    templates = "events/joining"
    scope = "event-registration-link"

    def mail_links(self, email: str) -> None:
        mail_links(district=self.district, email=email, now=self.now)
