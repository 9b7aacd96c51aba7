"""What every message has in common: whom it is for, what it is for, how it becomes words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from hoshu.notifications.notice import Addressee, Notice, Sender


class Purpose(StrEnum):
    """第2章 個人情報: personal data is used for these four and nothing else (IX-PII-01)."""

    SERVICE = "サービスの提供"
    REGISTRATION = "登録の手続き・確認・変更"
    CORRESPONDENCE = "これらに関するご連絡"
    IMPROVEMENT = "品質向上のための調査・分析"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What every message needs: whom it is for, and the clauses it rests on in the words of the edition."""

    addressee: Addressee
    clauses: tuple[str, ...] = ()

    id: ClassVar[str]
    title: ClassVar[str]
    why: ClassVar[str]
    """What made it be sent, for who asks later why (RC-PUR-03)."""
    purpose: ClassVar[Purpose]
    confidential: ClassVar[bool] = False
    """It holds what only the addressee may read, so it is sent without a row in the outbox, which staff can read."""
    sealed: ClassVar[bool] = False
    """So is its link alone: the row holds another in its place, and the true one is made whenever the mail leaves."""

    def notice(self, sender: Sender) -> Notice:
        """The message in words."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a service calls its own things: facts of a message, handed in by whoever knows the service."""

    service: str = ""
    """The service itself: 「サポートパック」."""
    number: str = "サービス手配番号"
    """The number of an agreement."""
    unit: str = "ネットワーク機器"
    serial: str = "製造番号"
    """The number of a unit."""
    quoted: str = "製造番号"
    """What to say first when asking for help."""
    starts: str = "サービス開始日"
    ends: str = "サポート満了日"


USUAL = Words()
"""What the network service says; of a message to which nobody handed in others."""
