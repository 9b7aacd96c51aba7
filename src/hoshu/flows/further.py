"""機器の追加, from the request to the parcel: what touches decisions, contracts and what is sent (MM-SUP-04)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from hoshu import catalog
from hoshu.contracts import Refused, agreements, changes, consents, further, queries
from hoshu.contracts.assessment import coverage_question
from hoshu.decisions import record
from hoshu.flows import shipping
from hoshu.flows.registration_notices import completion_of, day_of, send_notice


@transaction.atomic
def ask(*, agreement_id: int, machines: int, place: str, why: str, channel: str, asked_by: str, now: datetime) -> Any:
    """The customer, or the desk for a caller, asks for further machines; see `further.ask`. Raises Refused."""
    return further.ask(
        agreement_id=agreement_id,
        machines=machines,
        place=place,
        why=why,
        channel=channel,
        asked_by=asked_by,
        now=now,
    )


@transaction.atomic
def add(*, request_id: int, now: datetime) -> list[Any]:
    """The desk has looked at it: an agreement and a parcel for each machine, and the notice. Raises Refused.

    Parties, plan and seller are those of the main agreement; there is no new application. Each machine is served from
    its own initial setting on.
    """
    changes.hold(request_id=request_id)
    proposal = changes.proposed(request_id=request_id, now=now)
    request = queries.change_requests().get(pk=request_id)
    main = queries.agreements().get(pk=request.agreement_id)
    terms = further.require(main, on=day_of(now))
    if not request.said.get("further_machines"):
        raise Refused("機器の追加の申し込みではありません。", terms.clause)
    if request.state != request.State.CHECKING:
        raise Refused("先に「確認を始める」を押してください。", terms.clause)
    question = coverage_question(
        edition=catalog.edition(main.service, consents.edition_of(main, day_of(now))),
        plan=main.plan,
        purchase=None,
        registered=now,
        contract_start=main.contract_start,
    )
    numbers = agreements.next_numbers(int(request.said["further_machines"]))
    answer = record.ask(question)
    decisions = record.record_each(
        answers=[(answer, number, main.tenant_id) for number in numbers], act="機器の追加", now=now
    )
    made = further.conclude(
        main=main,
        place=request.said["further_place"],
        coverages=list(zip(numbers, decisions, strict=True)),
        now=now,
    )
    for revision in made:
        notice = send_notice(revision.agreement, "registration.completed", completion_of(revision), now)
        agreements.accepted_by(revision_id=revision.pk, notice_id=notice.pk)
        shipping.order_first(agreement_id=revision.agreement_id, had_support_id=True, now=now)
    changes.added(request_id=request_id, proposal=proposal, first=made[0], numbers=numbers, now=now)
    return [revision.agreement for revision in made]
