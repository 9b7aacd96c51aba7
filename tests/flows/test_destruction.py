"""After the end: what is destroyed, what is held and why, and the record that holds no content."""

from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse

from hoshu.accounts.models import HistoryEntry
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.cases.models import Case, CaseEvent, Statement
from hoshu.contracts import Refused, agreements, destruction
from hoshu.contracts import erasing as low_level
from hoshu.contracts.models import Agreement, Party
from hoshu.dates import JST
from hoshu.flows import destruction as flow
from hoshu.flows import ending, farewell, registration
from hoshu.notifications.models import Message
from hoshu.privacy.models import ErasedRow
from tests.contracts.agreed import lent, watched
from tests.contracts.cards import at, open_for_business
from tests.contracts.forms import confirmations, model, pack, packed
from tests.flows.registering import accepted, checked
from tests.people import AOBA, HAYASHI, KATO, SATO

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(acting, world):
    """Aoba's agreement, over since the end of June 2025."""
    with acting(HAYASHI, on=date(2025, 4, 1)):
        open_for_business()
        kept = lent(watched(world.organisations[AOBA].pk))
    with acting(SATO, on=date(2025, 6, 10)):
        agreements.write_memo(agreement_id=kept.pk, text="合言葉は山", now=at("2025-06-10 10:00"))
    with acting(HAYASHI, on=date(2025, 6, 10)):
        ending.stop(agreement_id=kept.pk, on=date(2025, 6, 10), now=at("2025-06-10 10:00"))
        ending.carry_out_due(now=at("2025-07-01 00:00"))
        kept.refresh_from_db()
        yield kept


@pytest.mark.req("MM-TRM-02")
def test_the_plan_asks_the_terms_about_each_kind_and_changes_nothing(ended):
    found = flow.plan(agreement=ended, now=at("2025-06-30 23:00"))
    assert not any(line.destroy for line in found.lines)
    found = flow.plan(agreement=ended, now=at("2025-07-01 00:10"))
    told = {line.kind: (line.destroy, line.backups_by) for line in found.lines}
    assert told["account"] == told["application"] == told["detection"] == (True, date(2025, 8, 4))
    assert told["billing"] == told["evidence"] == (False, None)
    assert next(line for line in found.lines if line.kind == "billing").law == "法人税法施行規則 59条"
    assert Party.objects.filter(revision__agreement=ended, name="佐藤 花子").exists()


@pytest.mark.req("MM-TRM-02")
def test_nothing_is_destroyed_while_it_can_be_used(ended):
    with pytest.raises(Refused, match="まだ消せません") as refused:
        flow.run(agreement_id=ended.pk, now=at("2025-06-30 23:59"))
    assert refused.value.clause == "7.8"


@pytest.mark.req("MM-TRM-02")
def test_what_is_destroyed_stands_nowhere_any_more_not_even_in_the_history(ended, world):
    assert flow.run_due(now=at("2025-07-01 00:15")) == 1
    assert flow.run_due(now=at("2025-07-01 01:15")) == 0
    record = destruction.of(ended)
    assert record.finished_at == at("2025-07-01 00:15")
    assert record.backups_by == date(2025, 8, 4)
    assert record.counts["連絡先と設置場所"] >= 1
    assert {one["category"] for one in record.kept} == {"請求の記録", "承諾の証拠"}
    party = Party.objects.filter(revision__agreement=ended).first()
    assert (party.name, party.email, party.phone_digits) == ("", "", "")
    assert not Message.objects.filter(text__contains="佐藤").exists()
    ended.application.refresh_from_db()
    assert (ended.application.entries, ended.application.first_entries) == ({}, {})
    assert {kept.person for kept in ended.application.consents.all()} == {low_level.ERASED}
    world.users[SATO].refresh_from_db()
    assert (world.users[SATO].is_active, world.users[SATO].name) == (False, low_level.ERASED)
    with act_as(SYSTEM):
        for entry in HistoryEntry.objects.all():
            assert "佐藤" not in f"{entry.before}{entry.after}", entry
            assert "合言葉" not in f"{entry.before}{entry.after}", entry
        gone = ErasedRow.objects.filter(table="contracts_party", row_id=party.pk)
        assert [(row.destruction, row.at, row.tenant_id) for row in gone] == [
            (record, at("2025-07-01 00:15"), ended.tenant_id)
        ]
        told = {name for name, count in record.counts.items() if count}
        assert {"連絡先と設置場所", "お客様メモ", "アカウント"} <= told
        erased = set(ErasedRow.objects.values_list("table", flat=True))
        assert {"contracts_party", "contracts_customernote", "accounts_user", "notifications_message"} <= erased
    assert "佐藤" not in f"{record.counts}{record.kept}{record.how}"
    told = flow.certificate_facts(record)
    assert ("請求の記録", "法人税法施行規則 59条", None) in told["kept"]
    assert told["copies_until"] == date(2025, 8, 4)
    assert "佐藤" not in str(told)


@pytest.mark.req("MM-TRM-02")
def test_a_job_that_stopped_half_way_goes_on_with_one_record(ended, monkeypatch):
    blank, calls = low_level.blank, []

    def once(*, model, **more):
        calls.append(model)
        if model == "contracts.Inquiry":
            raise ConnectionError
        return blank(model=model, **more)

    monkeypatch.setattr(low_level, "blank", once)
    with pytest.raises(ConnectionError):
        flow.run(agreement_id=ended.pk, now=at("2025-07-01 00:10"))
    half = destruction.of(ended)
    assert half.finished_at is None
    assert "申請の記入" in half.counts
    monkeypatch.setattr(low_level, "blank", lambda *, model, **more: calls.append(model) or blank(model=model, **more))
    calls.clear()
    record = flow.run(agreement_id=ended.pk, now=at("2025-07-01 01:00"))
    assert (record.pk, record.finished_at) == (half.pk, at("2025-07-01 01:00"))
    assert "contracts.Party" not in calls


@pytest.mark.req("MM-TRM-02", "VA-PRI-08")
def test_the_certificate_is_printed_once_and_holds_no_content(ended):
    record = flow.run(agreement_id=ended.pk, now=at("2025-07-01 00:10"))
    letter = flow.certificate(record_id=record.pk, now=at("2025-07-02 10:00"))
    again = flow.certificate(record_id=record.pk, now=at("2025-07-05 10:00"))
    assert (letter.pk, letter.name, bytes(letter.pdf[:5])) == (again.pk, "destruction_certificate", b"%PDF-")
    said = str(letter.data)
    assert ended.number in said
    for content in ("花子", "sato@example.jp", "03-0000-1234"):
        assert content not in said


@pytest.mark.req("MM-TRM-02")
def test_a_reason_to_keep_holds_everything_until_the_day_after_it(ended):
    hold = destruction.hold(
        agreement_id=ended.pk,
        code="insurance",
        reason="駆け付けの保険を請求中",
        since=date(2025, 6, 20),
        now=at("2025-06-30 10:00"),
    )
    assert flow.run_due(now=at("2025-07-01 00:15")) == 0
    assert destruction.of(ended) is None
    destruction.release(hold_id=hold.pk, last_day=date(2025, 8, 5))
    assert flow.run_due(now=at("2025-08-05 12:00")) == 0
    assert flow.run_due(now=at("2025-08-06 00:15")) == 1
    assert destruction.of(ended).backups_by == date(2025, 9, 9)


@pytest.mark.req("MM-TRM-02")
def test_three_stars_hold_as_long_as_the_call_out_may_be_used(ended):
    destruction.hold(
        agreement_id=ended.pk,
        code="three_star",
        reason="6月29日の★★★",
        since=date(2025, 6, 29),
        now=at("2025-06-30 10:00"),
    )
    assert flow.run_due(now=at("2025-07-29 23:00")) == 0
    assert flow.run_due(now=at("2025-07-30 00:15")) == 1


@pytest.mark.req("VA-PRI-08")
def test_where_the_terms_destroy_nothing_people_record_what_they_did(desk):
    agreement = accepted(checked())
    with pytest.raises(Refused, match="翌日から"):
        flow.record_by_hand(
            agreement_id=agreement.pk, method="erased", how="消した", on=date(2025, 6, 3), now=at("2025-06-03 15:00")
        )
    ending.stop(agreement_id=agreement.pk, on=date(2026, 4, 1), now=at("2026-03-01 10:00"))
    with pytest.raises(Refused, match="定めはありません"):
        flow.run(agreement_id=agreement.pk, now=at("2026-04-06 10:00"))
    whole = {"agreement_id": agreement.pk, "on": date(2026, 4, 6), "now": at("2026-04-06 10:00")}
    with pytest.raises(Refused, match="方法"):
        flow.record_by_hand(**whole, method="erased", how=" ")
    record = flow.record_by_hand(**whole, method="returned", how="設定データの媒体を返送した")
    assert (record.method, record.finished_at) == ("returned", at("2026-04-06 00:00"))
    with pytest.raises(Refused, match="すでに"):
        flow.record_by_hand(**whole, method="erased", how="もう一度")


@pytest.mark.req("MM-TRM-02")
def test_a_case_that_runs_holds_everything_and_is_erased_with_the_rest_once_it_is_closed(ended):
    case = Case.objects.create(
        tenant_id=ended.tenant_id,
        device=ended.device,
        agreement=ended,
        service="mimamori",
        channel="phone",
        received_at=at("2025-06-20 10:00"),
        opened_by="森 由美",
        caller_name="佐藤 花子",
        state="asking",
    )
    found = flow.plan(agreement=ended, now=at("2025-07-01 00:10"))
    assert found.held
    assert "開いている事案" in found.lines[0].reasons[-1]["text"] + found.lines[0].reasons[-2]["text"]
    assert flow.run_due(now=at("2025-07-01 00:15")) == 0
    Case.objects.filter(pk=case.pk).update(state="completed", finished_at=at("2025-08-05 10:00"))
    said = {"tenant_id": ended.tenant_id, "case": case, "at": at("2025-06-20 10:00")}
    event = CaseEvent.objects.create(**said, kind="noted", text="佐藤 花子様へ電話", actor="森 由美")
    Statement.objects.create(**said, kind="latest_backup", person="佐藤 花子", text="佐藤が確認", recorded_by="森 由美")
    assert flow.run_due(now=at("2025-08-06 00:15")) == 1
    case.refresh_from_db()
    event.refresh_from_db()
    assert case.caller_name == ""
    assert event.text == low_level.ERASED, "a table that is only added to is erased too"
    assert Statement.objects.get().person == low_level.ERASED
    for entry in HistoryEntry.objects.filter(table__startswith="cases_"):
        assert "佐藤" not in f"{entry.before}{entry.after}", entry


@pytest.mark.req("MM-TRM-02")
def test_a_login_after_the_end_reads_that_the_contract_is_over(ended, world):
    user = world.users[SATO]
    assert farewell.told_at_login(user=user, now=at("2025-06-30 23:59")) == ""
    said = farewell.told_at_login(user=user, now=at("2025-07-01 00:00"))
    assert "契約終了" in said
    assert "2025年6月30日まで" in said
    assert "7.8" in said
    assert farewell.told_at_login(user=world.users[HAYASHI], now=at("2025-07-01 00:00")) == ""
    assert farewell.told_at_login(user=world.users[KATO], now=at("2025-07-01 00:00")) == "", "a stranger had none"


@pytest.mark.req("MM-TRM-02")
def test_the_page_after_the_login_shows_it(ended, world, client, time_machine):
    time_machine.move_to(at("2025-07-01 00:05"), tick=False)
    with act_as(SYSTEM):
        user = world.users[SATO]
        user.set_password("青葉の合言葉-2025")
        user.save(update_fields=["password"])
    sent = {"login": SATO.email, "password": "青葉の合言葉-2025"}
    page = client.post(reverse("account_login"), sent, follow=True).content.decode()
    assert "契約終了" in page


@pytest.mark.req("MM-TRM-02")
def test_who_has_another_agreement_or_applies_anew_has_not_ended(ended, world):
    Agreement.objects.filter(pk=ended.pk).update(state="active", ends_on=None)
    assert farewell.told_at_login(user=world.users[SATO], now=at("2025-07-01 00:00")) == ""


@pytest.mark.req("VA-PRI-08", "VA-TRM-08")
def test_a_pack_that_merely_expires_leaves_a_task_that_only_a_record_closes(acting, world):
    with acting(HAYASHI, on=date(2026, 1, 8)):
        open_for_business()
        pack("P001")
        model()
    with acting(SATO, on=date(2026, 1, 8)):
        draft = registration.start_online(
            service="video",
            tenant_id=world.organisations[AOBA].pk,
            entries=packed(),
            confirmed=confirmations("video"),
            now=at("2026-01-08 11:00"),
        )
        registration.submit(application_id=draft.pk, confirmed=confirmations("video"), now=at("2026-01-08 11:00"))
    with acting(HAYASHI, on=date(2026, 1, 9)):
        registration.begin_check(application_id=draft.pk, now=at("2026-01-09 10:00"))
        agreement = registration.accept(
            application_id=draft.pk, customer_id=None, reasons={}, now=at("2026-01-09 10:00")
        )
        last = agreement.ends_on
        assert list(destruction.left_to_people(on=last)) == []
        assert list(destruction.left_to_people(on=last + timedelta(days=1))) == [agreement]
        assert agreement.state == "active", "nobody ended it"
        later = datetime.combine(last + timedelta(days=5), time(10), JST)
        with pytest.raises(Refused, match="方法"):
            flow.record_by_hand(agreement_id=agreement.pk, method="", how="消した", on=later.date(), now=later)
        assert list(destruction.left_to_people(on=later.date())) == [agreement]
        flow.record_by_hand(agreement_id=agreement.pk, method="erased", how="ログを消した", on=later.date(), now=later)
        assert list(destruction.left_to_people(on=later.date())) == []
    with acting(KATO, on=date(2032, 1, 9)):
        assert list(destruction.left_to_people(on=date(2032, 1, 9))) == []


@pytest.mark.req("VA-PRI-08")
def test_where_the_terms_speak_of_no_entrusted_data_or_erase_by_themselves_there_is_no_task(ended, acting):
    with acting(HAYASHI):
        assert ended.ends_on < date(2026, 1, 1)
        assert list(destruction.left_to_people(on=date(2026, 1, 1))) == []
