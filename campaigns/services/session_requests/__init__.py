"""Requests for a session: taking them in, answering them, and what who asked may do."""

from campaigns.services.session_requests.asker import (
    answer_question,
    correct_contact,
    find,
    mail_links,
    withdraw,
)
from campaigns.services.session_requests.intake import Receipt, is_known, submit
from campaigns.services.session_requests.office import (
    ANSWERERS,
    Changed,
    accept_request,
    ask_back,
    decline,
    finish,
    may_answer,
)
from campaigns.services.session_requests.states import STEPS, NotPossible

__all__ = [
    "ANSWERERS",
    "STEPS",
    "Changed",
    "NotPossible",
    "Receipt",
    "accept_request",
    "answer_question",
    "ask_back",
    "correct_contact",
    "decline",
    "find",
    "finish",
    "is_known",
    "mail_links",
    "may_answer",
    "submit",
    "withdraw",
]
