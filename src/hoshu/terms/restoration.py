"""restoration: which work is done after an exchange."""

from collections.abc import Iterable, Mapping
from typing import Any

from hoshu.catalog import Edition, Plan
from hoshu.catalog.work import RestorationCorrection, RestorationTerms, When

from .facts import BOOL, TEXT, Fact, Facts, Kind, Refusal, list_of, whole_number
from .topic import Answer, Decider, Reason, Topic, Trace, reasons
from .vocabulary import shared

_Conditions = tuple[tuple[str, tuple[object, ...]], ...]
"""Facts, each with the values that fit, in the order in which they are looked at."""


def compile_restoration(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.restoration
    assert terms is not None
    levels = [(level, _conditions(level.when)) for level in terms.level]
    required = frozenset(terms.required)
    corrections = [(each, _conditions(each.when)) for each in terms.correction]
    remarks = {remark.code: (remark, _conditions(remark.when)) for remark in terms.remark}
    given = dict.fromkeys(name for level in terms.level for name in level.gives)

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        _check_codes(terms, facts)
        known: dict[str, Any] = terms.assumed | {name: value for name, value in facts.items() if value is not None}
        found: list[Reason] = []
        for correction, conditions in corrections:
            if _fits(known, conditions) and _is_lacking(known, correction):
                known |= correction.sets
                found += reasons(correction, correction.says)
        level = next((level for level, conditions in levels if _is_taken(known, conditions)), None)
        if level is None:
            raise Refusal(terms.required[0], "この内容の作業は、約款の表にありません。内容を確かめてください。")
        found += reasons(level, level.says)
        for step in terms.step:
            if step.code in level.steps:
                found += reasons(step, step.done)
            elif step.code in level.left:
                found += reasons(step, step.left)
        answer = {"steps": list(level.steps), "left_to_customer": list(level.left), **given, **level.gives}
        for code in level.remarks:
            remark, conditions = remarks[code]
            if _fits(known, conditions) and known.keys().isdisjoint(remark.unknown):
                answer |= remark.gives
                found += reasons(remark, remark.says)
        if trace is not None:
            for other, conditions in levels:
                if other is not level and _fits(known, (each for each in conditions if each[0] in required)):
                    trace.lost(other, other.says)
        return answer, found

    return decide


def _conditions(when: When) -> _Conditions:
    return tuple((name, value if isinstance(value, tuple) else (value,)) for name, value in when.items())


def _is_taken(known: Mapping[str, Any], conditions: _Conditions) -> bool:
    """Whether a row holds. Refuses where it turns on a fact that is unknown and not assumed."""
    for name, values in conditions:
        if name not in known:
            raise Refusal(name, f"「{FACTS[name].label}」によって作業が変わります。指定してください。")
        if known[name] not in values:
            return False
    return True


def _fits(known: Mapping[str, Any], conditions: Iterable[tuple[str, tuple[object, ...]]]) -> bool:
    """Whether facts are known and have the values."""
    return all(known.get(name) in values for name, values in conditions)


def _is_lacking(known: Mapping[str, Any], correction: RestorationCorrection) -> bool:
    return all(name in known and code not in known[name] for name, code in correction.lacks.items())


def _check_codes(terms: RestorationTerms, facts: Facts) -> None:
    for name, codes in terms.codes.items():
        value = facts.get(name)
        if value is not None and not {*((value,) if isinstance(value, str) else value)}.issubset(codes):
            raise Refusal(name, f"{FACTS[name].label}は、{'、'.join(codes)} のどれかで指定してください。")


FACTS = shared(
    software_version_known=Fact("ソフトウェアのバージョンがわかるか", BOOL),
    config_backup_available=Fact("最新のコンフィグのバックアップがあるか", BOOL),
    config_backup_readable=Fact("バックアップを読み取れるか", BOOL),
    part=Fact("交換する部品", TEXT),
    raid=Fact("RAID の構成か", BOOL),
    failed_disks=Fact("故障したディスクの数", Kind(whole_number(1, 10_000), "1以上の整数で指定してください。")),
    soft_mirror_lost=Fact("ソフトウェアのミラーが失われたか", BOOL),
    array_running=Fact("ディスクアレイが動いているか", BOOL),
    settings_collected=Fact("設定情報を採取してあるか", BOOL),
    settings_kinds=Fact("採取してある設定情報の種類", list_of(TEXT)),
    hardware_fault=Fact("ハードウェアの故障か", BOOL),
    pp_supported=Fact("ソフトウェアの保守の対象か", BOOL),
    licence_keys=Fact("ライセンスキーがそろっているか", BOOL),
    software=Fact("ソフトウェアの種類", TEXT),
)

TOPIC = Topic("restoration", FACTS, compile_restoration, by_plan=False, by_service=True)
