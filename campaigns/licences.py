"""What the licences of materials allow, said in one sentence each."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Licence:
    """A licence by its short name, what it lets people do, and where it is written in full."""

    name: str
    meaning: Any = ""
    url: str = ""


KNOWN = {
    licence.name: licence
    for licence in (
        Licence(
            "CC BY-SA 4.0",
            _(
                "You may copy it, change it and hand it on. Name who made it, and let others do "
                "the same with yours."
            ),
            "https://creativecommons.org/licenses/by-sa/4.0/deed.id",
        ),
        Licence(
            "CC BY 4.0",
            _("You may copy it, change it and hand it on. Name who made it."),
            "https://creativecommons.org/licenses/by/4.0/deed.id",
        ),
        Licence(
            "CC BY-NC-SA 4.0",
            _(
                "You may copy it, change it and hand it on, but not sell it. Name who made it, and "
                "let others do the same with yours."
            ),
            "https://creativecommons.org/licenses/by-nc-sa/4.0/deed.id",
        ),
        Licence(
            "CC0 1.0",
            _("You may do with it what you like; nobody needs to be asked or named."),
            "https://creativecommons.org/publicdomain/zero/1.0/deed.id",
        ),
    )
}


def licence_named(name: str) -> Licence:
    """The known licence of this name, or one of which only the name can be said."""
    return KNOWN.get(name.strip()) or Licence(name.strip())
