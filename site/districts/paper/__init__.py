"""Papers of a district: typeset from data, kept, and made again when the data change."""

from districts.paper.press import PaperFault, typeset
from districts.paper.stock import paper_for, paper_response, sizes
from districts.paper.words import channel_lines, chosen_channels, letterhead, qr_svg

__all__ = [
    "PaperFault",
    "channel_lines",
    "chosen_channels",
    "letterhead",
    "paper_for",
    "paper_response",
    "qr_svg",
    "sizes",
    "typeset",
]
