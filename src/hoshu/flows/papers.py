"""Papers about agreements that somebody asks for: a certificate, a label, a sheet of labels. Each is kept as printed.

Asking again gives the bytes that were kept, as long as they still say what is true; `anew` issues another one.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from hoshu import catalog
from hoshu.accounts import operators
from hoshu.contracts import codes, consents, queries
from hoshu.dates import JST
from hoshu.flows.registration_notices import addressee_of, words_of
from hoshu.notifications import Refused, issuing
from hoshu.notifications.letters.labels import FACTS, LINES, ROLL

MOST_LABELS = 200
"""Labels of one print."""


class NotPrinted(Refused):
    """No label was printed; `faults` says for each agreement, by its number, what to put right."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("".join(dict.fromkeys(faults.values())))
        self.faults = dict(faults)


@transaction.atomic
def certificate(*, agreement_id: int, now: datetime, anew: bool = False) -> Any:
    """契約証明書 of an agreement. Raises notifications.Refused where it can not be printed yet."""
    agreement = queries.agreements().get(pk=agreement_id)
    if agreement.state == agreement.State.UNNOTIFIED:
        raise Refused("登録完了のお知らせが届いていないため、まだ証明できません。お知らせを送り直してください。")
    if agreement.device is None or agreement.starts_on is None:
        raise Refused("機器と提供開始日が決まるまで、証明できません。発送と初期設定が済んでからお試しください。")
    return _issue(anew)(
        tenant_id=agreement.tenant_id,
        name="certificate",
        data=_certified(agreement, now),
        about=agreement.number,
        now=now,
    )


@transaction.atomic
def label(*, agreement_id: int, now: datetime, anew: bool = False) -> Any:
    """機器管理ラベル of one machine, for a printer of labels. Raises NotPrinted."""
    agreement = queries.agreements().get(pk=agreement_id)
    data = {"labels": _labels([agreement], now), "grid": ROLL}
    try:
        return _issue(anew)(tenant_id=agreement.tenant_id, name="label", data=data, about=agreement.number, now=now)
    except issuing.TooLong as long:
        raise _at_their_agreements(long, [agreement]) from long


@transaction.atomic
def label_sheet(*, agreement_ids: Sequence[int], grid: str, first: int, now: datetime) -> Any:
    """A sheet of labels in the order given, from place `first` of the first sheet. All of them, or NotPrinted.

    A sheet with labels of several customers is the operator's own letter, which no customer sees.
    """
    found = queries.agreements().in_bulk(agreement_ids)
    chosen = [found[agreement_id] for agreement_id in dict.fromkeys(agreement_ids) if agreement_id in found]
    if not chosen:
        raise Refused("ラベルを印刷する契約を選んでください。")
    if len(chosen) > MOST_LABELS:
        raise Refused(f"一度に印刷できるのは{MOST_LABELS}枚までです。分けて印刷してください。")
    tenants = {agreement.tenant_id for agreement in chosen}
    data = {"labels": _labels(chosen, now), "grid": grid, "first": first}
    try:
        return issuing.issue(
            tenant_id=tenants.pop() if len(tenants) == 1 else None, name="label_sheet", data=data, about="", now=now
        )
    except issuing.TooLong as long:
        raise _at_their_agreements(long, chosen) from long


def _issue(anew: bool) -> Any:
    return issuing.issue if anew else issuing.current


def _address(code: str) -> str:
    return settings.BASE_URL + reverse("entrance:code", args=[code])


# ---- what stands on a certificate


def _certified(agreement: Any, now: datetime) -> dict[str, Any]:
    today = now.astimezone(JST).date()
    edition = catalog.edition(agreement.service, consents.edition_of(agreement, today))
    plan = edition.plan_of(agreement.plan)
    terms = "・".join(filter(None, [plan.days_name, plan.hours_name, f"{plan.years}年" if plan.years else ""]))
    revision = queries.revisions_of(agreement)[0]
    parties = {party.kind: party for party in revision.parties.all()}
    options = "、".join(f"{line['name']}×{line['quantity']}" for line in revision.options)
    covered = [("設置場所", parties["site"].address)] if "site" in parties else []
    if options:
        covered.append(("登録オプション", options))
    return {
        "addressee": addressee_of(parties["contact"]),
        "words": words_of(edition),
        "holder": agreement.tenant.name,
        "number": agreement.number,
        "unit": [("品名", agreement.device.product.name), ("製造番号", agreement.device.serial)],
        "plan": f"{plan.name}（{terms}）" if terms else plan.name,
        "covered": covered,
        "starts_on": agreement.starts_on,
        "ends_on": agreement.ends_on,
        "state": _state(agreement, today),
        "link": _address(codes.codes_of(agreement_ids=[agreement.pk], now=now)[agreement.pk]),
    }


def _state(agreement: Any, today: date) -> str:
    return "満了" if _is_over(agreement, today) else str(agreement.get_state_display())


def _is_over(agreement: Any, today: date) -> bool:
    return agreement.ends_on is not None and agreement.ends_on < today


# ---- what stands on a label


def _labels(agreements: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    """VA-LBL-01: a label proves that its machine is covered, so none is made for one that is not. Raises NotPrinted."""
    operator = operators.profile()
    lines = (operator.label_lines if operator else None) or LINES
    phone = operator.fault_desk_phone if operator else ""
    facts = {agreement.pk: _facts(agreement, phone) for agreement in agreements}
    faults = {}
    for agreement in agreements:
        lacking = "、".join(f"「{FACTS[line]}」" for line in lines if not facts[agreement.pk][line])
        if agreement.state != agreement.State.ACTIVE or _is_over(agreement, now.astimezone(JST).date()):
            faults[agreement.number] = "有効な契約ではないため、ラベルを印刷できません。"
        elif lacking:
            faults[agreement.number] = f"{lacking}が登録されていません。登録するか、ラベルの行を変えてください。"
    if faults:
        raise NotPrinted(faults)
    code = codes.codes_of(agreement_ids=facts, now=now)
    return [
        {
            "lines": [(FACTS[line], facts[agreement.pk][line]) for line in lines],
            "number": facts[agreement.pk]["number"],
            "link": _address(code[agreement.pk]),
        }
        for agreement in agreements
    ]


def _facts(agreement: Any, desk_phone: str) -> dict[str, str]:
    """What a line of the label can show, by the codes of `labels.FACTS`."""
    if agreement.device is None:
        return dict.fromkeys(FACTS, "")
    product = agreement.device.product
    type_name = product.model_code or product.code
    return {
        "desk_phone": desk_phone,
        # The booklet's label has a place less than its type numbers have signs: the letter at the end falls away.
        "type_number": re.sub(r"(?<=\d)[A-Za-z]$", "", type_name),
        "type_name": type_name,
        "product": product.name,
        "serial": agreement.device.serial,
        "starts_on": f"{agreement.starts_on:%Y/%m/%d}" if agreement.starts_on else "",
        "ends_on": f"{agreement.ends_on:%Y/%m/%d}" if agreement.ends_on else "",
        "number": management_number(agreement),
        "agreement": agreement.number,
    }


def management_number(agreement: Any) -> str:
    """機器管理番号 of the label and its bars: the number by which the desk finds the machine (VA-REG-07)."""
    return agreement.device_number or agreement.number


def _at_their_agreements(long: issuing.TooLong, agreements: Sequence[Any]) -> NotPrinted:
    faults: dict[str, str] = {}
    for index, _ in long.places:
        captions = [caption for place, caption in long.places if place == index]
        faults[agreements[index].number] = issuing.TooLong.said(captions)
    return NotPrinted(faults)
