"""What a specialist checks in a module: what is there, what must not be, what has to be right."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from modules.models import ModulePage


def checks_of(page: ModulePage) -> list[tuple[str, list[str]]]:
    """What has to hold, in groups; a box is ticked where it does."""
    told = [
        (_("What has to be there"), _present()),
        (_("What must not be there"), _absent()),
        (_("Is it right, and can it be done?"), _right(page)),
    ]
    if page.is_about_extremism:
        told.append((_("Because this module is about extremism"), _on_extremism()))
    return told


def _present() -> list[str]:
    return [
        _("All cases and names are invented and belong to no group, religion or ethnicity."),
        _("Everybody may skip anything; nobody asks why."),
        _("A story is parked and heard alone afterwards, never before the group."),
        _("Each lesson ends calmly and shows where help is found."),
        _("The card for when somebody tells something is right: listen, believe, refer."),
        _("Two people lead the session, or know whom to call in."),
        _("There is a way without any device, and one for a mixed or inclusive group."),
    ]


def _absent() -> list[str]:
    return [
        _("Nobody is asked whether they are hurt, hurt others, or saw it at home."),
        _("Nobody is invited to tell an experience of their own before others."),
        _("No child is questioned, and nobody promises to keep a secret."),
        _("No apology is forced; nothing is settled between a child and who hurt it."),
        _("No propaganda, symbol, name of a group or method is shown."),
        _("Violence is linked with no religion and no ethnicity."),
        _("No child is labelled; a child that was exposed is a child that was hurt."),
        _("No ranking, no public score, no promise of an effect."),
    ]


def _right(page: ModulePage) -> list[str]:
    minutes = ngettext("%(minutes)d minute", "%(minutes)d minutes", page.minutes)
    return [
        _("The aims can be observed."),
        _("The steps can be done in %(time)s.") % {"time": minutes % {"minutes": page.minutes}},
        _("Right answers are right; what is said to a wrong one teaches and does not blame."),
        _("The words suit those who read them."),
        _("The questions before and after ask about no experience, belief or ethnicity."),
        _("The note for parents gives general skills only and prompts nobody to question a child."),
        _("The help that is shown is the right one for this topic."),
        _("The sources say what the module takes from them."),
        _("The regulations are in force, and cited for what they say."),
    ]


def _on_extremism() -> list[str]:
    return [
        _("Tactics are examined, never beliefs."),
        _("It is no list by which somebody could be suspected."),
        _("A second person has read it and lets it out; the day of the next review is set."),
    ]
