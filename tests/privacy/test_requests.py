"""お申し出: who asks is made sure of; everything held of a person is handed over; erased is what may go, everywhere."""

import contextlib
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from hoshu.accounts import people
from hoshu.accounts.models import HistoryEntry, User
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.cases.models import Case, CaseEvent, Statement
from hoshu.contracts.models import Agreement, Application, Party
from hoshu.files import store
from hoshu.files.models import FileContent
from hoshu.notifications import outbox
from hoshu.notifications.models import Message
from hoshu.privacy import Refused, leaks, persons, queries, requests, retention
from hoshu.privacy.models import ErasedRow, PersonRequest
from hoshu.privacy.retention_rules import set_months
from tests.cases.units import moment, take
from tests.contracts.cards import open_for_business
from tests.people import HAYASHI, KATO, SATO

NOON = moment("2025-07-01 12:00")
LATER = moment("2040-06-01 12:00")
"""Twelve years after the agreement of the tests ended: every period is over."""
PERSON = {"name": "田中　一郎", "email": "IT@aoba.example.jp"}


@pytest.fixture
def held(router, world):
    """Tanaka of Aoba stands in an agreement, a case with its events, a mail, and an application's answers."""
    tenant = world.tenant(SATO)
    with act_as(SYSTEM):
        case = take(router, caller_name="田中一郎", told="田中 一郎です。別の人は鈴木です。")
        Statement.objects.create(
            tenant_id=tenant, case=case, kind="latest_backup", at=NOON, person="鈴木 二郎", text="田中 一郎から聞いた",
            recorded_by="森",
        )  # fmt: skip
        agreement = Agreement.objects.get(tenant_id=tenant)
        Application.objects.filter(pk=agreement.application_id).update(entries={"contact_name": "田中 一郎"})
        outbox.put(
            tenant_id=tenant,
            message="personal.leaked",
            to="it@aoba.example.jp",
            context={
                "addressee": {"person": "田中 一郎"},
                "reference": "漏えい等1",
                "found_at": NOON,
                "happened": "x",
                "items": ("お名前",),
                "cause": "誤送信",
                "further_harm": "なし",
                "measures": ("確認",),
            },
            about=agreement.number,
            now=NOON,
        )
    return tenant


def request(tenant, *, kind="see", identified_by="登録の電話番号へ折り返した", **changed):
    facts = {
        "tenant_id": tenant,
        "kind": kind,
        "requester": "田中 一郎",
        "relation": "本人",
        "channel": "phone",
        "asked": "登録されている内容を知りたい",
        "identified_by": identified_by,
        "now": NOON,
        **PERSON,
    }
    return requests.receive(**{**facts, **changed})


def ended(tenant):
    """Everything that kept the records is long over."""
    Agreement.objects.filter(tenant_id=tenant).update(ends_on=date(2028, 5, 31))
    Case.objects.filter(tenant_id=tenant).update(state="done", finished_at=NOON)


@pytest.mark.req("VA-REG-16", "IX-PII-04")
def test_nothing_is_shown_before_it_is_certain_who_asks(held, acting):
    with acting(HAYASHI):
        row = request(held, identified_by="")
        assert row.state == "held"
        for step in (
            lambda: requests.export(request_id=row.pk, now=NOON),
            lambda: requests.answer(request_id=row.pk, text="はい", declined=False, now=NOON),
        ):
            with pytest.raises(Refused, match="まだ確かめていません"):
                step()
        with pytest.raises(Refused, match="本人確認の方法"):
            requests.identify(request_id=row.pk, how=" ", now=NOON)
        requests.identify(request_id=row.pk, how="折り返しの電話", now=NOON)
        requests.answer(
            request_id=row.pk, text="電話番号を直しました。", declined=False, now=moment("2025-07-03 10:00")
        )
        row.refresh_from_db()
        assert (row.state, row.answered_at) == ("done", moment("2025-07-03 10:00"))
        assert HAYASHI.name in row.answered_by
        with pytest.raises(Refused, match="終わっています"):
            requests.answer(request_id=row.pk, text="もう一度", declined=False, now=LATER)


@pytest.mark.req("VA-PRI-05", "VA-PRI-06", "IX-PII-04")
def test_somebody_who_is_not_known_is_declined_with_what_is_missing_and_the_request_stays(held, acting):
    with acting(HAYASHI):
        row = request(held, kind="report", identified_by="", name="", email="")
        requests.answer(request_id=row.pk, text="委任状をお送りください。", declined=True, now=NOON)
        assert PersonRequest.objects.get(pk=row.pk).state == "declined"
        with pytest.raises(Refused, match="どなたの情報か"):
            request(held, kind="erase", name="", email="", phone="")
        for missing in ("requester", "relation", "asked"):
            with pytest.raises(Refused) as refused:
                request(held, **{missing: " "})
            assert refused.value.field == missing


@pytest.mark.req("VA-REG-16", "RC-PII-04")
def test_everything_of_a_person_is_handed_over_whatever_the_spelling(held, acting):
    with acting(HAYASHI):
        row = request(held)
        data = requests.export(request_id=row.pk, now=NOON)
    by_name = {part["名称"]: part["記録"] for part in data["区分"]}
    assert {"連絡先、設置場所、管理者", "申請の記入内容", "障害の受付と作業", "お知らせとメール"} <= set(by_name)
    said = str(data)
    assert "田中 一郎です。" in said
    assert "03-0000-1234" in said
    assert all(part["利用目的"] and part["出どころ"] for part in data["区分"])
    assert data["変更の記録"]
    assert "契約" in by_name["連絡先、設置場所、管理者"][0]["保存"]
    with act_as(SYSTEM):
        assert PersonRequest.objects.get().exported_at == NOON


def test_nobody_of_another_customer_is_found(held, world, acting):
    with acting(HAYASHI):
        person = persons.Person(**PERSON)
        assert persons.find(tenant_id=world.tenant(KATO), person=person, today=NOON.date()) == []
        assert persons.find(tenant_id=held, person=persons.Person(name="林"), today=NOON.date()) == []


def test_a_firm_shares_its_telephone_and_another_name_is_another_person(held, acting):
    with acting(HAYASHI):
        found = persons.find(
            tenant_id=held, person=persons.Person(name="高橋 三郎", phone="03 0000 1234"), today=NOON.date()
        )
        assert [row for row in found if row.is_own and row.model == "contracts.Party"] == []
        found = persons.find(tenant_id=held, person=persons.Person(phone="03 0000 1234"), today=NOON.date())
        assert [row for row in found if row.is_own and row.model == "contracts.Party"]


@pytest.mark.req("VA-PRI-06", "VA-PRI-08")
def test_while_the_service_runs_its_records_stay_and_say_by_what(held, acting):
    with acting(HAYASHI):
        row = request(held, kind="erase")
        shown = requests.preview(row, now=NOON)
        assert {one.model for one in shown.going} == {"accounts.User"}, "a login can be ended at any time"
        reasons = {(name, clause) for name, _, why, until, clause in shown.staying_by_reason if until is None}
        assert ("連絡先、設置場所、管理者", "第2章 個人情報") in reasons


@pytest.mark.req("VA-PRI-06", "VA-PRI-08")
def test_an_ended_agreement_is_kept_as_long_as_the_law_asks(held, acting):
    with acting(HAYASHI):
        ended(held)
        row = request(held, kind="erase")
        on = requests.preview(row, now=moment("2035-05-31 12:00"))
        assert not [one for one in on.going if one.model == "contracts.Party"]
        [until] = {one.end.until for one in on.staying if one.model == "contracts.Party"}
        assert until == date(2035, 5, 31)
        after = requests.preview(row, now=moment("2035-06-01 00:00"))
        assert [one for one in after.going if one.model == "contracts.Party"]


@pytest.mark.req("VA-PRI-06", "VA-PRI-08")
def test_what_is_erased_is_nowhere_any_more_not_even_in_the_history(held, acting):
    with acting(HAYASHI):
        ended(held)
        row = request(held, kind="erase")
        token = requests.preview(row, now=LATER).token
        with pytest.raises(Refused, match="記録が変わりました"):
            requests.erase(request_id=row.pk, token="x", now=LATER)
        done = requests.erase(request_id=row.pk, token=token, now=LATER)
        assert done["連絡先、設置場所、管理者"] == 2
        with pytest.raises(Refused, match="済んでいます"):
            requests.erase(request_id=row.pk, token=token, now=LATER)
    with act_as(SYSTEM):
        assert {party.name for party in Party.objects.filter(tenant_id=held)} == {""}
        case = Case.objects.get(tenant_id=held)
        assert case.told == f"消去{row.pk:05d}です。別の人は鈴木です。"
        assert Statement.objects.get().person == "鈴木 二郎", "somebody else is not erased with them"
        assert Application.objects.get(tenant_id=held).entries == {"contact_name": f"消去{row.pk:05d}"}
        assert "田中" not in Message.objects.get(kind="personal.leaked").text
        found = [(table, text) for table, text in everything() if "田中 一郎" in text or "it@aoba.example.jp" in text]
        # The request itself names whom it is about; the user of this name was never part of it.
        assert {table for table, _ in found} <= {"privacy_personrequest", "accounts_user", "accounts_historyentry"}
        for entry in HistoryEntry.objects.filter(table__in=["contracts_party", "cases_case", "notifications_message"]):
            assert "田中 一郎" not in str(entry.before) + str(entry.after), entry.table
        assert ErasedRow.objects.filter(request=row, table="contracts_party").count() == 2
        assert CaseEvent.objects.filter(tenant_id=held).exists(), "the rows themselves stay"


@pytest.mark.req("VA-PRI-06")
def test_an_erased_login_is_one_no_more(held, world, acting):
    with acting(HAYASHI):
        user = world.users[SATO]
        row = request(held, kind="erase", name=SATO.name, email=SATO.email)
        requests.erase(request_id=row.pk, token=requests.preview(row, now=LATER).token, now=LATER)
        user = User.objects.get(pk=user.pk)
        assert (user.is_active, user.email, user.has_usable_password()) == (
            False,
            f"erased-{user.pk}@erased.invalid",
            False,
        )
        assert SATO.name not in [one.name for one in people.find(organisation_id=held)]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT hoshu_forget('contracts_party', ARRAY[%s]::bigint[], '{name}', '{}', 'x')",
        "SELECT hoshu_forget('contracts_party', ARRAY[%s]::bigint[], '{name}')",
        "UPDATE accounts_historyentry SET before = NULL WHERE row_id = %s",
        "DELETE FROM accounts_historyentry WHERE row_id = %s",
    ],
)
def test_the_history_forgets_only_what_is_on_record_as_erased(held, statement):
    with act_as(SYSTEM):
        party = Party.objects.filter(tenant_id=held).first()
        of_party = HistoryEntry.objects.filter(table="contracts_party", row_id=party.pk).order_by("pk")
        before = list(of_party.values())
        assert "田中" in str(before)
        # Another table's row of the same number is on record: that says nothing about this one.
        request_row = request(held, kind="erase")
        ErasedRow.objects.create(
            tenant_id=held, table="contracts_revision", row_id=party.pk, at=NOON, request=request_row
        )
        with contextlib.suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [party.pk])
        assert list(of_party.values()) == before


def test_there_is_one_way_into_the_history():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_proc WHERE proname = 'hoshu_forget'")
        assert cursor.fetchone() == (1,)
        cursor.execute(
            "SELECT policyname FROM pg_policies WHERE tablename = 'accounts_historyentry' AND cmd IN ('UPDATE', 'ALL')"
        )
        assert cursor.fetchall() == [("forgotten",)]


def test_an_erasure_has_one_reason(held):
    with act_as(SYSTEM), pytest.raises(DatabaseError, match="erased_for_one_reason"), transaction.atomic():
        ErasedRow.objects.create(tenant_id=held, table="contracts_party", row_id=1, at=NOON)


@pytest.mark.req("VA-PRI-08")
def test_a_retention_run_counts_first_and_erases_step_by_step(held, acting, monkeypatch):
    monkeypatch.setattr(retention, "STEP", 1)
    with act_as(SYSTEM):
        ended(held)
        dry = retention.count(as_of=date(2035, 5, 31), now=LATER)
        assert "連絡先、設置場所、管理者" not in dry.found
        dry = retention.count(as_of=date(2035, 6, 1), now=LATER)
        assert dry.found["連絡先、設置場所、管理者"] >= 2
        assert dry.dry
        assert Party.objects.filter(name="田中 一郎").exists()
    with acting(HAYASHI):
        run = retention.begin(as_of=date(2035, 6, 1), now=LATER)
        assert retention.go_on(run_id=run.pk, now=LATER)
        with pytest.raises(Refused, match="まだ終わっていません"):
            retention.begin(as_of=date(2035, 6, 1), now=LATER)
        while retention.go_on(run_id=run.pk, now=LATER):
            pass
        run.refresh_from_db()
        assert run.done == run.found == dry.found
        assert run.finished_at == LATER
        with pytest.raises(Refused, match="保存期間を過ぎた記録はありません"):
            retention.begin(as_of=date(2035, 6, 1), now=LATER)
    with act_as(SYSTEM):
        assert not Party.objects.filter(name="田中 一郎").exists()
        entries = HistoryEntry.objects.filter(table="contracts_party")
        assert not [entry for entry in entries if "田中 一郎" in str(entry.before) + str(entry.after)]


@pytest.mark.req("VA-PRI-08")
def test_an_open_case_holds_everything_of_its_agreement_back(held):
    with act_as(SYSTEM):
        ended(held)
        Case.objects.filter(tenant_id=held).update(state="deciding", finished_at=None)
        dry = retention.count(as_of=date(2036, 6, 1), now=LATER)
        assert "連絡先、設置場所、管理者" not in dry.found
        assert dry.kept == {"対応中の事案がある契約": 1}


@pytest.mark.req("VA-PRI-08")
def test_papers_of_a_running_agreement_stay_however_old_and_other_files_go_with_their_content(held, world, acting):
    with acting(HAYASHI) as clerk:
        kept, gone = (
            store.keep(tenant_id=held, name=f"{name}.txt", content=b"log", purpose="log",
                       declared_personal_number=False, actor=clerk, now=NOON)
            for name in ("kept", "gone")
        )  # fmt: skip
        agreement = Agreement.objects.get(tenant_id=held)
        agreement.application.files.create(tenant_id=held, file=kept, kind="other")
        Agreement.objects.filter(pk=agreement.pk).update(ends_on=date(2050, 5, 31))
        run = retention.begin(as_of=date(2040, 6, 1), now=LATER)
        while retention.go_on(run_id=run.pk, now=LATER):
            pass
        kept.refresh_from_db()
        gone.refresh_from_db()
        assert (kept.state, kept.name) == ("available", "kept.txt")
        assert (gone.state, gone.name, gone.decided_at) == ("destroyed", "消去済", LATER)
        assert FileContent.objects.filter(file=kept).exists()
        assert not FileContent.objects.filter(file=gone).exists()
        assert "田中 一郎" in Message.objects.get(about=agreement.number).text


@pytest.mark.req("RC-PII-05")
def test_who_is_concerned_by_an_open_leak_stays_on_its_list(held, world, acting):
    with acting(HAYASHI):
        open_for_business()
        leak = leaks.found(
            found_at=NOON, how="電話", what="誤送信", cause="missent", malicious=False, reportable=False,
            why_reportable="少数", items=["お名前"], tenant_ids=[held], now=NOON,
        )  # fmt: skip
        leaks.collect_persons(leak_id=leak.pk)
        row = request(held, kind="erase")
        shown = requests.preview(row, now=LATER)
        assert not [one for one in shown.going if one.category == "leak"]
        assert "漏えい等の対応中のため" in [why for _, _, why, _, _ in shown.staying_by_reason]


@pytest.mark.req("MM-CND-15")
def test_the_operator_may_keep_longer_with_a_reason_but_not_shorter_than_the_law(acting):
    with acting(HAYASHI):
        set_months(category="party", months=120, reason="税理士の助言", now=NOON)
        for wrong in ({"months": 83}, {"reason": " "}, {"category": "history"}, {"months": 601}):
            with pytest.raises(Refused):
                set_months(**{"category": "party", "months": 120, "reason": "x", "now": NOON, **wrong})


@pytest.mark.req("VA-REG-16")
def test_an_open_request_stands_on_the_list_of_today_with_its_age(held, acting):
    with acting(HAYASHI):
        request(held, identified_by="")
        [task] = [one for one in queries.tasks(now=NOON) if one.kind == "request"]
        assert task.text == "青葉商事株式会社 確認・開示のお申し出（本人確認待ち）"
        assert not task.late
        [task] = [one for one in queries.tasks(now=moment("2025-07-16 12:00")) if one.kind == "request"]
        assert task.late


def everything():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            yield from ((table, row) for (row,) in cursor.fetchall())
