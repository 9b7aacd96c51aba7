"""Find registered units by what a caller can say: a number, a company, a telephone number (IX-FLT-02, IX-GEN-03)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import F

from hoshu import catalog
from hoshu.contracts import consents
from hoshu.contracts.models import Agreement, Device, Ending, Licence, Party, Revision
from hoshu.contracts.serials import normalise
from hoshu.dates import JST
from hoshu.japan.names import folded
from hoshu.japan.phones import digits
from hoshu.japan.width import half_width

NotFound = Device.DoesNotExist
"""No such unit in sight: a foreign one as one that never was."""

SUSPENDED = Agreement.State.SUSPENDED
UNNOTIFIED = Agreement.State.UNNOTIFIED
"""The state of an agreement whose notice of completion did not arrive: not accepted yet (OR-28)."""

SHORTEST_NUMBER = 3
SHORTEST_END = 4
SHORTEST_PHONE = 6
SHORTEST_NAME = 2


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One unit that fits, by which kind of number or name, and what stands there."""

    device_id: int
    serial: str
    product: str
    company: str
    number: str
    ends_on: date | None
    by: str
    matched: str
    current: bool
    """False: a number this unit had before an exchange; `serial` is the present one."""

    def is_whole(self, query: str) -> bool:
        """Was the whole number typed, not only its beginning?"""
        return normalise(query) == self.matched


@dataclass(frozen=True, kw_only=True)
class Found:
    """The units that fit, the best first, no more than asked for; `hint` helps with a number of another kind."""

    hits: Sequence[Hit]
    more: bool
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Address:
    """A contact or a site as registered."""

    company: str
    department: str
    name: str
    phone: str
    email: str
    postal_code: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Cover:
    """One agreement of a unit, with what the terms need to know of it."""

    agreement_id: int
    number: str
    service: str
    edition: str
    """The one it was registered with, or in a cover of a day the one it is under on that day."""
    editions: Sequence[tuple[date, str]]
    """(first day, edition) of every consent, in order."""
    plan: str
    state: str
    accepted_at: datetime
    purchased_on: date | None
    counted_from: date | None
    starts_on: date | None
    ends_on: date | None
    ended_at: datetime | None = None
    """Where it ended before its time: from this moment on nothing is owed."""
    part_ends: Mapping[str, str]
    parts_ended_at: Mapping[str, datetime] = field(default_factory=dict)
    """Part → the moment from which it is not served any more, where a decision ended it within the term."""
    support_limit: date | None
    revisions: Sequence[tuple[date, str]]
    """(first day, 開始基準曜日) of each revision, in order; the weekday is empty for seven-day plans."""
    contact: Address | None
    site: Address | None
    """Of the first revision, or in a cover of a day as they are registered for that day (IX-CHG-09)."""
    places: Sequence[tuple[date, Address | None, Address | None]]
    """(first day, contact, site) of each revision, in order."""
    card_serial: str

    def runs_on(self, day: date) -> bool:
        """Is the unit served on a day?"""
        return self.starts_on is not None and self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def as_fact(self, at: datetime) -> dict[str, str | None] | None:
        """The period as the terms are told of it at a moment; None where nothing is owed although no day says so.

        What ended within a day is over from that moment on (VA-TRM-06), and so is what ended before it began.
        """
        start, last = self.starts_on, self.ends_on
        if self.ended_at is not None and at >= self.ended_at:
            before = self.ended_at.astimezone(JST).date() - timedelta(days=1)
            last = min(last or before, before)
            if start is None or last < start:
                return None
        end = last.isoformat() if last else None
        parts = {f"{part}_end": min(day, end or day) for part, day in self.part_ends.items()}
        for part, moment in self.parts_ended_at.items():
            # Its last day is served up to the moment of the decision, and no further.
            if (name := f"{part}_end") in parts and at >= moment:
                before = moment.astimezone(JST).date() - timedelta(days=1)
                parts[name] = min(parts[name], before.isoformat())
        return {"start": start.isoformat() if start else None, "end": end, **parts}

    def under_terms_of(self, day: date) -> "Cover":
        """With the edition that it is under on `day`, and the places registered for it."""
        _, contact, site = next((kept for kept in reversed(self.places) if kept[0] <= day), self.places[0])
        edition = consents.edition_on(self.editions, day) or self.edition
        return replace(self, edition=edition, contact=contact, site=site)


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A registered unit with everything the desk reads out: covers, the running or latest one first."""

    device_id: int
    tenant_id: int
    company: str
    serial: str
    former_serials: Sequence[str]
    product: str
    product_code: str
    exchange_units: Sequence[str]
    equivalents: Sequence[str]
    software_versions: Sequence[str]
    mounted_cm: int | None
    may_hold_personal_numbers: bool | None
    access_controlled: bool | None
    covers: Sequence[Cover]

    def cover_on(self, day: date) -> Cover:
        """The cover that runs on `day`, else the one that ends last."""
        running = [cover for cover in self.covers if cover.runs_on(day)]
        return (running or self.covers)[0].under_terms_of(day)


# Each branch has an index of its own, in whose order it reads no more than `many` rows. Behind row-level security
# only leakproof operators get to an index: comparisons are (`~>=~` by bytes), LIKE is not. Planning takes four times
# as long as looking up. So the plan is made once a connection, for any text: "begins with" is written as a range,
# which needs no text to be planned, and only the branches that can match are sent.
_HIGHEST = "\U0010ffff"
"""Stands above whatever may follow the beginning of a text, byte by byte."""
_NUMBER = "契約番号"
_BY_NUMBER = """
        (SELECT device_id, '製造番号', serial, valid_until IS NULL,
                CASE WHEN serial = %(number)s THEN 0 ELSE 1 END + (valid_until IS NOT NULL)::int
         FROM contracts_deviceserial
         WHERE serial ~>=~ %(number)s AND serial ~<~ %(number_last)s
         ORDER BY serial USING ~<~, valid_until DESC NULLS FIRST LIMIT %(many)s)
        UNION ALL
        (SELECT device_id, '契約番号', number, true, 4 FROM contracts_agreement
         WHERE number ~>=~ %(number)s AND number ~<~ %(number_last)s AND device_id IS NOT NULL
         ORDER BY number USING ~<~ LIMIT %(many)s)
        UNION ALL
        (SELECT device_id, '機器管理番号', device_number, true, 4 FROM contracts_agreement
         WHERE device_number ~>=~ %(number)s AND device_number ~<~ %(number_last)s AND device_id IS NOT NULL
         ORDER BY device_number USING ~<~ LIMIT %(many)s)
        UNION ALL
        (SELECT a.device_id, 'シリアル No.', l.card_serial, true, 4
         FROM contracts_licence l JOIN contracts_agreement a ON a.licence_id = l.id AND a.device_id IS NOT NULL
         WHERE l.card_serial ~>=~ %(number)s AND l.card_serial ~<~ %(number_last)s
         ORDER BY l.card_serial USING ~<~ LIMIT %(many)s)
"""
_BY_END = """
        (SELECT device_id, '製造番号の末尾', serial, valid_until IS NULL, 3
         FROM contracts_deviceserial
         WHERE serial_reversed ~>=~ %(end)s AND serial_reversed ~<~ %(end_last)s
         ORDER BY serial_reversed USING ~<~ LIMIT %(many)s)
"""
_BY_PHONE = """
        (SELECT a.device_id, '電話番号', p.phone, true, 5
         FROM contracts_party p
              JOIN contracts_revision r ON r.id = p.revision_id JOIN contracts_agreement a ON a.id = r.agreement_id
         WHERE a.device_id IS NOT NULL AND p.phone_digits <> ''
               AND p.phone_digits >= %(phone)s AND p.phone_digits < %(phone_end)s
         ORDER BY p.phone_digits LIMIT %(many)s)
"""
# A company may be met twice, by its name and by its kana: as many companies as rows are left after that.
_BY_NAME = """
        (SELECT d.id, '会社名', NULL, true, 6
         FROM (SELECT DISTINCT organisation_id
               FROM (SELECT organisation_id FROM accounts_nameending
                     WHERE ending ~>=~ %(name)s AND ending ~<~ %(name_last)s
                     ORDER BY ending USING ~<~ LIMIT 2 * %(many)s) met LIMIT %(many)s) named
              CROSS JOIN LATERAL (SELECT id FROM contracts_device
                                  WHERE tenant_id = named.organisation_id ORDER BY id LIMIT %(many)s) d
         ORDER BY d.id LIMIT %(many)s)
"""
_SEARCH = """
    SELECT d.id, d.serial, d.product, o.name, a.number, a.ends_on, best.by, coalesce(best.matched, o.name),
           best.current, a.service
    FROM (SELECT DISTINCT ON (device_id) * FROM ({}) AS found (device_id, by, matched, current, rank)
          ORDER BY device_id, rank) best
         CROSS JOIN LATERAL (SELECT id, serial, tenant_id, (SELECT name FROM contracts_product WHERE id = product_id)
                             AS product FROM contracts_device WHERE id = best.device_id OFFSET 0) d
         CROSS JOIN LATERAL (SELECT name, search_name FROM accounts_organisation WHERE id = d.tenant_id OFFSET 0) o
         CROSS JOIN LATERAL (SELECT number, ends_on, service FROM contracts_agreement WHERE device_id = d.id
                             ORDER BY ends_on DESC NULLS FIRST LIMIT 1) a
    ORDER BY best.rank, o.search_name, d.serial LIMIT %(many)s
"""
_NOT_REGISTERED = """
    SELECT EXISTS (SELECT FROM contracts_licence WHERE card_serial = %(number)s AND state = %(issued)s),
           EXISTS (SELECT FROM contracts_shipment WHERE serial = %(number)s)
"""


def units(*, query: str, limit: int = 12) -> Found:
    """Registered units whose numbers begin with `query`, whose 製造番号 ends with it, whose company contains it or
    whose telephone number it is.

    IX-FLT-02: width, case, spaces and hyphens do not matter; former numbers lead to the present unit; several hits
    are all shown, and none is chosen for the caller.
    """
    number, name, phone = normalise(query), folded(query), digits(query)
    by_number = len(number) >= SHORTEST_NUMBER and number.isascii()
    by_phone = len(phone) >= SHORTEST_PHONE and not re.search(r"[^\d()+\s\-]", half_width(query))
    by_name = len(name) >= SHORTEST_NAME
    kinds = {
        _BY_NUMBER: by_number,
        _BY_END: by_number and len(number) >= SHORTEST_END,
        _BY_PHONE: by_phone,
        _BY_NAME: by_name,
    }
    branches = [branch for branch, can_match in kinds.items() if can_match]
    if not branches:
        return Found(hits=(), more=False)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute(
            _SEARCH.format(" UNION ALL ".join(branches)),
            {
                "number": number,
                "number_last": number + _HIGHEST,
                "end": number[::-1],
                "end_last": number[::-1] + _HIGHEST,
                "phone": phone,
                "phone_end": _after(phone),
                "name": name,
                "name_last": name + _HIGHEST,
                "many": limit + 1,
            },
        )
        columns = ("device_id", "serial", "product", "company", "number", "ends_on", "by", "matched", "current")
        hits = [_named(Hit(**dict(zip(columns, row[:-1], strict=True))), row[-1]) for row in cursor]
        cursor.execute("SET LOCAL plan_cache_mode = DEFAULT")
    return Found(hits=hits[:limit], more=len(hits) > limit, hint=_hint(number, hits) if by_number else "")


def _named(hit: Hit, service: str) -> Hit:
    """With the number of an agreement called as its service calls it."""
    terms = catalog.editions(service)[-1].application
    return replace(hit, by=terms.number_name) if terms and hit.by == _NUMBER else hit


def in_sight(*, limit: int) -> Found:
    """The units a customer may name without searching, by number: of a customer, its own."""
    agreements = (
        Agreement.objects.select_related("device__product", "tenant")
        .exclude(device=None)
        .order_by("device__serial", F("ends_on").desc(nulls_first=True))
    )
    first: dict[int, Hit] = {}
    for kept in agreements[: limit + 1]:
        first.setdefault(
            kept.device_id,
            Hit(
                device_id=kept.device_id,
                serial=kept.device.serial,
                product=kept.device.product.name,
                company=kept.tenant.name,
                number=kept.number,
                ends_on=kept.ends_on,
                by="製造番号",
                matched=kept.device.serial,
                current=True,
            ),
        )
    return Found(hits=list(first.values())[:limit], more=len(first) > limit)


def unit(*, device_id: int) -> Unit:
    """One unit in sight. Raises NotFound."""
    device = Device.objects.select_related("product", "tenant").get(pk=device_id)
    agreements = Agreement.objects.filter(device=device).order_by(F("ends_on").desc(nulls_first=True), "-pk")
    former = device.serials.exclude(valid_until=None).order_by("-valid_until").values_list("serial", flat=True)
    return Unit(
        device_id=device.pk,
        tenant_id=device.tenant_id,
        company=device.tenant.name,
        serial=device.serial,
        former_serials=list(former),
        product=device.product.name,
        product_code=device.product.code,
        exchange_units=device.product.exchange_units,
        equivalents=device.product.equivalents,
        software_versions=device.product.software_versions,
        mounted_cm=device.mounted_cm,
        may_hold_personal_numbers=device.may_hold_personal_numbers,
        access_controlled=device.access_controlled,
        covers=_covers(agreements),
    )


def _covers(agreements: Iterable[Agreement]) -> list[Cover]:
    agreements = list(agreements)
    # Asked apart: customers do not see the stock, and a join would hide their own agreement from them.
    cards = dict(
        Licence.objects.filter(pk__in=[kept.licence_id for kept in agreements]).values_list("pk", "card_serial")
    )
    editions = consents.editions_of(kept.pk for kept in agreements)
    revisions: dict[int, list[Revision]] = {}
    for revision in Revision.objects.filter(agreement__in=agreements).order_by("effective_on", "number"):
        revisions.setdefault(revision.agreement_id, []).append(revision)
    parties = {
        (party.revision_id, party.kind): Address(
            company=party.company,
            department=party.department,
            name=party.name,
            phone=party.phone,
            email=party.email,
            postal_code=party.postal_code,
            address=party.address,
        )
        for party in Party.objects.filter(revision__agreement__in=agreements)
    }
    places = {
        agreement_id: [
            (one.effective_on, parties.get((one.pk, Party.Kind.CONTACT)), parties.get((one.pk, Party.Kind.SITE)))
            for one in kept
        ]
        for agreement_id, kept in revisions.items()
    }
    parted: dict[int, dict[str, datetime]] = {}
    # By index `ending_of`; only agreements with parts are asked about. The earliest decision about a part counts.
    for ending in (
        Ending.objects.filter(
            agreement__in=[kept.pk for kept in agreements if kept.part_ends],
            measure=Ending.Measure.END,
            settled_at__isnull=False,
            withdrawn_at=None,
        )
        .exclude(part="")
        .order_by("-effective_at")
    ):
        parted.setdefault(ending.agreement_id, {})[ending.part] = ending.effective_at
    return [
        Cover(
            agreement_id=agreement.pk,
            number=agreement.number,
            service=agreement.service,
            edition=agreement.edition,
            editions=editions.get(agreement.pk, ()),
            plan=agreement.plan,
            state=agreement.state,
            accepted_at=agreement.accepted_at,
            purchased_on=agreement.purchased_on,
            counted_from=agreement.counted_from,
            starts_on=agreement.starts_on,
            ends_on=agreement.ends_on,
            ended_at=agreement.ended_at,
            part_ends=agreement.part_ends,
            parts_ended_at=parted.get(agreement.pk, {}),
            support_limit=agreement.support_limit,
            # Of several for one day, the last holds.
            revisions=[*{kept.effective_on: kept.start_weekday for kept in revisions.get(agreement.pk, [])}.items()],
            contact=places[agreement.pk][0][1],
            site=places[agreement.pk][0][2],
            places=places[agreement.pk],
            card_serial=cards.get(agreement.licence_id, ""),
        )
        for agreement in agreements
    ]


def _hint(number: str, hits: Sequence[Hit]) -> str:
    """IX-GEN-03: a number of another kind is named as such and is never taken for a 製造番号."""
    kinds = {hit.by for hit in hits}
    if "製造番号" in kinds:
        return ""
    for kind in sorted(kinds - {"会社名", "電話番号", "製造番号の末尾"}):
        if kind in kinds:
            return f"製造番号では見つかりません。この番号は{kind}のようです。製造番号を読み上げて確かめてください。"
    with connection.cursor() as cursor:
        cursor.execute(_NOT_REGISTERED, {"number": number, "issued": Licence.State.ISSUED})
        in_stock, shipped = cursor.fetchone()
    if in_stock:
        return (
            "製造番号では見つかりません。この番号は、まだ登録されていないライセンスのシリアル No. のようです。"
            "本体底面のラベルにある製造番号を伺ってください。"
        )
    if shipped:
        return "出荷記録にある製造番号ですが、登録がありません。受け付けて、登録の状況を確かめてください。"
    return ""


def _after(text: str) -> str:
    """The first digit string after all those that begin with `text`, in any collation; above every number if none."""
    kept = text.rstrip("9")
    return f"{kept[:-1]}{int(kept[-1]) + 1}" if kept else "a"
