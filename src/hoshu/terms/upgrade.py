"""upgrade: is a newer release supplied on request, and which version is supported until when."""

from datetime import date, timedelta

from hoshu.catalog import Edition, Plan
from hoshu.catalog.work import Release, UpgradeTerms

from .facts import BOOL, DATE, TEXT, Fact, Facts, Refusal, list_of
from .sentences import said, written
from .topic import Answer, Decider, Reason, Topic, Trace, needed, reasons
from .vocabulary import shared


def compile_upgrade(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.upgrade
    assert terms is not None
    releases = {release.type: release for release in terms.release}

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        release = releases.get(facts["type"])
        if release is None:
            raise Refusal("type", f"{'、'.join(releases)} のどれかで指定してください。")
        supply, found = _supplied(terms, release, facts)
        in_use: date | None = facts.get("in_use")
        end: date | None = facts.get("end")
        _check_dates(facts, supply)
        if in_use is not None:
            last = in_use - timedelta(days=1)
            text = f"{said[in_use]}から新しい版を支援します。前の版の支援は{said[last]}までです。"
            found += reasons(terms.moves, text)
            if trace is not None:
                trace.step("前の版の支援の最後の日", last, terms.moves)
                trace.step("新しい版の支援の最初の日", in_use, terms.moves)
        elif trace is not None:
            trace.lost(terms.moves, "新しい版をまだ使い始めていないため、前の版の支援が続きます。")
        return {
            "supply": supply,
            "old_until": written(None if in_use is None else in_use - timedelta(days=1)),
            "new_from": written(in_use),
            "new_until": written(None if in_use is None else end),
        }, found

    return decide


def _supplied(terms: UpgradeTerms, release: Release, facts: Facts) -> tuple[bool, list[Reason]]:
    if facts.get("pp_on_contract") is False:
        text = "契約の対象でないソフトウェアのため、お渡しできません。"
        return False, reasons(terms.other_product, text)
    text = f"求めに応じて{release.label}をお渡しします。"
    if release.has_conditions:
        answered = needed(facts, "conditions", f"{release.label}のサポート条件を満たすか、すべて指定してください。")
        unmet = [str(number) for number, met in enumerate(answered, 1) if not met]
        if unmet:
            text = f"サポート条件の{'、'.join(unmet)}番目を満たさないため、{release.label}をお渡しできません。"
            return False, reasons(release, text)
        text = f"サポート条件を満たすため、{release.label}をお渡しします。" if answered else text
    if facts.get("installation_wanted"):
        text += "入れる作業は含まないため、お客様にお願いします。"
    return True, reasons(release, text)


def _check_dates(facts: Facts, supply: bool) -> None:
    """VA-PPS-07: a request comes before the supply, the supply before the first day of use, and that before the end."""
    requested, supplied, in_use, end = (facts.get(name) for name in ("requested", "supplied", "in_use", "end"))
    if not supply:
        for name, day in (("supplied", supplied), ("in_use", in_use)):
            if day is not None:
                raise Refusal(name, "お渡しできない版の日付が入っています。日付を外してください。")
    if requested is not None and supplied is not None and supplied < requested:
        raise Refusal("supplied", "お渡しした日が、ご依頼の日より前です。日付を直してください。")
    if in_use is None:
        return
    if supplied is not None and in_use < supplied:
        raise Refusal("in_use", "使い始めた日が、お渡しした日より前です。日付を直してください。")
    if supplied is None and requested is not None and in_use < requested:
        raise Refusal("in_use", "使い始めた日が、ご依頼の日より前です。日付を直してください。")
    if end is not None and in_use > end:
        raise Refusal("in_use", "使い始めた日が、支援の最後の日より後です。日付を直してください。")


TOPIC = Topic(
    "upgrade",
    shared(
        type=Fact("版の種類", TEXT),
        requested=Fact("ご依頼の日", DATE),
        supplied=Fact("お渡しした日", DATE),
        in_use=Fact("使い始めた日", DATE),
        conditions=Fact("サポート条件", list_of(BOOL)),
        end=Fact("支援の最後の日", DATE),
        pp_on_contract=Fact("契約の対象のソフトウェアか", BOOL),
        installation_wanted=Fact("入れる作業も望むか", BOOL),
    ),
    compile_upgrade,
    by_plan=False,
)
