from campaigns.models.campaign import CampaignIndexPage, CampaignPage, CampaignPageTag, StoryPage
from campaigns.models.help import ChildHelpPage, HelpPage
from campaigns.models.news import NewsIndexPage, NewsPage
from campaigns.models.plain import PlainPage
from campaigns.models.topic import TopicIndexPage, TopicPage

__all__ = [
    "CampaignIndexPage",
    "CampaignPage",
    "CampaignPageTag",
    "ChildHelpPage",
    "HelpPage",
    "NewsIndexPage",
    "NewsPage",
    "PlainPage",
    "StoryPage",
    "TopicIndexPage",
    "TopicPage",
]
