"""What is wrong with an edition, and where: the one shape that every check gives its findings."""

from typing import Literal, NamedTuple

Severity = Literal["error", "note"]

SEVERITY_LABELS = {"error": "誤り", "note": "注意"}


class Finding(NamedTuple):
    """Something to put right (error), or to look at once more (note)."""

    severity: Severity
    file: str
    line: int
    key: str
    """The way to it in the file, as `registration.deadline[0].days`; empty for the file as a whole."""
    where: str
    """The same in words: 登録の承諾 › 申し込みの期限（1番目） › 日数."""
    says: str
    """What is wrong, as whole sentences."""
    do: str
    """What to do about it, as whole sentences."""

    @property
    def label(self) -> str:
        """誤り or 注意."""
        return SEVERITY_LABELS[self.severity]

    @property
    def place(self) -> str:
        """`file:line`, and the key where there is one."""
        return f"{self.file}:{self.line}" + (f": {self.key}" if self.key else "")


class Issue(NamedTuple):
    """What a check found: a finding whose place is not yet a line."""

    severity: Severity
    place: tuple[str | int, ...]
    says: str
    do: str
