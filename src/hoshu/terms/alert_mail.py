"""alert_mail: which mails do these alerts make, when does each go out, and what does its subject show."""

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
    owner = ("contract", "unit") if terms.one_mail_for == "unit" else ("contract",)
    whose = "契約と装置" if terms.one_mail_for == "unit" else "契約"
    levels, rank_of = edition.alert_level, ranks(edition)

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        alerts: tuple[Alert, ...] = facts["alerts"]
        rank = [rank_of(alert["level"]) for alert in alerts]
        if any(not alert[name] for alert in alerts for name in owner):
            raise Refusal(
                "alerts", f"{whose}のわからないアラートがあります。だれに送るかを決められるように指定してください。"
            )
        mails, order = [], []
        for sent, numbers in _collected(alerts):
            # In the body the higher levels come first, and of one level the earlier alerts.
            numbers.sort(key=lambda number: (rank[number], alerts[number]["at"]))
            top = numbers[0]
            stars, contract = levels[rank[top]].stars, alerts[top]["contract"]
            mails.append({"at": written_instant(sent), "contract": contract, "stars": stars, "count": len(numbers)})
            order.append(numbers)
            if trace is not None:
                trace.step(f"{quoted(contract)}へ{len(numbers)}件をまとめて送る日", day_of_instant(sent), collect)
        if not mails:
            return {"mails": [], "order": []}, reasons(collect, "送るアラートがないため、メールはありません。")
        text = f"最初のアラートから{collect.minutes}分の間のものを{whose}ごとにまとめ、"
        found = reasons(collect, f"{text}{len(alerts)}件を{len(mails)}通で送ります。")
        if any(rank[numbers[0]] != rank[numbers[-1]] for numbers in order):
            found += reasons(subject, "重要度の違うアラートをまとめたメールの件名には、最も高い重要度を示します。")
        found += reasons(any_time, "メールは、曜日や時間帯によらず、いつでも自動で送ります。")
        return {"mails": mails, "order": order}, found

    def _collected(alerts: tuple[Alert, ...]) -> list[tuple[int, list[int]]]:
        """The numbers of the alerts of each mail, with the second at which it is sent; the earliest mail first."""
        mails: list[tuple[int, tuple[str, ...], list[int]]] = []
        last: tuple[str, ...] = ()
        for whom, at, number in sorted(
            (tuple(alert[name] for name in owner), alert["at"], number) for number, alert in enumerate(alerts)
        ):
            if whom != last or at >= mails[-1][0]:
                mails.append((at + length, whom, []))
                last = whom
            mails[-1][2].append(number)
        return [(sent, numbers) for sent, _, numbers in sorted(mails)]

    return decide


TOPIC = Topic("alert_mail", FACTS, compile_alert_mail, by_plan=False)
