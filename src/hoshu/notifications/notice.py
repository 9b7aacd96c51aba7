"""What a mail or a letter says, and how it is dressed: plain text, HTML and PDF say the same because they are one."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from django.template.loader import render_to_string

from hoshu.accounts.models import Operator
from hoshu.dates import JST
from hoshu.japan.names import addressed

Rows = tuple[tuple[str, str], ...]

_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


class Action(StrEnum):
    """What the reader has to do; the subject begins with it."""

    ACT = "ご対応ください"
    CHECK = "ご確認ください"
    NONE = "お手続き不要"


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """Whom a letter is for."""

    organisation: str = ""
    department: str = ""
    person: str = ""
    postal_code: str = ""
    address: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The name as it stands over a letter, 御中 or 様 on the last line."""
        return addressed(company=self.organisation, department=self.department, person=self.person)


@dataclass(frozen=True, kw_only=True)
class Sender:
    """The operator as letters show it. What is not known is left out, never guessed (IX-PII-05)."""

    name: str
    department: str = ""
    postal_code: str = ""
    address: str = ""
    registration_number: str = ""
    registration_centre: str = ""
    registration_email: str = ""
    fault_desk: str = ""
    fault_desk_phone: str = ""
    privacy_officer: str = ""

    @classmethod
    def of(cls, operator: Operator) -> Self:
        return cls(**{name: getattr(operator, name) for name in cls.__dataclass_fields__})

    @property
    def lines(self) -> tuple[str, ...]:
        """Name and address, as they stand at the top right of a letter."""
        code = self.postal_code and f"〒{self.postal_code}"
        number = self.registration_number and f"登録番号 {self.registration_number}"
        return tuple(line for line in (self.name, self.department, code, self.address, number) if line)

    @property
    def registration_contact(self) -> Rows:
        """Whom to ask about a registration."""
        return filled(("お問い合わせ先", self.registration_centre or self.name), ("メール", self.registration_email))

    @property
    def fault_contact(self) -> Rows:
        """Whom to call about a fault."""
        return filled(("障害受付窓口", self.fault_desk or self.name), ("電話", self.fault_desk_phone))

    @property
    def privacy_contact(self) -> Rows:
        """Whom to ask about personal information."""
        return filled(("個人情報の管理責任者", self.privacy_officer), *self.registration_contact)


@dataclass(frozen=True, kw_only=True)
class Notice:
    """The parts of every message, in the order in which they are read."""

    title: str
    reference: str = ""
    """The number by which both sides find the matter again."""
    action: Action
    addressee: Addressee
    point: str
    """The first line: what happened, in one sentence."""
    facts: Rows
    steps: tuple[str, ...] = ()
    """What to do, in order."""
    link: tuple[str, str] | None = None
    """What the button says and where it leads."""
    notes: tuple[str, ...] = ()
    contact: Rows
    clauses: tuple[str, ...] = ()
    foot: Rows = ()
    """What the service says at the foot of each of its mails, with its clause."""
    sender: Sender

    @property
    def subject(self) -> str:
        """「【ご確認ください】登録完了のお知らせ（S-000123）」: one line, whatever the facts hold."""
        number = f"（{self.reference}）" if self.reference else ""
        return re.sub(r"\s+", " ", clean(f"【{self.action}】{self.title}{number}"))[:200]

    def text(self) -> str:
        """The mail as plain text."""
        return clean(render_to_string("notifications/mail.txt", {"notice": self})).strip() + "\n"

    def html(self) -> str:
        """The same as HTML: what goes inside `<body>`, without any style of its own."""
        return clean(render_to_string("notifications/mail.html", {"notice": self})).strip()


def clean(value: str) -> str:
    """`value` without control characters other than line breaks."""
    return _CONTROLS.sub("", value.replace("\r\n", "\n").replace("\t", " "))


def day(when: date) -> str:
    """「2026/11/20(金)」."""
    return f"{when:%Y/%m/%d}({'月火水木金土日'[when.weekday()]})"


def moment(when: datetime) -> str:
    """「2026/11/20(金) 08:30」 in Japan."""
    return f"{day(when.astimezone(JST))} {when.astimezone(JST):%H:%M}"


def filled(*rows: tuple[str, str]) -> Rows:
    """The rows that hold something."""
    return tuple(row for row in rows if row[1])
