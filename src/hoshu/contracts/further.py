"""機器の追加: a further lent machine, under an agreement of its own that belongs to the one that runs (MM-SUP-04).

It is asked for as a change request. Only services whose edition says so (`[application].further`) know it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from hoshu import catalog
from hoshu.contracts import Refused, changes, consents, endings, queries
from hoshu.contracts.agreements import terms_dates
from hoshu.contracts.models import Agreement, ChangeRequest, Ending, Party, Revision
from hoshu.dates import JST
from hoshu.decisions.models import Decision

MOST = 20
"""Machines of one request (ours): more are a matter of a talk, not of a form."""


def terms_of(service: str, edition: str) -> catalog.Shown | None:
    """The clause by which a further machine is asked for at the desk; None where it is applied for like the first."""
    application = catalog.edition(service, edition).application
    return application.further if application else None


def main_of(*, tenant_id: int, service: str, on: date) -> Agreement | None:
    """The running agreement of a customer to which a further machine of the service would belong; None without one."""
    running = Agreement.objects.filter(
        queries.runs_on(on), tenant_id=tenant_id, service=service, belongs_to=None, state__in=consents.RUNNING
    ).order_by("id")
    return next((one for one in running if terms_of(service, consents.edition_of(one, on))), None)


def require(agreement: Agreement, *, on: date) -> catalog.Shown:
    """The clause, where a machine may be added to an agreement. Raises Refused with it where it may not."""
    terms = terms_of(agreement.service, consents.edition_of(agreement, on))
    if terms is None:
        raise Refused("このサービスに、機器の追加の手続きはありません。新しくお申し込みください。")
    if agreement.belongs_to is not None:
        text = f"この契約は追加分です。追加は、主たる契約 {agreement.belongs_to.number} にお申し込みください。"
        raise Refused(text, terms.clause)
    if agreement.state != Agreement.State.ACTIVE:
        text = f"この契約は「{agreement.get_state_display()}」のため、機器を追加できません。"
        raise Refused(text, terms.clause)
    if agreement.ended_at is not None or (agreement.ends_on and agreement.ends_on < on):
        raise Refused("この契約は終わることになっているため、機器を追加できません。", terms.clause)
    if agreement.endings.filter(measure=endings.Measure.SUSPEND, withdrawn_at=None, settled_at__isnull=False).exists():
        raise Refused("この契約の利用は止まることになっているため、機器を追加できません。", terms.clause)
    return terms


def ask(
    *, agreement_id: int, machines: int, place: str, why: str, channel: str, asked_by: str, now: datetime
) -> ChangeRequest:
    """Somebody asks for further machines; the desk sees it among the change requests. Raises Refused."""
    agreement = Agreement.objects.select_related("belongs_to").get(pk=agreement_id)
    terms = require(agreement, on=now.astimezone(JST).date())
    if not 1 <= machines <= MOST:
        raise Refused(f"追加する台数は、1台から{MOST}台までで入力してください。", terms.clause)
    if not place.strip() or not why.strip():
        raise Refused("設置する場所と、追加する理由を入力してください。", terms.clause)
    begun = changes.start(agreement_id=agreement_id, channel=channel, asked_by=asked_by, now=now, goes_on=False)
    said = {"further_machines": str(machines), "further_place": place, "further_why": why}
    changes.save(request_id=begun.pk, based_on=begun.version, entries={}, said=said, now=now)
    proposal = changes.proposed(request_id=begun.pk, now=now)
    return changes.submit(request_id=begun.pk, proposal=proposal, partly=False, now=now)


def conclude(
    *, main: Agreement, place: str, coverages: Sequence[tuple[str, Decision]], now: datetime
) -> list[Revision]:
    """An agreement for each (number, coverage), with all of `main` but the machine; their first revisions."""
    today = now.astimezone(JST).date()
    before = queries.revision_on(main, today)
    made = Agreement.objects.bulk_create(
        Agreement(
            tenant_id=main.tenant_id,
            number=number,
            service=main.service,
            edition=coverage.edition,
            plan=main.plan,
            belongs_to=main,
            reseller_id=main.reseller_id,
            support_id=main.support_id,
            accepted_at=now,
            contract_start=main.contract_start,
            coverage=coverage,
            **terms_dates(coverage.answer, catalog.edition(main.service, coverage.edition)),
        )
        for number, coverage in coverages
    )
    consents.accepted(agreements=made)
    revisions = Revision.objects.bulk_create(
        Revision(
            tenant_id=main.tenant_id,
            agreement=agreement,
            number=1,
            effective_on=agreement.starts_on or today,
            start_weekday=before.start_weekday,
            content=before.content,
        )
        for agreement in made
    )
    Party.objects.bulk_create(party for revision in revisions for party in _parties(revision, before, place))
    return revisions


def following(mains: Mapping[int, Ending]) -> list[Agreement]:
    """The further agreements that would go on after those end, or their use stops, to which they belong.

    `mains`: main agreement → what was decided about it. One whose use is stopped on the same ground already stays so
    on its own.
    """
    done = Ending.objects.filter(
        agreement__belongs_to__in=mains, part="", withdrawn_at=None, carried_out_at__isnull=False
    )
    already = set(done.values_list("agreement_id", "ground", "measure"))
    found = queries.with_cover().filter(belongs_to__in=mains).exclude(state__in=endings.ENDED).order_by("id")
    return [
        one
        for one in found
        if (main := mains[one.belongs_to_id])
        and (one.ended_at is None or one.ended_at > main.effective_at)
        and (one.pk, main.ground, main.measure) not in already
    ]


def _parties(revision: Revision, before: Revision, place: str) -> list[Party]:
    """Those of the main agreement; the machine stands where it was asked for."""
    parties = {party.kind: party for party in before.parties.all()}
    company = parties[Party.Kind.CONTACT].company if Party.Kind.CONTACT in parties else ""
    names = [at.attname for at in Party._meta.concrete_fields if at.name not in ("id", "revision")]
    copies = [
        Party(revision=revision, **{name: getattr(party, name) for name in names})
        for kind, party in parties.items()
        if kind != Party.Kind.SITE
    ]
    site = Party(
        tenant_id=revision.tenant_id, revision=revision, kind=Party.Kind.SITE, company=company, address=place[:200]
    )
    return [*copies, site]
