from districts.models.channel import Channel, ChannelChange, ChannelEvent
from districts.models.district import District, KlaLevel
from districts.models.membership import Invitation, Membership, Role, StandIn
from districts.models.organisation import Organisation, Succession
from districts.models.region import Region
from districts.models.vocabulary import Regulation, Term, Vocabulary

__all__ = [
    "Channel",
    "ChannelChange",
    "ChannelEvent",
    "District",
    "Invitation",
    "KlaLevel",
    "Membership",
    "Organisation",
    "Region",
    "Regulation",
    "Role",
    "StandIn",
    "Succession",
    "Term",
    "Vocabulary",
]
