"""For those who write terms: check an edition, explain a clause, tell two editions apart, draw an agreement.

Everything here takes texts of editions (`catalog.Source`) and gives data: findings, sentences, a drawing. The command
line and the console show the very same. It knows no rule of its own: what an edition answers, `terms.decide` says.
"""

from .checking import Checked, check
from .differing import Difference, Differences, differences
from .effects import BookEffect, RowEffect, effect_on
from .examples import ExampleRun, ExampleShown
from .explaining import ClauseShown, NoSuchClause, ReadingShown, RuleShown, explain
from .findings import SEVERITY_LABELS, Finding
from .picture import NotDrawn, draw

__all__ = [
    "SEVERITY_LABELS",
    "BookEffect",
    "Checked",
    "ClauseShown",
    "Difference",
    "Differences",
    "ExampleRun",
    "ExampleShown",
    "Finding",
    "NoSuchClause",
    "NotDrawn",
    "ReadingShown",
    "RowEffect",
    "RuleShown",
    "check",
    "differences",
    "draw",
    "effect_on",
    "explain",
]
