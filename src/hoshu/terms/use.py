"""use: may information be used for this purpose, and what must be on record for it."""

from hoshu.catalog import Edition, Plan

from .facts import BOOL, TEXT, Fact, Facts, Kind, choice, quoted, whole_number
from .topic import Answer, Decider, Reason, Topic, Trace, reasons

FACTS = {
    "purpose": Fact("利用目的", TEXT),
    "data": Fact("情報の出どころ", choice("form", "device")),
    "personal": Fact("個人情報を含むかどうか", BOOL),
    "deidentified": Fact("個人を特定できない形に加工したかどうか", BOOL),
    "opt_in": Fact("案内を受ける同意があるかどうか", BOOL),
    "opted_out": Fact("案内を断っているかどうか", BOOL),
    "requested": Fact("お客様からの求めの記録があるかどうか", BOOL),
    "needed_by_service": Fact("サービスに必要な項目かどうか", BOOL),
    "to_others": Fact("ほかの人に見せる集計かどうか", BOOL),
    "group_size": Fact("集計するお客様の数", Kind(whole_number(1), "1以上の整数で指定してください。")),
    "ended": Fact("規約が終わっているかどうか", BOOL),
}


def compile_use(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.use
    assert terms is not None
    purposes = {each.code: each for each in terms.purpose}
    smallest = terms.group.customers

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        purpose = purposes.get(facts["purpose"])
        if purpose is None:
            text = f"{quoted(facts['purpose'])}は、承諾された利用目的の一覧にないため、利用できません。"
            return {"allowed": False, "needs": []}, reasons(terms.listed, text)
        needs: list[str] = []
        against: list[Reason] = []
        found = reasons(purpose, f"「{purpose.name}」のための利用です。")
        get = facts.get
        if get("ended") and not purpose.after_end:
            against += reasons(terms.ended, f"規約が終わったため、「{purpose.name}」には利用しません。")
        if purpose.on_request:
            # Asked without this fact, the answer holds on the condition that the request is on record.
            if get("requested") is not True:
                needs.append("requested")
            if get("requested") is False:
                against += reasons(terms.requested, "お客様の求めの記録がないため、利用できません。")
            else:
                found += reasons(terms.requested, "お客様の求めの記録がある資料に限ります。")
        if facts["data"] == "device" and get("needed_by_service") is not True:
            needs.append("needed_by_service")
            against += reasons(terms.needed, "サービスに必要な項目と確かめられないため、機器の情報を利用できません。")
        # Unknown is not taken for harmless: only what is known to hold no personal information is free.
        as_it_is = get("personal") is not False and get("deidentified") is not True
        if as_it_is and purpose.personal != "as_it_is":
            if facts["data"] == "device":
                needs.append("deidentified")
                text = "個人情報を含みうる機器の情報は、個人を特定できない形に加工してから利用します。"
                against += reasons(terms.deidentified, text)
            elif purpose.personal == "deidentified":
                needs.append("deidentified")
                text = f"「{purpose.name}」には、個人を特定できない形に加工してから利用します。"
                against += reasons(terms.personal, text)
            elif get("opt_in") is not True:
                needs.append("opt_in")
                text = f"個人情報は、同意の記録がある人のものだけを「{purpose.name}」に利用します。"
                against += reasons(terms.personal, text)
        if purpose.personal == "opt_in" and get("opted_out"):
            against += reasons(terms.opted_out, f"お客様が「{purpose.name}」を断っているため、利用できません。")
        if get("to_others"):
            if as_it_is and "deidentified" not in needs:
                needs.append("deidentified")
                text = "ほかの人に見せる集計には、お客様や個人を特定できる情報を入れません。"
                against += reasons(terms.group, text)
            size = get("group_size")
            if size is None or size < smallest:
                needs.append("group_size")
                text = f"集計対象不足です。ほかの人に見せる集計は、{smallest}社以上をまとめたものに限ります。"
                against += reasons(terms.group, text)
            else:
                found += reasons(terms.group, f"{size}社をまとめた集計で、{smallest}社以上の条件を満たします。")
        if trace is not None and not against:
            trace.lost(terms.listed, "利用目的の一覧にある目的です。")
        return {"allowed": not against, "needs": needs}, against or found

    return decide


TOPIC = Topic("use", FACTS, compile_use, by_plan=False)
