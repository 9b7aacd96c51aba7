"""違反と調査: what one side holds against the other before anything ends: demands, investigations, prohibited acts.

People decide; nothing here ends an agreement (see `endings`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hoshu import catalog
from hoshu.accounts import tenancy
from hoshu.contracts import Refused
from hoshu.contracts.models import Agreement, Breach, Demand, Investigation, LentUnit, Side, SupportId
from hoshu.dates import JST

PROHIBITED, PROMISES, MISUSE = "prohibited", "antisocial", "misuse"
"""Lists of an edition that number what a customer must not do, what both sides promise about themselves, and how a
support ID is misused."""


@dataclass(frozen=True)
class Act:
    """Something that is prohibited or promised, as a number of the edition and in its words."""

    code: str
    text: str
    clause: str

    @property
    def label(self) -> str:
        return f"{self.code}: {self.text}"


def acts(edition: catalog.Edition) -> list[Act]:
    """What can be recorded as a breach: the lists of the edition, else its promises by number (IX-ASF-01 ①–⑥)."""
    found = [
        Act(row[0], row[1], each.clause)
        for each in edition.listing
        if each.id in (PROHIBITED, PROMISES, MISUSE)
        for row in each.rows
    ]
    if any(each.id == PROMISES for each in edition.listing):
        return found
    ground = next((one for one in edition.ending.ground if one.code == "antisocial"), None) if edition.ending else None
    if ground is None:
        return found
    chapter = ground.clause.rpartition("(")[0]
    promised = [each for each in edition.declaration if each.clause.startswith(chapter)]
    return [*found, *(Act(str(nth), each.text, each.clause) for nth, each in enumerate(promised, start=1))]


def knows_misuse(edition: catalog.Edition) -> bool:
    """Does the edition number how a support ID is misused (SP-SID-02)?"""
    return any(each.id == MISUSE for each in edition.listing)


# ---- 催告


def demand(
    *,
    agreement_id: int,
    by: str,
    duty: str,
    clause: str,
    facts: str,
    sent_on: date,
    period_days: int,
    period_reason: str,
    now: datetime,
) -> Demand:
    """IX-TRM-01: ask for a duty within a reasonable period, whose length somebody gives a reason for (OR-66)."""
    agreement = Agreement.objects.get(pk=agreement_id)
    edition = catalog.edition(agreement.service, agreement.edition)
    terms = edition.ending
    ground = next((one for one in terms.ground if one.code == "breach"), None) if terms else None
    if terms is None or ground is None:
        raise Refused("この約款に、催告によって契約を終える定めはありません。")
    if by not in ground.open_to:
        raise Refused(f"催告によって契約を終えられるのは{Side(ground.open_to[0]).label}だけです。", ground.clause)
    if not (duty.strip() and facts.strip() and period_reason.strip()):
        raise Refused("果たされない義務、事実、期間の理由を入力してください。", ground.clause)
    if period_days < terms.shortest_period_days:
        raise Refused(f"催告の期間は{terms.shortest_period_days}日以上にしてください。", ground.clause)
    if sent_on > _day(now):
        raise Refused("催告した日が未来になっています。", ground.clause)
    return Demand.objects.create(
        tenant_id=agreement.tenant_id,
        agreement=agreement,
        by=by,
        duty=duty.strip(),
        clause=clause.strip() or ground.clause,
        facts=facts.strip(),
        sent_on=sent_on,
        period_days=period_days,
        period_reason=period_reason.strip(),
        recorded_by=tenancy.current().label,
        recorded_at=now,
    )


def follow_up(
    *,
    demand_id: int,
    arrived_on: date | None,
    performed_on: date | None,
    minor: bool | None,
    minor_reason: str,
    now: datetime,
) -> Demand:
    """What became of a demand: when it arrived, whether the duty was performed, whether the breach is minor."""
    kept = Demand.objects.select_for_update().get(pk=demand_id)
    if kept.endings.filter(withdrawn_at=None).exists():
        raise Refused("この催告による終了がすでに起票されています。直すときは、先に取り下げてください。", kept.clause)
    if arrived_on is not None and arrived_on < kept.sent_on:
        raise Refused("催告が着いた日が、催告した日より前です。どちらかの日付を直してください。", kept.clause)
    if max(arrived_on or date.min, performed_on or date.min) > _day(now):
        raise Refused("日付が未来になっています。済んだ日を入力してください。", kept.clause)
    if minor is not None and not minor_reason.strip():
        raise Refused("軽微な違反かどうかの理由を入力してください。", kept.clause)
    kept.arrived_on, kept.performed_on = arrived_on, performed_on
    kept.minor, kept.minor_reason = minor, minor_reason.strip()
    kept.save()
    return kept


# ---- 調査


def investigate(*, agreement_id: int, by: str, suspicion: str, questions: str, now: datetime) -> Investigation:
    """IX-ASF-03, VA-ASF-03, SP-ASF-03: open an inquiry on a reasonable suspicion. Service goes on meanwhile (OR-65)."""
    agreement = Agreement.objects.get(pk=agreement_id)
    if not suspicion.strip():
        raise Refused("疑いの根拠を入力してください。根拠のない調査は始められません。", antisocial_clause(agreement))
    if agreement.investigations.filter(closed_at=None, by=by).exists():
        raise Refused("この契約の調査は、すでに始まっています。", antisocial_clause(agreement))
    return Investigation.objects.create(
        tenant_id=agreement.tenant_id,
        agreement=agreement,
        by=by,
        suspicion=suspicion.strip(),
        questions=questions.strip(),
        opened_at=now,
        opened_by=tenancy.current().label,
    )


def answer(*, investigation_id: int, text: str, on: date, now: datetime) -> Investigation:
    """The other side cooperates: what it answered, and when."""
    kept = _open(investigation_id)
    if not text.strip():
        raise Refused("相手の回答を入力してください。", antisocial_clause(kept.agreement))
    if on > _day(now) or on < _day(kept.opened_at):
        raise Refused("回答の日は、調査の開始から今日までの日にしてください。", antisocial_clause(kept.agreement))
    kept.answer, kept.answered_on = text.strip(), on
    kept.save(update_fields=["answer", "answered_on"])
    return kept


def close(*, investigation_id: int, outcome: str, finding: str, now: datetime) -> Investigation:
    """Cleared or found, never left without an outcome (VA-ASF-03, SP-ASF-03)."""
    kept = _open(investigation_id)
    if outcome not in Investigation.Outcome.values or not finding.strip():
        text = "結果と、その理由を入力してください。結果のないまま調査を終えることはできません。"
        raise Refused(text, antisocial_clause(kept.agreement))
    kept.outcome, kept.finding = outcome, finding.strip()
    kept.closed_at, kept.closed_by = now, tenancy.current().label
    kept.save()
    return kept


def antisocial_clause(agreement: Agreement) -> str:
    """The clause by which an agreement ends over anti-social forces; empty where its terms have none."""
    terms = catalog.edition(agreement.service, agreement.edition).ending
    return next((one.clause for one in terms.ground if one.code == "antisocial"), "") if terms else ""


# ---- 禁止行為と損害


def report(
    *,
    agreement_id: int,
    code: str,
    found_on: date,
    finding: str,
    unit_serial: str = "",
    damaged_party: str = "",
    damage: str = "",
    amount_yen: int | None = None,
    support_code: str = "",
    used_from: datetime | None = None,
    used_until: datetime | None = None,
    effect: str = "",
    now: datetime,
) -> Breach:
    """MM-CND-16, MM-CND-17, SP-SID-02: a suspected breach, by its number in the edition. People decide what it is.

    A misused support ID is told with its period (aware) and its effect; `amount_yen` is then the provider's own damage,
    a claim against the customer. Raises Refused, too for a payment to anybody else on this ground.
    """
    agreement = Agreement.objects.get(pk=agreement_id)
    edition = catalog.edition(agreement.service, agreement.edition)
    act = next((one for one in acts(edition) if one.code == code), None)
    if act is None:
        raise Refused("違反の番号を、約款の一覧から選んでください。")
    if not finding.strip():
        raise Refused("見つかった事実を入力してください。", act.clause)
    if found_on > _day(now):
        raise Refused("見つかった日が未来になっています。", act.clause)
    unit = None
    if unit_serial:
        unit = LentUnit.objects.filter(serial=unit_serial, agreement=agreement).first()
        if unit is None:
            raise Refused(f"製造番号 {unit_serial} は、この契約の貸出機ではありません。", act.clause)
    support = None
    if _is_misuse(edition, act.code):
        support = SupportId.objects.filter(tenant_id=agreement.tenant_id, code=support_code.strip()).first()
        if support is None:
            raise Refused("使われたサポートIDを、このお客様のIDから入力してください。", act.clause)
        if used_from is None or not effect.strip():
            raise Refused("使われた期間の始まりと、影響を入力してください。", act.clause)
        if max(used_from, used_until or used_from) > now or (used_until is not None and used_until < used_from):
            raise Refused(
                "使われた期間が未来になっているか、終わりが始まりより前です。日時を直してください。", act.clause
            )
        if amount_yen is not None:
            _require_own_damage(damaged_party.strip(), act.clause)
    elif support_code.strip() or used_from or used_until or effect.strip():
        raise Refused(
            "サポートID、使われた期間、影響は、サポートIDの使用の誤りのときだけ入力してください。", act.clause
        )
    return Breach.objects.create(
        tenant_id=agreement.tenant_id,
        agreement=agreement,
        unit=unit,
        support=support,
        used_from=used_from,
        used_until=used_until,
        effect=effect.strip(),
        code=act.code,
        text=act.text[:200],
        clause=act.clause,
        found_on=found_on,
        finding=finding.strip(),
        damaged_party=damaged_party.strip(),
        damage=damage.strip(),
        amount_yen=amount_yen,
        recorded_by=tenancy.current().label,
        recorded_at=now,
    )


@dataclass(frozen=True, kw_only=True)
class AgainstCap:
    """A claim against the customer beside the ceiling of the terms, which does not cut it (SP-SID-02). Integer yen."""

    claim_yen: int
    cap_yen: int | None
    """The documented price of the pack (SP-DMG-01); None where no price is on record."""
    before_yen: int
    """Confirmed before, for other misuses of the same agreement."""
    clause: str

    @property
    def over(self) -> bool:
        """Is the sum of all claims above the ceiling, so that a person has to decide about it?"""
        return self.cap_yen is not None and self.before_yen + self.claim_yen > self.cap_yen


def against_cap(agreement: Agreement, found: Sequence[Breach]) -> dict[int, AgainstCap]:
    """By id of a breach: the claims for misused support IDs among those of one agreement; nothing is stored.

    Unfounded ones claim nothing, and only confirmed ones count beside another.
    """
    terms = catalog.edition(agreement.service, agreement.edition).damages
    claims = {
        one.pk: one.amount_yen
        for one in found
        if one.support_id is not None and one.amount_yen is not None and one.state != Breach.State.UNFOUNDED
    }
    if terms is None or terms.cap is None or not claims:
        return {}
    confirmed = {one.pk for one in found if one.state in (Breach.State.CONFIRMED, Breach.State.MEASURED)}
    total = sum(amount for pk, amount in claims.items() if pk in confirmed)
    price = agreement.licence.price_yen if agreement.licence is not None else None
    return {
        pk: AgainstCap(
            claim_yen=amount,
            cap_yen=price,
            before_yen=total - (amount if pk in confirmed else 0),
            clause=terms.cap.clause,
        )
        for pk, amount in claims.items()
    }


def check(*, breach_id: int) -> Breach:
    """Somebody looks into it."""
    kept = _breach(breach_id, Breach.State.SUSPECTED)
    kept.state = Breach.State.CHECKING
    kept.save(update_fields=["state"])
    return kept


def decide(*, breach_id: int, confirmed: bool, reason: str, amount_yen: int | None = None, now: datetime) -> Breach:
    """該当 or 非該当, with a reason; the amount of the damage is what people enter (MM-CND-24)."""
    kept = _breach(breach_id, Breach.State.SUSPECTED, Breach.State.CHECKING)
    if not reason.strip():
        raise Refused("判断の理由を入力してください。判断のないまま終えることはできません。", kept.clause)
    if amount_yen is not None and kept.support_id is not None:
        _require_own_damage(kept.damaged_party, kept.clause)
    kept.state = Breach.State.CONFIRMED if confirmed else Breach.State.UNFOUNDED
    kept.decision, kept.decided_by, kept.decided_at = reason.strip(), tenancy.current().label, now
    kept.amount_yen = kept.amount_yen if amount_yen is None else amount_yen
    kept.save()
    return kept


def measure(*, breach_id: int, text: str) -> Breach:
    """措置: what was done about a confirmed breach."""
    kept = _breach(breach_id, Breach.State.CONFIRMED)
    if not text.strip():
        raise Refused("行った措置を入力してください。", kept.clause)
    kept.state, kept.measure = Breach.State.MEASURED, text.strip()
    kept.save(update_fields=["state", "measure"])
    return kept


def _is_misuse(edition: catalog.Edition, code: str) -> bool:
    return any(code == row[0] for each in edition.listing if each.id == MISUSE for row in each.rows)


def _require_own_damage(damaged_party: str, clause: str) -> None:
    """SP-SID-02: the provider pays nobody for it."""
    if damaged_party != Side.PROVIDER.label:
        text = (
            "サポートIDの使用の誤りによるお客様や第三者の損害に、提供者が支払うことはできません。"
            "提供者の損害をお客様に請求するときは、損害を受けた側に「提供者」と入力してください。"
        )
        raise Refused(text, clause)


def _open(investigation_id: int) -> Investigation:
    kept = Investigation.objects.select_for_update().select_related("agreement").get(pk=investigation_id)
    if kept.closed_at is not None:
        raise Refused("この調査は、すでに終わっています。", antisocial_clause(kept.agreement))
    return kept


def _breach(breach_id: int, *states: Breach.State) -> Breach:
    kept = Breach.objects.select_for_update().get(pk=breach_id)
    if kept.state not in states:
        text = f"この記録は「{kept.get_state_display()}」です。画面を開き直して確かめてください。"
        raise Refused(text, kept.clause)
    return kept


def _day(moment: datetime) -> date:
    return moment.astimezone(JST).date()
