from safeguards.models.audit import AuditEntry
from safeguards.models.counters import Generation, RateWindow, TickRun
from safeguards.models.facts import Fact, FactSubject
from safeguards.models.mails import OwedMail
from safeguards.models.persons import Tombstone
from safeguards.models.safety import SafetySettings

__all__ = [
    "AuditEntry",
    "Fact",
    "FactSubject",
    "Generation",
    "OwedMail",
    "RateWindow",
    "SafetySettings",
    "TickRun",
    "Tombstone",
]
