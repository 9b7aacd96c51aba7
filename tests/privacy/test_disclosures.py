"""開示の台帳 and 取扱いの記録: who gets to see what outside, on what ground, and who opened entrusted data for what."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from hoshu.accounts import grants, organisations
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.cases.models import CaseFile
from hoshu.contracts.models import Agreement
from hoshu.decisions.models import Decision
from hoshu.files import store
from hoshu.privacy import Refused, access, disclosures, ledger, queries
from hoshu.privacy.models import DataAccess
from tests.cases.units import moment, take
from tests.people import HAYASHI, HOKUTO, KATO, MORI, SATO, SINCE, YAMADA

DAY_1, DAY_2, DAY_5 = moment("2026-03-02 10:00"), moment("2026-03-03 10:00"), moment("2026-03-10 10:00")


@pytest.fixture
def agreement(router, world):
    with act_as(SYSTEM):
        yield Agreement.objects.get(tenant_id=world.tenant(SATO))


def under(agreement, service, edition):
    Agreement.objects.filter(pk=agreement.pk).update(service=service, edition=edition)
    agreement.refresh_from_db()
    return agreement


def demand(agreement, **changed):
    facts = {
        "tenant_id": agreement.tenant_id,
        "agreement_id": agreement.pk,
        "body": "東京地方裁判所",
        "law": "民事訴訟法 223条の文書提出命令 第1号",
        "items": ["会社名", "機器の番号"],
        "reason": "命令を受けたため",
        "demanded_at": DAY_1,
        "now": DAY_1,
    }
    return disclosures.demanded(**{**facts, **changed})


def went(found, kind, when, text="総務部へ電話で伝えた"):
    return disclosures.step(disclosure_id=found.pk, kind=kind, text=text, at=when, now=when)


@pytest.mark.req("IX-CONF-04", "VA-CNF-05", "SP-CNF-06")
@pytest.mark.parametrize(
    ("service", "edition", "clause"),
    [("ix", "2022-10", "第4章 8.(4)"), ("video", "2021-08", "第3章 1.7(1)"), ("supportpack", "1", "第9条 (4)")],
)
def test_a_public_body_gets_it_after_the_customer_knows_and_secrecy_was_asked(agreement, service, edition, clause):
    found = demand(under(agreement, service, edition))
    assert found.clause == clause
    went(found, "told", DAY_2)
    went(found, "asked", DAY_2)
    assert not went(found, "disclosed", DAY_5).irregular
    assert [step.kind for step in found.steps.order_by("id")] == ["told", "asked", "disclosed"]
    with pytest.raises(Refused, match="終わっています"):
        went(found, "told", DAY_5)


@pytest.mark.req("IX-CONF-04", "VA-CNF-05", "SP-CNF-06")
def test_disclosed_without_the_steps_before_it_is_an_incident(agreement):
    assert went(demand(agreement), "disclosed", DAY_5).irregular
    told_only = demand(agreement)
    went(told_only, "told", DAY_2)
    assert went(told_only, "disclosed", DAY_5).irregular
    late = demand(agreement)
    went(late, "told", DAY_5)
    went(late, "asked", DAY_5)
    assert went(late, "disclosed", DAY_2).irregular, "told after it was shown is not told beforehand"


@pytest.mark.req("IX-CONF-04", "VA-CNF-05", "SP-CNF-06")
def test_where_the_law_bars_the_notice_its_ground_is_named(agreement):
    found = demand(agreement)
    with pytest.raises(Refused, match="法令上の根拠"):
        went(found, "barred", DAY_2, text=" ")
    went(found, "barred", DAY_2, text="通信傍受法 30条")
    went(found, "asked", DAY_2)
    assert not went(found, "disclosed", DAY_5).irregular


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"body": ""}, "body"),
        ({"law": " "}, "law"),
        ({"items": [""]}, "items"),
        ({"demanded_at": DAY_2}, "demanded_at"),
    ],
)
def test_what_is_missing_from_a_demand_is_said(agreement, changed, field):
    with pytest.raises(Refused) as refused:
        demand(agreement, **changed)
    assert refused.value.field == field


def to_hokuto(agreement, world, *, now=DAY_1, items=("会社名", "住所"), needed=("会社名", "住所"), who=HOKUTO):
    return disclosures.to_subcontractor(
        tenant_id=agreement.tenant_id,
        agreement_id=agreement.pk,
        organisation_id=world.organisations[who].pk,
        items=items,
        needed=needed,
        reason="現地の作業",
        now=now,
    )


@pytest.mark.req("VA-CNF-06", "SP-CNF-05", "VA-REG-14", "VA-PRI-04", "IX-PII-02")
def test_a_subcontractor_gets_what_its_work_needs_under_its_contract(agreement, world):
    found = to_hokuto(agreement, world)
    assert (found.ground, found.clause, found.items) == (
        "情報保護の契約 情保-2022-01",
        "第4章 8.(3)",
        ["会社名", "住所"],
    )
    with pytest.raises(Refused, match="必要でない項目は開示できません: 住所"):
        to_hokuto(agreement, world, needed=["会社名"])
    with pytest.raises(Refused, match="契約がないため") as refused:
        to_hokuto(agreement, world, now=moment("2036-01-01 00:00"))
    assert refused.value.clause == "第4章 8.(3)"
    with pytest.raises(Refused, match="再委託先として登録された会社"):
        disclosures.to_subcontractor(
            tenant_id=agreement.tenant_id,
            organisation_id=agreement.tenant_id,
            items=["x"],
            needed=["x"],
            reason="x",
            now=DAY_1,
        )


@pytest.mark.req("RC-PII-03", "RC-PII-04", "RC-GEN-02")
def test_where_the_terms_answer_they_decide_and_the_answer_is_kept(agreement, world):
    under(agreement, "remote-care", "1")
    last = moment("2035-12-31 23:59")
    found = to_hokuto(agreement, world, now=last)
    decision = found.steps.get().decision
    assert (decision.topic, decision.act, decision.about) == ("disclosure", "開示", agreement.number)
    before = Decision.objects.count()
    for changed in ({"now": moment("2036-01-01 00:00")}, {"now": last, "needed": ["会社名"]}):
        with pytest.raises(Refused) as refused:
            to_hokuto(agreement, world, **changed)
        assert refused.value.clause == "第10条 (2)"
    assert Decision.objects.count() == before


@pytest.mark.req("RC-PII-01", "RC-PII-04")
def test_a_third_party_gets_what_an_earlier_consent_names(agreement, world):
    under(agreement, "remote-care", "1")
    stored = moment("2025-06-01 10:00")

    def show(items, when, recipient="R社"):
        return disclosures.to_third_party(
            agreement_id=agreement.pk, recipient=recipient, items=items, reason="現地の調査", now=moment(when)
        )

    with pytest.raises(Refused) as refused:
        show(["お名前"], "2025-06-01 10:01")
    assert refused.value.clause == "第10条 (1)"
    row = ledger.record_entry(
        tenant_id=agreement.tenant_id,
        kind="disclosure",
        service="remote-care",
        edition="1",
        person="佐藤 花子",
        text="R社へお名前と電話番号を開示することを承諾します",
        clauses_=["第10条 (1)"],
        at=stored,
        channel="portal",
        recipient="R社",
        purpose="現地の調査",
        items=["お名前", "電話番号"],
        until=date(2025, 6, 30),
        now=stored,
    )
    found = show(["お名前", "電話番号"], "2025-06-01 10:01")
    assert found.ground == f"お客様の承諾（同意の台帳 {row.pk}）"
    show(["お名前"], "2025-06-30 23:59")
    for items, when, recipient in (
        (["お名前", "メール"], "2025-06-02 10:00", "R社"),
        (["お名前"], "2025-07-01 00:00", "R社"),
        (["お名前"], "2025-06-02 10:00", "別の会社"),
        (["お名前"], "2025-06-01 09:59", "R社"),
    ):
        with pytest.raises(Refused):
            show(items, when, recipient)
    ledger.withdraw(
        key=f"entry-{row.pk}", person="佐藤 花子", reason="", channel="portal", now=moment("2025-06-20 12:00")
    )
    show(["お名前"], "2025-06-20 11:59")
    with pytest.raises(Refused):
        show(["お名前"], "2025-06-20 12:00")
    assert disclosures.disclosures(kind="third_party").count() == 3, "what was shown before stays listed"


@pytest.mark.req("RC-PII-04")
def test_a_disclosure_is_never_deleted_and_the_customer_sees_its_own(agreement, world, acting):
    demand(agreement)
    for table in ("privacy_disclosure", "privacy_disclosurestep"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(f"DELETE FROM {table}")
    with acting(SATO):
        assert disclosures.disclosures().count() == 1
    with acting(KATO):
        assert disclosures.disclosures().count() == 0


@pytest.mark.req("VA-SUB-01", "RC-GEN-02")
def test_the_chain_of_a_contractor_is_shown_and_one_without_contract_gets_no_work(agreement, world):
    deeper = organisations.create(kind="subcontractor", name="南北作業", kana="", phone="", now=SINCE)
    with pytest.raises(Refused, match="作業を任せられません"):
        disclosures.require_contractor(tenant_id=agreement.tenant_id, organisation_id=deeper.pk, now=DAY_1)
    grants.record_contract(
        organisation_id=deeper.pk,
        reference="情保-2",
        scope="運搬",
        tier=2,
        parent_id=world.organisations[HOKUTO].pk,
        valid_from=date(2026, 1, 1),
        valid_until=date(2026, 3, 31),
    )
    chain = disclosures.require_contractor(tenant_id=agreement.tenant_id, organisation_id=deeper.pk, now=DAY_1)
    assert [one.organisation.name for one in chain] == ["南北作業", HOKUTO]
    assert disclosures.chain_of(deeper.pk, on=date(2026, 3, 31))
    assert disclosures.chain_of(deeper.pk, on=date(2026, 4, 1)) == []


@pytest.mark.req("MM-CND-13")
def test_statistics_leave_only_unrecognisable_large_enough_for_a_listed_purpose_and_approved(agreement, acting):
    under(agreement, "mimamori", "2020-03")
    rows = [
        {"industry": name, "kind": "phishing", "companies": n}
        for name, n in (("製造", 12), ("運輸", 7), ("小売", 5), ("医療", 4))
    ]

    def prepare(purpose="被害の未然の防止", table=rows, recipient="報道機関"):
        return disclosures.prepare_statistics(
            tenant_id=agreement.tenant_id,
            agreement_id=agreement.pk,
            recipient=recipient,
            purpose=purpose,
            rows=table,
            reason="注意の呼びかけ",
            now=DAY_1,
        )

    kept, left_out = disclosures.suppressed(rows)
    assert ([row["industry"] for row in kept], left_out) == (["製造", "運輸", "小売"], 1)
    for wrong in (
        {"purpose": "販売"},
        {"purpose": "研究"},
        {"table": rows[3:]},
        {"table": [{"serial": "S1", "companies": 9}]},
    ):
        with acting(HAYASHI), pytest.raises(Refused):
            prepare(**wrong)
    with acting(HAYASHI):
        found = prepare()
        assert (found.clause, len(found.content_sha256)) == ("7.13", 64)
        with pytest.raises(Refused, match="別の人の承認"):
            disclosures.approve_statistics(disclosure_id=found.pk, now=DAY_2)
    with acting(YAMADA):
        disclosures.approve_statistics(disclosure_id=found.pk, now=DAY_2)
        assert [step.kind for step in found.steps.order_by("id")] == ["approved", "disclosed"]


# ---- access to entrusted data


def log_file(actor, tenant, name="log.txt"):
    return store.keep(
        tenant_id=tenant,
        name=name,
        content=b"log",
        purpose="log",
        declared_personal_number=False,
        actor=actor,
        now=DAY_1,
    )


@pytest.mark.req("VA-PRI-01", "VA-PRI-02", "MM-CND-14")
def test_entrusted_data_are_opened_for_a_case_only_and_each_time_leaves_a_row(router, world, acting):
    with acting(MORI) as mori:
        case = take(router)
        file = log_file(mori, world.tenant(SATO))
        with pytest.raises(Refused, match="どの事案・契約のための資料か"):
            access.opened(file=file, now=DAY_1)
        with pytest.raises(Refused, match="複製か決まっていない"):
            access.copied(file_id=file.pk, purpose="再現", place="解析機", now=DAY_1)
        kept = service_call_file(case, mori)
        row = access.opened(file=kept.file, now=DAY_1)
        assert (row.about, row.actor, row.tenant_id) == (case.number, mori.label, world.tenant(SATO))
        copy = access.copied(file_id=kept.file_id, purpose="障害の再現", place="保守センターの解析機", now=DAY_1)
        assert (copy.kind, copy.place) == ("copied", "保守センターの解析機")
        for missing in ({"purpose": " "}, {"place": ""}):
            with pytest.raises(Refused):
                access.copied(**{"file_id": kept.file_id, "purpose": "x", "place": "y", "now": DAY_1, **missing})
        with pytest.raises(Refused, match="見る理由"):
            access.used(tenant_id=world.tenant(SATO), about=case.number, purpose=" ", now=DAY_1)
        with pytest.raises(Refused, match="番号を入力"):
            access.used(tenant_id=world.tenant(KATO), about=case.number, purpose="障害", now=DAY_1)
        assert access.used(tenant_id=world.tenant(SATO), about=case.number, purpose="障害の切り分け", now=DAY_1)
    with acting(SATO):
        assert access.opened(file=kept.file, now=DAY_2) is None, "one's own data are no handling of ours"
        assert DataAccess.objects.filter(file=kept.file).count() == 2


def service_call_file(case, actor):
    file = log_file(actor, case.tenant_id, "case.txt")
    return CaseFile.objects.create(tenant_id=case.tenant_id, case=case, file=file, added_at=DAY_1)


@pytest.mark.req("MM-DOC-09")
def test_the_decisions_that_cite_a_clause_are_found(agreement, world):
    under(agreement, "remote-care", "1")
    to_hokuto(agreement, world)
    assert [one.topic for one in queries.decisions_citing("第10条 (2)")] == ["disclosure"]
    assert queries.decisions_citing("第99条") == []
