"""The sources of this site: channels of help, the pages of modules and of campaigns."""

from django.utils.translation import gettext_lazy as _

from districts.channel_view import ChannelView
from districts.directory import directory
from districts.models import Channel, Term
from modules.shelf import resting_below
from safeguards import generation
from website.search.sources import Reader, Record, Source, register

LABEL, ABOUT, ASIDE = 8, 4, 2


def channels(reader: Reader) -> list[Record]:
    """The channels that the help page shows."""
    views = directory(reader.district, reader.now)
    remembered_as = ("search channels", reader.language, tuple(views))
    return generation.remembered(remembered_as, lambda: _records(views, reader))


def _records(views: list[ChannelView], reader: Reader) -> list[Record]:
    issues = _issues(reader)
    kinds = dict(Channel.Kind.choices)
    return [
        Record.of(
            view,
            # A line that can be called stands before one that nobody has confirmed.
            rank=int(not view.verified),
            order=view.order,
            language=reader.language,
            texts=[
                (f"{view.label} {view.display}", LABEL),
                (f"{view.organisation} {kinds.get(view.kind, '')}", ABOUT),
                (" ".join(issues.get(code, "") for code in view.issues), ASIDE),
                (view.note, ASIDE),
            ],
        )
        for view in views
    ]


def _issues(reader: Reader) -> dict[str, str]:
    rows = Term.objects.of("issue_area").values_list("code", "label_id", "label_en")
    english = reader.language == "en"
    return {code: (label_en if english else "") or label for code, label, label_en in rows}


register(
    Source(
        name="bantuan",
        heading=_("Whom you can reach"),
        position=10,
        records=channels,
        template="website/search/channels.html",
    )
)
register(
    Source(
        name="modul",
        heading=_("Modules to teach"),
        position=15,
        page_types={"modules.ModulePage": "", "modules.LessonPage": _("Lesson")},
        resting=lambda reader: resting_below(reader.root, reader.now),
    )
)
register(
    Source(
        name="materi",
        heading=_("Materials to print and share"),
        position=20,
        page_types={"campaigns.MaterialPage": ""},
    )
)
register(
    Source(name="topik", heading=_("Topics"), position=30, page_types={"campaigns.TopicPage": ""})
)
register(
    Source(
        name="kampanye",
        heading=_("Campaigns and stories"),
        position=60,
        page_types={"campaigns.CampaignPage": _("Campaign"), "campaigns.StoryPage": _("Story")},
    )
)
register(
    Source(name="berita", heading=_("News"), position=70, page_types={"campaigns.NewsPage": ""})
)
register(
    Source(
        name="lain",
        heading=_("Other pages"),
        position=90,
        page_types=dict.fromkeys(
            (
                "home.HomePage",
                "campaigns.CampaignIndexPage",
                "campaigns.CardsPage",
                "campaigns.ChildHelpPage",
                "campaigns.CommitmentsPage",
                "campaigns.HelpPage",
                "campaigns.MaterialIndexPage",
                "campaigns.NewsIndexPage",
                "campaigns.PlainPage",
                "campaigns.TopicIndexPage",
                "events.CalendarPage",
                "modules.ModuleIndexPage",
            ),
            "",
        ),
    )
)
