from campaigns.models.campaign import CampaignIndexPage, CampaignPage, CampaignPageTag, StoryPage
from campaigns.models.commitments import CommitmentsPage
from campaigns.models.help import CardsPage, ChildHelpPage, HelpPage
from campaigns.models.material import MaterialIndexPage, MaterialPage
from campaigns.models.news import NewsIndexPage, NewsPage
from campaigns.models.plain import PlainPage
from campaigns.models.session_request import (
    AnswerMail,
    RequestState,
    SessionRequest,
    SessionRequestCount,
    SessionRequestStep,
)
from campaigns.models.topic import TopicIndexPage, TopicPage

__all__ = [
    "AnswerMail",
    "CampaignIndexPage",
    "CampaignPage",
    "CampaignPageTag",
    "CardsPage",
    "ChildHelpPage",
    "CommitmentsPage",
    "HelpPage",
    "MaterialIndexPage",
    "MaterialPage",
    "NewsIndexPage",
    "NewsPage",
    "PlainPage",
    "RequestState",
    "SessionRequest",
    "SessionRequestCount",
    "SessionRequestStep",
    "StoryPage",
    "TopicIndexPage",
    "TopicPage",
]
