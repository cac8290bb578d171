from districts.models.channel import Channel, ChannelChange, ChannelEvent
from districts.models.commitment import Commitment, CommitmentStatus, CommitmentStep
from districts.models.district import District, KlaLevel
from districts.models.membership import Invitation, Membership, Role, StandIn
from districts.models.organisation import Organisation, Succession
from districts.models.paper import Paper
from districts.models.region import Region
from districts.models.vocabulary import Regulation, Term, Vocabulary
from districts.models.workflow import SecondPersonTask

__all__ = [
    "Channel",
    "ChannelChange",
    "ChannelEvent",
    "Commitment",
    "CommitmentStatus",
    "CommitmentStep",
    "District",
    "Invitation",
    "KlaLevel",
    "Membership",
    "Organisation",
    "Paper",
    "Region",
    "Regulation",
    "Role",
    "SecondPersonTask",
    "StandIn",
    "Succession",
    "Term",
    "Vocabulary",
]
