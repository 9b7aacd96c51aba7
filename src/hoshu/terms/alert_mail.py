"""alert_mail: which mails do these alerts make, when does each go out, and what does its subject show."""

from operator import itemgetter
from typing import Any

from hoshu.catalog import Edition, Plan

from .facts import TEXT, Fact, Facts, Refusal, list_of, quoted, record
from .instants import INSTANT, day_of_instant, written_instant
from .rating import ranks
from .topic import Answer, Decider, Reason, Topic, Trace, reasons

Alert = dict[str, Any]
"""An alert as it was read."""

FACTS = {
    "alerts": Fact(
        "アラート",
        list_of(
            record(
                {
                    "at": Fact("判定した日時", INSTANT),
                    "level": Fact("重要度", TEXT),
                    "contract": Fact("契約", TEXT),
                },
                {"unit": Fact("装置", TEXT)},
            )
        ),
    )
}


def compile_alert_mail(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.alert_mail
    assert terms is not None
    collect, subject, any_time = terms.collect, terms.subject, terms.any_time
    length = collect.minutes * 60
    by_unit = terms.one_mail_for == "unit"
    owner_of = itemgetter("contract", "unit") if by_unit else itemgetter("contract")
    is_known = all if by_unit else bool
    whose = "契約と装置" if by_unit else "契約"
    collected = f"最初のアラートから{collect.minutes}分の間のものを{whose}ごとにまとめ、"
    levels, rank_of = edition.alert_level, ranks(edition)

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        alerts: tuple[Alert, ...] = facts["alerts"]
        places = [(rank_of(alert["level"]), alert["at"]) for alert in alerts]
        if not all(map(is_known, map(owner_of, alerts))):
            text = f"{whose}のわからないアラートがあります。だれに送るかを決められるように指定してください。"
            raise Refusal("alerts", text)
        # In the body the higher levels come first, and of one level the earlier alerts.
        place_of = places.__getitem__
        mails, order, mixed = [], [], False
        for sent, numbers in _collected(alerts):
            numbers.sort(key=place_of)
            rank, contract = places[numbers[0]][0], alerts[numbers[0]]["contract"]
            mixed = mixed or rank != places[numbers[-1]][0]
            stars, count = levels[rank].stars, len(numbers)
            mails.append({"at": written_instant(sent), "contract": contract, "stars": stars, "count": count})
            order.append(numbers)
            if trace is not None:
                trace.step(f"{quoted(contract)}へ{count}件をまとめて送る日", day_of_instant(sent), collect)
        if not mails:
            return {"mails": [], "order": []}, reasons(collect, "送るアラートがないため、メールはありません。")
        found = reasons(collect, f"{collected}{len(alerts)}件を{len(mails)}通で送ります。")
        if mixed:
            found += reasons(subject, "重要度の違うアラートをまとめたメールの件名には、最も高い重要度を示します。")
        found += reasons(any_time, "メールは、曜日や時間帯によらず、いつでも自動で送ります。")
        return {"mails": mails, "order": order}, found

    def _collected(alerts: tuple[Alert, ...]) -> list[tuple[int, list[int]]]:
        """The numbers of the alerts of each mail, with the second at which it is sent; the earliest mail first."""
        received = [(owner_of(alert), alert["at"], number) for number, alert in enumerate(alerts)]
        received.sort()
        mails: list[tuple[int, Any, list[int]]] = []
        last: Any = None
        for whom, at, number in received:
            if whom != last or at >= mails[-1][0]:
                mails.append((at + length, whom, []))
                last = whom
            mails[-1][2].append(number)
        mails.sort()
        return [(sent, numbers) for sent, _, numbers in mails]

    return decide


TOPIC = Topic("alert_mail", FACTS, compile_alert_mail, by_plan=False)
