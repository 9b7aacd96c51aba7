"""admission: is a report taken, is it written, and does it count as delivered late.

One order of checks, the first that fails decides: the encryption, the certificate, the unit it belongs to, the terms in
force at the receipt, the sequence number, and last what the report says about its own time. Whoever is not who he says
he is thus learns nothing about the agreement, and no time that a unit states can move a report into the agreement.
"""

from collections.abc import Callable

from hoshu.catalog import Edition, Plan
from hoshu.catalog.reporting import Admission
from hoshu.dates import MINUTES_OF_DAY

from .facts import BOOL, Fact, Facts, Kind, Misfit, Refusal, choice
from .instants import INSTANT, said_instant
from .sentences import day_of
from .topic import Answer, Decider, Reason, Topic, Trace, needed, reasons

_VERSIONS = ("none", "SSLv2", "SSLv3", "1.0", "1.1", "1.2", "1.3")
"""From no encryption to the newest."""

_RANKS = {name: rank for rank, name in enumerate(_VERSIONS)}
_RANKS |= {f"TLSv{name}": rank for name, rank in _RANKS.items() if name[0] == "1"} | {"TLSv1": _RANKS["1.0"]}
"""Programs call them TLSv1.2, people 1.2."""


def _read_version(value: object) -> int | None:
    """How new the version is, as its place among all of them."""
    if value is None:
        return None
    if not isinstance(value, str) or value not in _RANKS:
        raise Misfit
    return _RANKS[value]


STATES = {
    "expired": "期限切れです",
    "not_yet": "まだ有効期間に入っていません",
    "revoked": "失効しています",
    "foreign": "このサービスの発行したものではありません",
    "wrong_usage": "クライアント認証用のものではありません",
    "none": "示されていません",
}
"""What is wrong with a certificate that is not valid."""

FACTS = {
    "accepted": Fact("規約を承諾した日時", INSTANT),
    "ends": Fact("規約が終わる日時", INSTANT),
    "received": Fact("報告を受けた日時", INSTANT),
    "measured": Fact("値を測った日時", INSTANT),
    "sent": Fact("機器が送った日時", INSTANT),
    "tls": Fact("通信の暗号化", Kind(_read_version, f"{'、'.join(_VERSIONS)} のどれかで指定してください。")),
    "forward_secrecy": Fact("前方秘匿性のある暗号かどうか", BOOL),
    "certificate": Fact("クライアント証明書の状態", choice("valid", *STATES)),
    "serial_matches": Fact("製造番号が証明書と合うかどうか", BOOL),
    "sequence": Fact("報告の通し番号", choice("new", "repeat_same", "repeat_different", "missing")),
}

_DAY = MINUTES_OF_DAY * 60

Check = tuple[Admission, Callable[[Facts], str], str]
"""A condition; why it is not met, empty where it is; and what is said of it where it is."""


def compile_admission(edition: Edition, plan: Plan | None) -> Decider:
    terms = edition.admission
    assert terms is not None
    least = _RANKS[terms.encryption.version]
    ahead, oldest = terms.clock.minutes * 60, terms.backlog.hours * 3600
    in_time = terms.late.minutes * 60
    taken_before_acceptance = terms.values_before_acceptance == "taken"

    def encryption(facts: Facts) -> str:
        if needed(facts, "tls", f"通信の暗号化を {'、'.join(_VERSIONS)} のどれかで指定してください。") < least:
            return f"通信がTLS {terms.encryption.version}以上で暗号化されていません。"
        if facts.get("forward_secrecy") is False:
            return "通信の暗号に前方秘匿性がありません。"
        return ""

    def certificate(facts: Facts) -> str:
        state = needed(facts, "certificate", "クライアント証明書の状態を指定してください。")
        return "" if state == "valid" else f"クライアント証明書は{STATES[state]}。"

    def identity(facts: Facts) -> str:
        matches = needed(facts, "serial_matches", "報告の製造番号が証明書と合うかどうかを指定してください。")
        return "" if matches else "報告の製造番号が、証明書の機器のものではありません。"

    def in_force(facts: Facts) -> str:
        accepted, ends, received = facts.get("accepted"), facts.get("ends"), facts["received"]
        if accepted is None:
            return "規約の承諾がありません。"
        if received < accepted:
            return f"{said_instant(received)}に届き、規約の有効になる{said_instant(accepted)}より前です。"
        if ends is not None and received >= ends:
            return f"{said_instant(received)}に届き、規約は{said_instant(ends)}に終わっています。"
        return ""

    def sequence(facts: Facts) -> str:
        number = needed(facts, "sequence", "通し番号が新しいか、前と同じかを指定してください。")
        return "報告に通し番号がありません。" if number == "missing" else ""

    def replay(facts: Facts) -> str:
        return "受け取り済みの通し番号で、内容が違います。" if facts["sequence"] == "repeat_different" else ""

    def before_acceptance(facts: Facts) -> str:
        if taken_before_acceptance or _measured(facts) >= facts["accepted"]:
            return ""
        return f"{said_instant(facts['measured'])}の値は、規約が有効になる前のものです。"

    def clock(facts: Facts) -> str:
        if _measured(facts) - facts["received"] <= ahead:
            return ""
        return f"値を測った日時が、届いた{said_instant(facts['received'])}より{terms.clock.minutes}分を超えて先です。"

    def backlog(facts: Facts) -> str:
        if _age(facts) <= oldest:
            return ""
        return f"{said_instant(facts['measured'])}の値は、送った時に{terms.backlog.hours}時間を超えて古くなっています。"

    session: tuple[Check, ...] = (
        (terms.encryption, encryption, "通信は暗号化されています。"),
        (terms.certificate, certificate, "クライアント証明書は有効です。"),
        (terms.identity, identity, "製造番号が証明書と合っています。"),
        (terms.in_force, in_force, "届いた時に規約は有効です。"),
        (terms.sequence, sequence, "通し番号があります。"),
        (terms.replay, replay, "同じ通し番号で内容の違う報告ではありません。"),
    )
    own_time: tuple[Check, ...] = (
        (terms.before_acceptance, before_acceptance, "規約が有効になってからの値です。"),
        (terms.clock, clock, f"機器の時計の進みは{terms.clock.minutes}分までです。"),
        (terms.backlog, backlog, f"送った時の値の古さは{terms.backlog.hours}時間までです。"),
    )

    def decide(facts: Facts, trace: Trace | None) -> tuple[Answer, list[Reason]]:
        accepted, ends = facts.get("accepted"), facts.get("ends")
        if accepted is not None and ends is not None and ends < accepted:
            raise Refusal("ends", "規約が終わる日時が、承諾した日時より前です。どちらかの日時を直してください。")
        if trace is not None:
            for label, second, rule in (
                ("規約が有効になった日", accepted, terms.in_force),
                ("規約が終わる日", ends, terms.in_force),
                ("報告を受けた日", facts["received"], terms.admitted),
            ):
                trace.step(label, None if second is None else day_of[second // _DAY], rule)
        if refused := _first_failing(session, "報告は受け取りません。", facts, trace):
            return refused
        if facts["sequence"] == "repeat_same":
            text = "同じ報告を受け取り済みのため、受け取りだけを答え、もう一度は保存しません。"
            return _taken(late=False, store=False), reasons(terms.repeated, text)
        if refused := _first_failing(own_time, "この値は受け取りません。", facts, trace):
            return refused
        late = _age(facts) > in_time
        text = "規約の有効な間に、確かめられた機器から届いたため、受け取って保存します。"
        found = reasons(terms.admitted, text)
        if late:
            text = f"値を測ってから送るまで{terms.late.minutes}分を超えているため、遅れて届いた値として保存します。"
            found += reasons(terms.late, text)
        elif trace is not None:
            trace.lost(terms.late, f"値を測ってから送るまで{terms.late.minutes}分以内です。")
        return _taken(late=late, store=True), found

    return decide


def _first_failing(
    checks: tuple[Check, ...], so: str, facts: Facts, trace: Trace | None
) -> tuple[Answer, list[Reason]] | None:
    for condition, why_not, met in checks:
        if why := why_not(facts):
            answer: Answer = {"admit": False, "late": False, "store": False, "code": condition.code}
            return answer, reasons(condition, f"{why}{so}")
        if trace is not None:
            trace.lost(condition, met)
    return None


def _taken(*, late: bool, store: bool) -> Answer:
    return {"admit": True, "late": late, "store": store, "code": None}


def _measured(facts: Facts) -> int:
    second: int = needed(facts, "measured", "値を測った日時を、時差を付けて指定してください。")
    return second


def _age(facts: Facts) -> int:
    """How many seconds old the value was when the unit sent it."""
    sent: int = needed(facts, "sent", "機器が送った日時を、時差を付けて指定してください。")
    return sent - _measured(facts)


TOPIC = Topic("admission", FACTS, compile_admission, by_plan=False)
