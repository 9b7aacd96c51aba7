"""confidentiality: is this information a secret of the other party, and until when."""

from datetime import date

from hoshu.catalog import Edition, Plan
from hoshu.dates import within_years

from .facts import BOOL, DATE, Fact, Facts, Kind, Refusal, choice, whole_number
from .sentences import said
from .topic import CALENDAR, Answer, Decider, Reason, Topic, Trace, last_day, reasons

FACTS = {
    "received": Fact("受け取った日", DATE),
    "form": Fact("示され方", choice("marked", "oral", "unmarked")),
    "documented": Fact("書面などで示された日", DATE),
    "document_marked": Fact("書面などに秘密の表示があるかどうか", BOOL),
    "agreed_years": Fact("書面で定めた年数", Kind(whole_number(1, 100), "1以上の整数で指定してください。")),
    "agreed_until": Fact("書面で定めた期限", DATE),
    "exception": Fact("秘密情報から除く理由", choice("already_known", "became_public", "third_party", "independent")),
    "exception_proved": Fact("除く理由の証明の有無", BOOL),
}


def compile_confidentiality(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.confidentiality
    assert terms is not None
    exceptions = {each.code: each for each in terms.exception}

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        received: date = facts["received"]
        form, documented = facts["form"], facts.get("documented")
        for name in ("documented", "agreed_until"):
            if (day := facts.get(name)) is not None and day < received:
                raise Refusal(name, f"{FACTS[name].label}が受け取った日より前です。どちらかの日付を直してください。")
        days_off: list[str] = []
        document_by = last_day(terms.oral, received, "document_by", days_off, trace) if form == "oral" else None
        secret, found = _is_secret(form, document_by, documented, facts.get("document_marked"))
        if secret and (code := facts.get("exception")) is not None:
            secret, why = _unless_excepted(code, facts.get("exception_proved"))
            found += why
        until: date | None = None
        if secret:
            counted_from = received
            if form == "oral" and terms.oral_counted_from == "documented":
                counted_from = documented or received
            until, reason = _until(counted_from, facts, days_off, trace)
            found += reason
        if trace is not None:
            if document_by is not None:
                trace.step("書面などで示す期限", document_by, terms.oral)
            if until is not None:
                agreed = facts.get("agreed_until") or facts.get("agreed_years")
                trace.step("秘密とする期限", until, terms.agreed if agreed else terms.keep)
                if agreed:
                    trace.lost(terms.keep, f"書面で別に定めたため、{terms.keep.text}は使いません。")
        return {
            "confidential": secret,
            "provisional": secret and form == "oral" and documented is None,
            "until": until and until.isoformat(),
            "document_by": document_by and document_by.isoformat(),
            **({"day_off": days_off} if days_off else {}),
        }, found

    def _is_secret(
        form: str, document_by: date | None, documented: date | None, document_marked: bool | None
    ) -> tuple[bool, list[Reason]]:
        if document_by is None:
            text = "秘密と表示して渡されたため、秘密情報です。"
            if form == "unmarked":
                text = "秘密という表示がないため、秘密情報として扱いません。"
            return form == "marked", reasons(terms.marked, text)
        text = f"口頭で示された秘密は、{terms.oral.text}以内の{said[document_by]}までに書面などで示すことが必要です。"
        if documented is None:
            return True, reasons(terms.oral, f"{text}それまでは仮に秘密情報として扱います。", terms.oral.law)
        if documented > document_by:
            text += f"{said[documented]}では遅いため、秘密情報になりません。"
            return False, reasons(terms.oral, text, terms.oral.law)
        if document_marked is False:
            return False, reasons(terms.oral, "示された書面などに秘密の表示がないため、秘密情報になりません。")
        return True, reasons(terms.oral, f"{text}{said[documented]}に示されたため、秘密情報です。", terms.oral.law)

    def _unless_excepted(code: str, proved: bool | None) -> tuple[bool, list[Reason]]:
        """第4章 8.(2): an exception takes the secrecy away where the party that received the information proves it."""
        exception = exceptions.get(code)
        if exception is None:
            raise Refusal("exception", f"このサービスで除く理由にできるのは {'、'.join(exceptions)} です。")
        if proved:
            return False, reasons(exception, f"{exception.label}と証明されたため、秘密情報として扱いません。")
        return True, reasons(terms.unproven, f"{exception.label}という証明がないため、秘密情報のままです。")

    def _until(received: date, facts: Facts, days_off: list[str], trace: Trace | None) -> tuple[date, list[Reason]]:
        """第4章 8.(1): three years, or the period that the parties agreed in writing for this information."""
        agreed_until: date | None = facts.get("agreed_until")
        if agreed_until is None and facts.get("agreed_years") is None:
            until = last_day(terms.keep, received, "until", days_off, trace)
            text = f"{said[received]}から{terms.keep.text}の{said[until]}まで、第三者に開示しません。"
            return until, reasons(terms.keep, text, terms.keep.law)
        law: str | None = None
        if agreed_until is not None:
            until = agreed_until
        else:
            until, law = within_years(received, facts["agreed_years"]), terms.keep.law
        if not CALENDAR.is_business_day(until):
            days_off.append("until")
        text = f"書面で別に定めたため、{said[until]}まで第三者に開示しません。"
        return until, reasons(terms.agreed, text, law)

    return decide


TOPIC = Topic("confidentiality", FACTS, compile_confidentiality, by_plan=False)
