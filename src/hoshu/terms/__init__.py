"""The rules: question in, answer with its reasons out. Pure: no clock, no database, nothing outside.

`decide` is the only judge of what a service promises. Screens, jobs, the API and the command line all ask it.
"""

from .asking import DECIDING_EDITION, known_facts
from .engine import adopt, decide
from .facts import BOOL, DATE, MOMENT, Fact, Kind, Misfit, quoted
from .naming import answer_label, code_label, code_labels, fact_label
from .offered import Offer, offer, offers
from .topic import SAYS_THE_SAME
from .topics import LABELS as TOPIC_LABELS
from .vocabulary import PART_NAMES

__all__ = [
    "BOOL",
    "DATE",
    "DECIDING_EDITION",
    "MOMENT",
    "PART_NAMES",
    "SAYS_THE_SAME",
    "TOPIC_LABELS",
    "Fact",
    "Kind",
    "Misfit",
    "Offer",
    "adopt",
    "answer_label",
    "code_label",
    "code_labels",
    "decide",
    "fact_label",
    "known_facts",
    "offer",
    "offers",
    "quoted",
]
