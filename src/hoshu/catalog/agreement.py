"""The parameters of the questions about an agreement that runs or has ended: `[change]`, `[refund]` and so on.

Like the tables of `sections`, they are named after the question: another service fills them with its own numbers.
"""

from typing import Literal

from .parts import Period, Rule, Section


class DaysAhead(Rule):
    """At least `days` days before an event, its day not counted."""

    days: int


class Said(Rule):
    """A rule whose sentence is the same in every answer."""

    says: str


class LateNotice(Rule):
    """What a notice that comes too late means; `says` is a further sentence about it."""

    says: str = ""


class ChangeKind(Rule):
    """Something that may or may not be changed while the agreement runs; `says` is the sentence to read out."""

    kind: str
    allowed: bool
    says: str
    run_of_days_only: bool = False
    """Only for plans whose days run from a start weekday."""
    otherwise_says: str = ""
    """The sentence for the other plans."""
    at_desk: bool = True
    """Whether it is notified in the way that `how` says; False where the customer makes the change."""


class ChangeTerms(Section):
    """Which changes of the registered content are possible, and by when they must be notified."""

    notice: DaysAhead | None = None
    """None where the terms fix no number of days."""
    late: LateNotice | None = None
    how: Said | None = None
    """In which way a change is notified."""
    in_japan: Rule | None = None
    """That a new site lies in Japan; None where the terms do not say so."""
    same_entity: Rule | None = None
    """That a new name is a name of the same legal person."""
    option_lines: Rule | None = None
    """How the lines of a printed change form are read; None where there is no such form."""
    yearly: Rule | None = None
    """That the customer is asked once a year whether what is registered still holds."""
    kind: tuple[ChangeKind, ...]

    def __post_init__(self) -> None:
        if (self.notice is None) != (self.late is None):
            raise ValueError("notice と late の片方しかありません。両方を書くか、両方を消してください。")
        if self.notice is not None and not {"requested", "effective"} <= {*self.required}:
            raise ValueError("notice は2つの日付から数えます。required に requested と effective を書いてください。")


class ExtensionTerms(Section):
    """When the extension of `[coverage].kit` is sold. Its length and the caps are those of the coverage."""

    opens: Rule
    opens_months: int
    """Months before the end of the coverage from which it is sold."""
    adds: Rule
    capped: Rule | None = None
    """What a cap does to it; without it, that is said by `adds`."""
    shortened_sold: Literal["by_approval", "yes", "no"]
    """Whether it is sold where a cap cuts the further year."""
    after_end: Literal["by_approval", "no"]
    """Whether it is sold once the coverage has ended."""
    stopped: Rule
    """What says that it is sold no longer once the provider has stopped selling it."""
    stated: Rule | None = None
    """That whoever orders it states the number of the agreement and its last day."""


class PeriodAfter(Period):
    """A period that counts from the day of `fact`, or of `instead` where that day is recorded."""

    fact: str
    label: str
    instead: str | None = None
    instead_label: str = ""


class RefundGround(Rule):
    """Why the price might come back, and whether it does; `says` is the sentence to read out."""

    reason: str
    refund: Literal["yes", "no", "person_decides"]
    payer: Literal["seller", "provider", "nobody"] = "nobody"
    within: PeriodAfter | None = None
    """By when the customer has to come for it; None where the terms set no time."""
    needs_proof: bool = False
    """Whether it comes back only against a proof of purchase."""
    if_registered: Literal["unchanged", "person_decides"] = "unchanged"
    """What becomes of it where the customer has registered, and agreed by that."""
    says: str


class RefundTerms(Section):
    """Whether what was paid is returned, and by whom."""

    ground: tuple[RefundGround, ...]


class TermsChangeTerms(Section):
    """From when changed terms are in force, and for whom."""

    effective: Rule
    effective_after_days: int
    """The first day they are in force, counted from their publication: 0 is its very day."""
    counted_from: Literal["first", "last"] = "first"
    """Where they were published and handed to the sellers on different days, which of the two counts."""
    binds_existing: bool
    binds_by_use: Rule | None = None
    """That using the service once they are in force means to agree to them."""


class ReperformanceTerms(Section):
    """When work is done again because the same fault came back."""

    recur: Period
    claim: Period
    remedy: Rule
    again: Rule | None = None
    """That the first period starts anew when work has been done again; without it, it never does."""


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
    owed: Literal["yes", "no", "person_decides"]


class DamagesTerms(Section):
    """How much damage is paid, and by when it must be claimed."""

    cap: Rule | None = None
    """That no more than the price is paid in all; without it the terms name no sum."""
    price_label: str = "代金"
    head: tuple[DamageHead, ...]
    unclassified: Rule
    talks: Rule | None = None
    """That nothing is paid before both sides have talked about the amount."""
    claim: Period | None = None
    """None where the terms set no time to claim."""
    claim_from: Literal["noticed", "known"] | None = None
    """The fact from whose day the claim period runs."""
    claim_from_label: str = ""

    def __post_init__(self) -> None:
        if (self.claim is None) != (self.claim_from is None):
            raise ValueError("claim と claim_from の片方しかありません。両方を書くか、両方を消してください。")
        if self.cap is not None and not {"price_yen", "paid_yen"} <= {*self.required}:
            raise ValueError("cap は金額から計算します。required に price_yen と paid_yen を書いてください。")


class CostsTerms(Section):
    """What of a visit's costs is billed; the items themselves stand in `[[cost_item]]`."""

    evidence: Rule | None = None
    """That a cost is billed with its proof only; without it, no proof is asked for."""
    unlisted: Rule
    only_with_others: tuple[str, ...] = ()
    """Kinds of cost that are billed only along with another billed kind."""
    only_with_others_rule: Rule | None = None
    not_own_calls: Rule | None = None
    """That the customer does not bear what the provider's own calls cost."""
    reperformance: Rule | None = None
    """That a person decides whether the costs of work done again are billed."""

    def __post_init__(self) -> None:
        if bool(self.only_with_others) != (self.only_with_others_rule is not None):
            raise ValueError(
                "only_with_others と only_with_others_rule の片方しかありません。両方を書くか、両方を消してください。"
            )


class TransferTerms(Section):
    """Whether the customer's position may pass to somebody else."""

    consent: Rule
    possible: Literal["with_consent", "never"] = "with_consent"
