"""同意の台帳: what was accepted, with its words, edition and hash; it is withdrawn and corrected, never changed."""

from copy import copy
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from hoshu import catalog
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts.models import Agreement, Consent, EditionConsent
from hoshu.flows import registration
from hoshu.privacy import Refused, clauses, ledger
from tests.cases.units import moment
from tests.contracts.cards import at, open_for_business
from tests.people import AOBA, KATO, KONDO, MORI, SATO

NOON = moment("2025-06-16 12:00")
MIMAMORI = "mimamori", "2020-03"
CARE = "remote-care", "1"


def entry(world, **changed):
    return ledger.record_entry(
        **{
            "tenant_id": world.tenant(SATO),
            "kind": "explicit",
            "service": CARE[0],
            "edition": CARE[1],
            "person": "佐藤 花子",
            "text": "規約に同意します",
            "clauses_": ["第2条"],
            "at": NOON,
            "channel": "portal",
            "now": NOON,
            **changed,
        }
    )


def consent(world, item, service, edition, when=NOON):
    terms = catalog.edition(service, edition).application
    said = next(one for one in terms.confirmation if one.id == item)
    return Consent.objects.create(
        tenant_id=world.tenant(SATO),
        service=service,
        edition=edition,
        person="佐藤 花子",
        at=when,
        channel="web",
        item=item,
        text=said.text,
        clauses=[said.clause, *said.also],
    )


@pytest.mark.req("MM-DOC-09", "MM-FLW-02", "IX-GEN-04")
def test_the_confirmations_of_a_form_stand_in_the_ledger_with_words_clauses_and_hash(world, acting):
    terms = catalog.edition(*MIMAMORI)
    with acting(MORI):
        for one in terms.application.confirmation:
            consent(world, one.id, *MIMAMORI)
        lines = ledger.lines(ledger.Chosen(tenant_id=world.tenant(SATO)))
    assert len(lines) == len(terms.application.confirmation)
    assert {line.text for line in lines} == {one.text for one in terms.application.confirmation}
    assert {clause for line in lines for clause in line.clauses} <= {clause.id for clause in terms.clause}
    assert {line.sha256 for line in lines} == {clauses.sha256_of(*MIMAMORI)}
    assert {(line.person, line.at, line.kind_name) for line in lines} == {("佐藤 花子", NOON, "申請のときの確認")}


@pytest.mark.req("MM-DOC-09", "VA-REG-13")
def test_what_the_seller_confirms_for_the_customer_stands_with_its_mandate(world, acting):
    with acting(KONDO):
        open_for_business()
        application = registration.start_online(
            service="video",
            tenant_id=world.tenant(SATO),
            entries={},
            confirmed=["personal_information"],
            now=at("2025-06-01 10:00"),
        )
        row = Consent.objects.get(application=application)
        assert (row.person, row.text) == (
            KONDO.name,
            catalog.edition("video", row.edition).application.confirmation[0].text,
        )
        [line] = ledger.lines(ledger.Chosen(agreement="", tenant_id=world.tenant(SATO)))
    assert line.detail == f"申請 {application.number}"


@pytest.mark.req("MM-DOC-09", "RC-PII-04")
def test_nobody_edits_or_deletes_a_row(world):
    with act_as(SYSTEM):
        row = entry(world)
        for statement in ("UPDATE privacy_ledgerentry SET person = 'x'", "DELETE FROM privacy_ledgerentry"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                connection.cursor().execute(statement)
        later = ledger.correct(key=f"entry-{row.pk}", text="お名前は佐藤 花江です。", person="", now=NOON)
        assert (later.earlier, later.kind, later.person) == (row, "correction", "佐藤 花子")
        [newest, oldest] = ledger.lines(ledger.Chosen(tenant_id=world.tenant(SATO)))
    assert {newest.corrects, oldest.corrects} == {f"entry-{row.pk}", ""}


@pytest.mark.req("MM-DOC-04")
def test_an_edition_that_is_not_in_force_yet_cannot_be_accepted(world):
    first_day = catalog.edition(*MIMAMORI).in_force
    with act_as(SYSTEM):
        early = moment(f"{date.fromordinal(first_day.toordinal() - 1)} 23:59")
        with pytest.raises(Refused, match="それより前の同意は記録できません"):
            entry(world, service=MIMAMORI[0], edition=MIMAMORI[1], at=early)
        entry(world, service=MIMAMORI[0], edition=MIMAMORI[1], at=moment(f"{first_day} 00:00"))
        with pytest.raises(Refused, match="未来"):
            entry(world, at=moment("2025-06-16 12:01"))


@pytest.mark.req("MM-DOC-04")
def test_the_first_use_after_a_change_is_the_deemed_consent_and_another_way_is_further_evidence(
    router, world, monkeypatch
):
    tenant = world.tenant(SATO)
    rule = catalog.edition_on("mimamori", date(2025, 1, 1)).terms_change
    changed, later = copy(catalog.edition("ix", "2022-10")), copy(catalog.edition("ix", "2022-10"))
    object.__setattr__(changed, "terms_change", rule)
    object.__setattr__(later, "edition", "2026-01")
    monkeypatch.setattr(ledger.catalog, "edition", lambda service, wanted: later if wanted == "2026-01" else changed)
    monkeypatch.setattr(ledger.clauses, "sha256_of", lambda service, edition: "0" * 64)
    monkeypatch.setattr(ledger, "_binds_by_use", lambda service: True)
    with act_as(SYSTEM):
        agreement = Agreement.objects.get(tenant_id=tenant)
        for edition, day in (("2022-10", "2025-06-03"), ("2026-01", "2026-01-01")):
            EditionConsent.objects.create(
                tenant_id=tenant, agreement=agreement, edition=edition, accepted_on=day, how="explicit", about="x"
            )
        used = lambda way, when: ledger.used(tenant_id=tenant, way=way, actor="佐藤 花子", now=moment(when))  # noqa: E731
        assert used("login", "2025-12-31 23:59") == 0
        assert used("report", "2026-01-01 00:03") == 1
        assert used("login", "2026-01-04 09:12") == 1
        assert used("login", "2026-01-05 09:12") == 0
        found = ledger.lines(ledger.Chosen(tenant_id=tenant, kind="by_use"))
    assert [(line.edition, line.clauses, line.at) for line in found] == [
        ("2026-01", ["1.2"], moment("2026-01-04 09:12")),
        ("2026-01", ["1.2"], moment("2026-01-01 00:03")),
    ]


@pytest.mark.req("RC-PII-04", "RC-PUR-08")
def test_what_may_be_taken_back_is_taken_back_from_that_moment(world):
    tenant = world.tenant(SATO)
    with act_as(SYSTEM):
        row = consent(world, "news", *CARE, when=moment("2025-04-01 09:00"))
        [line] = ledger.lines(ledger.Chosen(tenant_id=tenant))
        assert line.withdrawable

        def wished(when):
            return ledger.opted_in(tenant_id=tenant, service=CARE[0], item="news", at=moment(when))

        assert not wished("2025-04-01 08:59")
        assert wished("2025-05-01 09:00")
        ledger.withdraw(
            key=f"form-{row.pk}", person="佐藤 花子", reason="", channel="portal", now=moment("2025-05-01 08:59")
        )
        assert wished("2025-05-01 08:58")
        assert not wished("2025-05-01 09:00")
        with pytest.raises(Refused, match="すでに撤回"):
            ledger.withdraw(key=f"form-{row.pk}", person="佐藤", reason="", channel="portal", now=NOON)
        line = next(one for one in ledger.lines(ledger.Chosen(tenant_id=tenant)) if one.kind == "form")
        assert (line.withdrawn_at, line.withdrawable) == (moment("2025-05-01 08:59"), False)


@pytest.mark.req("MM-DOC-09")
def test_what_the_agreement_rests_on_is_not_taken_back_alone(world):
    with act_as(SYSTEM):
        row = consent(world, "basic_terms", *CARE)
        with pytest.raises(Refused, match="解約") as refused:
            ledger.withdraw(key=f"form-{row.pk}", person="佐藤", reason="", channel="portal", now=NOON)
        assert refused.value.clause == "、".join(row.clauses)
        for key in ("form-999999", "entry-999999", "deemed-1", "x", ""):
            with pytest.raises(Refused):
                ledger.withdraw(key=key, person="佐藤", reason="", channel="portal", now=NOON)


@pytest.mark.req("RC-PUR-02", "RC-PUR-04", "RC-PII-02")
def test_a_use_is_asked_of_the_terms_with_what_the_ledger_knows(world):
    tenant = world.tenant(SATO)

    def may(purpose, *, personal=True, when=NOON):
        return ledger.may_use(tenant_id=tenant, service=CARE[0], purpose=purpose, personal=personal, at=when)

    with act_as(SYSTEM):
        assert may("P2").values["allowed"]
        assert not may("P6").values["allowed"]
        assert not may("与信調査").values["allowed"]
        assert not may("P3").values["allowed"]
        consent(world, "news", *CARE, when=moment("2025-06-10 09:00"))
        assert may("P6", when=moment("2025-06-10 09:00")).values["allowed"]
        assert not may("P6", when=moment("2025-06-10 08:59")).values["allowed"]
        entry(world, kind="material", item="P3", text="カタログAを送ってください", at=moment("2025-06-12 10:00"))
        assert may("P3").values["allowed"]


@pytest.mark.req("RC-PII-01")
def test_a_consent_to_disclose_names_recipient_items_and_purpose(world):
    with act_as(SYSTEM):
        for missing in ({"recipient": ""}, {"items": []}, {"purpose": ""}):
            given = {"recipient": "R社", "items": ["お名前"], "purpose": "現地の作業"} | missing
            with pytest.raises(Refused) as refused:
                entry(world, kind="disclosure", **given)
            assert refused.value.clause == "第10条 (1)"


def test_a_stranger_sees_nothing_of_it(world, acting):
    with act_as(SYSTEM):
        entry(world)
    with acting(KATO):
        assert ledger.lines(ledger.Chosen()) == []
    with acting(SATO):
        assert [line.tenant for line in ledger.lines(ledger.Chosen())] == [AOBA]
