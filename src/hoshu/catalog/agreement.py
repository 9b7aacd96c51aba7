"""The parameters of the questions about an agreement that runs or has ended: `[change]`, `[refund]` and so on.

Like the tables of `sections`, they are named after the question: another service fills them with its own numbers.
"""

from typing import Literal

from .parts import Period, Rule, Section


class DaysAhead(Rule):
    """At least `days` days before an event, its day not counted."""

    days: int


class ChangeKind(Rule):
    """Something that may or may not be changed while the agreement runs; `says` is the sentence to read out."""

    kind: str
    allowed: bool
    says: str
    run_of_days_only: bool = False
    """Only for plans whose days run from a start weekday."""
    otherwise_says: str = ""
    """The sentence for the other plans."""


class ChangeTerms(Section):
    """Which changes of the registered content are possible, and by when they must be notified."""

    notice: DaysAhead
    late: Rule
    in_japan: Rule
    option_lines: Rule
    kind: tuple[ChangeKind, ...]


class ExtensionTerms(Section):
    """When the extension of `[coverage].kit` is sold. Its length and the caps are those of the coverage."""

    opens: Rule
    opens_months: int
    """Months before the end of the coverage from which it is sold."""
    adds: Rule
    capped: Rule
    shortened_sold: Literal["by_approval", "yes", "no"]
    """Whether it is sold where a cap cuts the further year."""
    after_end: Literal["by_approval", "no"]
    """Whether it is sold once the coverage has ended."""
    stopped: Rule


class RefundGround(Rule):
    """Why the price might come back, and whether it does; `says` is the sentence to read out."""

    reason: str
    refund: Literal["yes", "no", "person_decides"]
    payer: Literal["seller", "provider", "nobody"] = "nobody"
    says: str


class RefundTerms(Section):
    """Whether what was paid is returned, and by whom. No period is stated for it."""

    ground: tuple[RefundGround, ...]


class TermsChangeTerms(Section):
    """From when changed terms are in force, and for whom."""

    effective: Rule
    effective_after_days: int
    binds_existing: bool


class ReperformanceTerms(Section):
    """When work is done again because the same fault came back."""

    recur: Period
    claim: Period
    remedy: Rule


class SecrecyException(Rule):
    """Why marked information is no secret after all; it counts only where the receiver proves it."""

    code: str
    label: str


class ConfidentialityTerms(Section):
    """What is a secret of the other party, and for how long."""

    keep: Period
    marked: Rule
    oral: Period
    agreed: Rule
    oral_counted_from: Literal["received", "documented"]
    unproven: Rule
    exception: tuple[SecrecyException, ...]


class DamageHead(Rule):
    """A head of damage, and whether it is owed."""

    code: str
    label: str
    owed: bool


class DamagesTerms(Section):
    """How much damage is paid, and by when it must be claimed."""

    cap: Rule
    head: tuple[DamageHead, ...]
    unclassified: Rule
    claim: Period
    claim_from: str
    """The fact from whose day the claim period runs."""
    claim_from_label: str


class CostsTerms(Section):
    """What of a visit's costs is billed; the items themselves stand in `[[cost_item]]`."""

    evidence: Rule
    unlisted: Rule
    only_with_others: tuple[str, ...] = ()
    """Cost codes that are billed only along with another billed kind of cost."""
    only_with_others_rule: Rule


class TransferTerms(Section):
    """Whether the customer's position may pass to somebody else."""

    consent: Rule
