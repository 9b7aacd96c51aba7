"""第3章 6.(6): the six pieces of information that a fault call needs, and what each lack means."""

from collections.abc import Sequence
from dataclasses import dataclass

from hoshu.cases.call import Call
from hoshu.cases.models import Case
from hoshu.cases.words import Backup, Evidence, Symptom
from hoshu.catalog import Edition
from hoshu.japan.names import sama


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One piece of information as it stands: what was said, and what is still asked for."""

    id: str
    number: str
    label: str
    clause: str
    value: str
    asked: str
    """What to ask for; empty where nothing is missing."""
    blocks: bool
    """True: no dispatch is decided while something is missing (IX-FLT-03, OR-46)."""

    @property
    def complete(self) -> bool:
        return not self.asked


def pieces(call: Call | Case, edition: Edition, *, unit_name: str = "", versions: Sequence[str] = ()) -> list[Piece]:
    """IX-FLT-03-1 … 6 in their order, by the list of the edition.

    `unit_name` is 品名・品名コード as registered, `versions` the provider's list of software versions.
    """
    said = {
        "IX-FLT-03-1": (_unit(call, unit_name), _ask_unit(call)),
        "IX-FLT-03-2": (_site(call), _ask_site(call)),
        "IX-FLT-03-3": (_symptoms(call), "" if call.symptoms else "どのような障害かを伺ってください。"),
        "IX-FLT-03-4": (
            _evidence(call),
            "" if any(call.evidence.values()) else "ハードウェアの障害と判断された根拠を、一つ以上伺ってください。",
        ),
        "IX-FLT-03-5": (call.software_version, _ask_version(call, versions)),
        "IX-FLT-03-6": (_backup(call), _ask_backup(call)),
    }
    return [
        Piece(
            id=item.id,
            number=item.number,
            label=item.label,
            clause=item.clause,
            value=said[item.id][0],
            asked=said[item.id][1],
            blocks=item.blocks_dispatch,
        )
        for item in edition.fault_information
        if item.id in said
    ]


def is_known(version: str, versions: Sequence[str]) -> bool:
    """IX-WRK-03: is this a version that can be installed? Without a list of the provider, any that was named."""
    return bool(version) and (not versions or version in versions)


def blocking(found: Sequence[Piece]) -> list[Piece]:
    """The pieces without which no dispatch is decided."""
    return [piece for piece in found if piece.blocks and not piece.complete]


def _unit(call: Call | Case, unit_name: str) -> str:
    return " ".join(filter(None, [unit_name, call.reported_as]))


def _ask_unit(call: Call | Case) -> str:
    if not call.reported_as:
        return "本体底面のラベルにある製造番号を伺ってください。"
    if not call.serial_confirmed:
        return "品名と製造番号を読み上げて、合っているか確かめてください。"
    return ""


def _site(call: Call | Case) -> str:
    return " ".join(filter(None, [call.site_address, sama(call.site_contact), call.site_phone]))


def _ask_site(call: Call | Case) -> str:
    asked = [
        name
        for name, value in (
            ("設置場所の住所", call.site_address),
            ("ご担当者のお名前", call.site_contact),
            ("電話番号", call.site_phone),
        )
        if not value
    ]
    return f"{'、'.join(asked)}を伺ってください。" if asked else ""


def _symptoms(call: Call | Case) -> str:
    words = [Symptom(code).label for code in call.symptoms]
    return "、".join([*words, *filter(None, [call.symptom_note])])


def _evidence(call: Call | Case) -> str:
    return "、".join(f"{Evidence(kind).label}: {text}" for kind, text in call.evidence.items() if text)


def _ask_version(call: Call | Case, versions: Sequence[str]) -> str:
    if not call.software_version:
        return "わからないときは、交換までの作業になります。"
    if not is_known(call.software_version, versions):
        return "一覧にないバージョンです。もう一度伺ってください。決まるまでは、交換までの作業になります。"
    return ""


def _backup(call: Call | Case) -> str:
    if not call.backup:
        return ""
    word = Backup(call.backup).label
    return f"{word}({call.backup_date:%Y/%m/%d})" if call.backup_date else word


def _ask_backup(call: Call | Case) -> str:
    """IX-SVC-03: unanswered is planned as not provided, and asked again before dispatch."""
    if not call.backup:
        return "最新のバックアップがあるかを伺ってください。ないときは、コンフィグの読み込みは行いません。"
    if call.backup == Backup.NONE:
        return "ご用意がなければ、コンフィグの読み込みはお客様の作業になります。"
    if call.backup == Backup.UNREADABLE:
        return (
            "読み込めるファイルをもう一度お願いしてください。なければ、コンフィグの読み込みはお客様の作業になります。"
        )
    return ""
