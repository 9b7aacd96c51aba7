"""disclosure: which items of personal information may be shown to somebody, and what must be on record for it."""

from typing import Any

from hoshu.catalog import Edition, Plan
from hoshu.dates import MINUTES_OF_DAY

from .facts import DATE, TEXT, Fact, Facts, Refusal, choice, list_of, record
from .instants import INSTANT, said_instant
from .sentences import day_of, said
from .topic import Answer, Decider, Reason, Topic, Trace, needed, reasons

FACTS = {
    "recipient": Fact("開示する相手", choice("organisation", "re_subcontractor", "third_party")),
    "recipient_name": Fact("開示する相手の名前", TEXT),
    "items": Fact("開示する項目", list_of(TEXT)),
    "needed": Fact("業務に必要な項目", list_of(TEXT)),
    "at": Fact("開示する日時", INSTANT),
    "consent": Fact(
        "お客様の承諾",
        record(
            {"given": Fact("承諾を受けて保存した日時", INSTANT)},
            {
                "recipient": Fact("承諾された相手の名前", TEXT),
                "items": Fact("承諾された項目", list_of(TEXT)),
                "purpose": Fact("承諾された目的", TEXT),
                "until": Fact("承諾の期限", DATE),
                "withdrawn": Fact("承諾の取り消しの日時", INSTANT),
                "form": Fact("承諾の形", choice("paper", "electronic")),
            },
        ),
    ),
    "agreement": Fact(
        "同等の義務を課す契約", record({"from": Fact("契約の初日", DATE), "to": Fact("契約の末日", DATE)})
    ),
}

_DAY = MINUTES_OF_DAY * 60


def compile_disclosure(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.disclosure
    assert terms is not None

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        if not facts["items"]:
            raise Refusal("items", "開示する項目がありません。項目を一つ以上指定してください。")
        if facts["recipient"] == "organisation":
            text = "サービスを提供する組織の中での利用のため、第三者への開示に当たりません。"
            return _split(facts["items"], facts["items"], []), reasons(terms.inside, text)
        if facts["recipient"] == "re_subcontractor":
            return _under_agreement(facts, trace)
        return _under_consent(facts, trace)

    def _under_agreement(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        """To somebody who works for the provider: what the work needs, under an agreement with the same duties."""
        day, agreement = day_of[facts["at"] // _DAY], facts.get("agreement")
        if agreement is not None and agreement["to"] < agreement["from"]:
            raise Refusal("agreement", "契約の末日が初日より前です。どちらかの日付を直してください。")
        if agreement is None or not agreement["from"] <= day <= agreement["to"]:
            text = f"{said[day]}に有効な、同等の義務を課す契約の記録がないため、再委託先に開示できません。"
            return _split(facts["items"], (), ["agreement"]), reasons(terms.agreement, text)
        required = needed(facts, "needed", "再委託先の業務に必要な項目を、一覧で指定してください。")
        answer = _split(facts["items"], required, [])
        found: list[Reason] = []
        if answer["allowed"]:
            text = f"同等の義務を課す契約が{said[agreement['to']]}まで有効なため、必要な項目を開示できます。"
            found += reasons(terms.agreement, text)
        if answer["refused"]:
            text = f"業務に必要のない{len(answer['refused'])}項目は、再委託先に開示できません。"
            found += reasons(terms.needed, text)
        if trace is not None:
            trace.step("契約の末日", agreement["to"], terms.agreement)
            trace.lost(terms.consent, "再委託先への開示は契約によるため、お客様の承諾の記録は使いません。")
        return answer, found

    def _under_consent(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        """To anybody else: what the customer agreed to in writing before."""
        consent = facts.get("consent")
        if trace is not None:
            if consent is not None:
                trace.step("承諾を受けた日", day_of[consent["given"] // _DAY], terms.consent)
                trace.step("承諾の期限", consent["until"], terms.consent)
            trace.lost(terms.agreement, "相手が再委託先ではないため、業務の契約では開示できません。")
        if consent is None or (why := _lacks(consent, facts)):
            why = why if consent is not None else "お客様の書面による承諾がありません。"
            text = f"{why}第三者には開示できません。"
            return _split(facts["items"], (), ["consent"]), reasons(terms.consent, text)
        answer = _split(facts["items"], consent["items"], [])
        found: list[Reason] = []
        if answer["allowed"]:
            text = f"{said_instant(consent['given'])}の承諾にある項目を、その相手に開示できます。"
            if consent["form"] == "electronic":
                text += "電子的な承諾を、書面による承諾として扱います。"
            found += reasons(terms.consent, text)
        if answer["refused"]:
            answer["needs"].append("consent")
            text = f"承諾にない{len(answer['refused'])}項目は、第三者に開示できません。"
            found += reasons(terms.consent, text)
        return answer, found

    def _lacks(consent: Any, facts: Facts) -> str:
        """Why a consent does not count for this disclosure; empty where it does."""
        at, recipient = facts["at"], facts.get("recipient_name")
        if not consent["recipient"] or not consent["items"]:
            return "相手と項目のない承諾は、承諾として扱いません。"
        if consent["form"] != "paper" and not terms.consent.electronic_counts:
            return "書面による承諾の記録がありません。"
        if recipient is not None and recipient != consent["recipient"]:
            return "承諾された相手と違います。"
        if consent["given"] >= at:
            return f"承諾が{said_instant(consent['given'])}で、開示より前ではありません。"
        if consent["until"] is not None and day_of[at // _DAY] > consent["until"]:
            return f"承諾の期限の{said[consent['until']]}を過ぎています。"
        if consent["withdrawn"] is not None and consent["withdrawn"] <= at:
            return f"承諾は{said_instant(consent['withdrawn'])}に取り消されています。"
        return ""

    return decide


def _split(items: Any, open_items: Any, needs: list[str]) -> Answer:
    return {
        "allowed": [item for item in items if item in open_items],
        "refused": [item for item in items if item not in open_items],
        "needs": needs,
    }


TOPIC = Topic("disclosure", FACTS, compile_disclosure, by_plan=False)
