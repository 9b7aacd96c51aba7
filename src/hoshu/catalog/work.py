"""The parameters of the work itself: `[restoration]` after an exchange, `[software_support]` and `[upgrade]`.

They are named after the question: another service fills them with its own units, facts and codes.
"""

from typing import Literal

from .parts import Rule, Section

When = dict[str, bool | int | str | tuple[str, ...]]
"""Facts and the value each must have; of a list of values, any."""


class RestorationLevel(Rule):
    """A row of the table of work: what is known decides what is done. The first row that holds is taken."""

    when: When = {}
    steps: tuple[str, ...]
    left: tuple[str, ...] = ()
    """The steps that are left to the customer."""
    gives: dict[str, int | str] = {}
    """Further members of the answer. What another row gives and this one does not is null."""
    remarks: tuple[str, ...] = ()
    """Codes of the remarks that may be added to this row."""
    says: str


class RestorationStep(Rule):
    """A step that a sentence of its own is said about, where it is done and where it is left."""

    code: str
    done: str
    left: str


class RestorationCorrection(Rule):
    """Facts that are taken otherwise than they were given, and why: a backup that nobody can read is none."""

    when: When
    lacks: dict[str, str] = {}
    """Lists that were given, and the code that each lacks."""
    sets: dict[str, bool]
    says: str


class RestorationRemark(Rule):
    """What is added to the rows that name it where its facts hold; it may change what they give."""

    code: str
    when: When = {}
    unknown: tuple[str, ...] = ()
    """Facts that nobody knows."""
    gives: dict[str, int | str] = {}
    says: str


class RestorationTerms(Section):
    """Which work is done after an exchange."""

    level: tuple[RestorationLevel, ...]
    step: tuple[RestorationStep, ...] = ()
    correction: tuple[RestorationCorrection, ...] = ()
    remark: tuple[RestorationRemark, ...] = ()
    assumed: dict[str, bool] = {}
    """What holds of facts that nobody knows. A row that turns on any other unknown fact asks for it."""
    codes: dict[str, tuple[str, ...]] = {}
    """The codes that a fact may have; another one is refused."""

    def __post_init__(self) -> None:
        known = {remark.code for remark in self.remark}
        for level in self.level:
            if unknown := [code for code in level.remarks if code not in known]:
                raise ValueError(
                    f"「{unknown[0]}」という補足（remark）はありません。"
                    "綴りを直すか、[[restoration.remark]] に書き足してください。"
                )


class SupportCheck(Rule):
    """A fact that stands in the way of an answer where it has `value`."""

    fact: str
    value: bool
    outcome: Literal["refused", "on_hold"] = "refused"
    code: str = ""
    says: str


class SupportEnd(Rule):
    """A date that ends the support of a product: its last day, or the first day without it."""

    fact: str
    last_day: bool
    """Whether the day itself still belongs to the support."""
    code: str = ""
    says: str
    """With {day} for the day."""


class SoftwareSupportTerms(Section):
    """Whether an inquiry about a product is accepted, from when it counts as received, and what it counts."""

    part: str
    """The part of the plan in whose hours inquiries are taken."""
    accepted: Rule
    limit: Rule
    """How many inquiries a product's specification allows."""
    counted: Rule
    """What belongs to an inquiry and so is not counted again."""
    received: Rule
    spec: Rule
    """The product's specification prevails."""
    check: tuple[SupportCheck, ...] = ()
    end: tuple[SupportEnd, ...] = ()


class Release(Rule):
    """A type of release, and whether separate conditions decide if it is supplied."""

    type: str
    label: str
    has_conditions: bool


class UpgradeTerms(Section):
    """Whether a newer release is supplied, and which version is supported until when."""

    release: tuple[Release, ...]
    moves: Rule
    """Support moves to the version in use."""
    other_product: Rule
    """Products that are not on the contract."""
