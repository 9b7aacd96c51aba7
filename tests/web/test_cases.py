"""The pages of cases: every act through its form, what each role sees, lists, export, paper."""

import csv
import io
import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from hoshu.cases import queries
from hoshu.cases.words import State, StepKind
from hoshu.contracts import finding
from hoshu.files.queries import held
from hoshu.notifications.models import Message
from hoshu.notifications.queries import mailbox
from hoshu.publishing import current
from hoshu.web.common import csv_file
from hoshu.web.common.inputs import MomentField
from tests.cases.test_completion import served
from tests.cases.units import exchange, fresh, moment, on_site, take
from tests.people import ENDO, HAYASHI, ITO, KATO, MORI, NISHI, SATO, TANAKA

AT_TEN = {"at": "2025/06/16 10:00"}


@pytest.fixture
def desk(login):
    return login(MORI)


def send(client, case, name, **values):
    """Send one act's form; the answer after its redirect, or the page with the fault."""
    return client.post(reverse(f"console:case_{name}", args=[case.number]), values, follow=True)


def page(client, case):
    return client.get(reverse("console:case", args=[case.number]))


def text(answer):
    return answer.content.decode()


@pytest.fixture
def case(router, acting):
    with acting(MORI):
        return take(router)


@pytest.mark.req("IX-FLT-05", "IX-WIN-06", "IX-GEN-05")
def test_the_desk_leads_a_case_to_the_planned_visit(case, desk, acting):
    assert "派遣するかを決める" in text(page(desk, case))
    refused = send(desk, case, "dispatch", send="yes", reason="")
    assert refused.status_code == 422
    assert "入力を確かめてください" in text(refused)
    assert "訪問の予定を入れる" in text(send(desk, case, "dispatch", send="yes", reason="交換が必要"))
    outside = send(desk, case, "visit", start="2025/06/16 22:00", override_reason="")
    assert outside.status_code == 422
    assert "次の対応時間は 2025/06/17 08:30 から" in text(outside)
    assert "第1章 2." in text(outside)
    assert 'value="2025/06/16 22:00"' in text(outside)
    assert "予定どおり訪問する" in text(send(desk, case, "visit", start="2025/06/16 10:00", override_reason=""))
    with acting(MORI):
        assert fresh(case).state == State.PLANNED


@pytest.mark.req("IX-WRK-02", "IX-OWN-01", "IX-DUT-01", "IX-PRE-06", "IX-GUA-01")
def test_the_engineer_works_the_steps_to_the_end(router, login, acting):
    with acting(MORI):
        case = on_site(router, done=())
    engineer = login(ITO)
    for kind in (StepKind.ARRIVAL, StepKind.MOVED_AWAY, StepKind.REMOVAL, StepKind.EXCHANGE):
        assert send(engineer, case, "step", kind=kind, **AT_TEN).status_code == 200
    shown = text(page(engineer, case))
    assert "外国為替及び外国貿易法" in shown
    answer = send(
        engineer,
        case,
        "exchange",
        part="body",
        unit="本体一式",
        removed="N1-0001",
        substitute="S-900",
        received_at="2025/06/16 09:45",
        received_by="田中 一郎",
    )
    assert "S900" in text(answer)
    with acting(MORI):
        kept = case.exchanges.get()
    assert send(engineer, case, "erasure", exchange=kept.pk, erasure="impossible", person="田中").status_code == 422
    send(engineer, case, "erasure", exchange=kept.pk, erasure="erased", person="田中")
    send(engineer, case, "collection", exchange=kept.pk, at="2025/06/16 10:20")
    for kind in (StepKind.INSTALL_SOFTWARE, StepKind.BROUGHT_BACK, StepKind.REPORT_SIGNED):
        send(engineer, case, "step", kind=kind, **AT_TEN)
    refused = send(engineer, case, "complete", report="交換しました。", at="2025/06/16 10:45")
    assert "コンフィグの読み込み" in text(refused)
    send(engineer, case, "skip", kind=StepKind.INSTALL_CONFIG, reason="お客様が行う")
    send(engineer, case, "cause", code="power_unit", remark="電源の劣化")
    done = text(send(engineer, case, "complete", report="交換しました。", at="2025/06/16 10:45"))
    assert "作業は完了しました" in done
    assert "2025/09/16" in done
    assert "電源の劣化" in done
    assert "コンフィグの読み込みまで" not in done
    assert "交換とソフトウェアの導入まで" in done
    paper = text(engineer.get(reverse("console:case_paper", args=[case.number])))
    assert "N10001 → S900" in paper
    assert "行った作業範囲: 交換とソフトウェアの導入まで" in paper
    assert "電源の劣化" not in paper


@pytest.mark.req("IX-CHG-09", "IX-PRE-03", "IX-EXC-00")
def test_rulings_and_exclusions_are_recorded_on_the_page(router, desk, acting):
    with acting(MORI):
        case = take(router, site_matches=False)
    assert "登録と違う設置場所について決める" in text(page(desk, case))
    assert "対象" in text(send(desk, case, "ruling", about="site", serve="yes", finding="届出あり", evidence=""))
    assert send(desk, case, "exclusion", code="IX-EXC-05", as_cause="yes", finding="").status_code == 422
    assert "対象外" in text(send(desk, case, "exclusion", code="IX-EXC-05", as_cause="yes", finding="落雷"))
    with acting(MORI):
        tag = case.exclusions.get()
    send(desk, case, "withdraw", tag=tag.pk, reason="別の機器")
    with acting(MORI):
        assert fresh(case).outcome == "covered"


@pytest.mark.req("IX-FLT-03", "IX-FLT-06", "IX-DUT-10", "IX-PII-03")
def test_information_requests_notes_and_statements_come_back_to_the_page(router, desk, acting):
    with acting(MORI):
        case = take(router, symptoms=[], software_version="")
    fault = send(desk, case, "fill", reported_as="X999", symptoms=["reboots"])
    assert fault.status_code == 422
    assert "N10001" in text(fault)
    filled = {
        "reported_as": "N10001",
        "serial_confirmed": "on",
        "site": "same",
        "symptoms": ["reboots"],
        "evidence_led": "消灯",
        "software_version": "10.8.21",
        "backup": "on_site",
    }
    assert "リブートする" in text(send(desk, case, "fill", **filled))
    send(desk, case, "request", kind="information", content="LEDの写真", wished_by="2025/06/17 10:00")
    with acting(MORI):
        request = case.requests.get()
    assert "消灯していた" in text(send(desk, case, "reply", request=request.pk, answer="消灯していた", complied="yes"))
    assert "至急とのこと" in text(send(desk, case, "note", text="至急とのこと", internal="on"))
    assert "原因は" in text(send(desk, case, "statement", kind="cause_asked", text="原因は何かと問われた"))
    assert "担当 森 由美" in text(send(desk, case, "take"))


def test_a_call_without_a_unit_is_matched_from_its_page(router, desk, acting):
    with acting(MORI):
        case = take(None, reported_as="N1")
    address = reverse("console:case_candidates", args=[case.number])
    hits = desk.get(address, {"q": "n1000"}, headers={"HX-Request": "true"})
    assert "この機器と照合する" in text(hits)
    assert "対象" in text(send(desk, case, "match", device=router))
    assert send(desk, case, "match", device=99999).status_code == 422


@pytest.mark.req("IX-FLT-04", "IX-MYN-04")
@pytest.mark.parametrize(("answer", "held"), [("no", False), ("yes", True), ("unknown", True), ("", True)])
def test_a_file_is_held_unless_somebody_says_that_it_holds_no_personal_number(case, desk, acting, answer, held):
    upload = io.BytesIO(b"hostname aoba\n")
    upload.name = "running.cfg"
    shown = text(send(desk, case, "file", upload=upload, purpose="backup", personal_number=answer))
    assert ("隔離中" in shown) is held


def test_an_item_of_another_case_is_not_touched(router, desk, acting):
    with acting(MORI):
        one, other = on_site(router), take(router)
        exchange_of = on_site(router, done=(StepKind.ARRIVAL, StepKind.MOVED_AWAY, StepKind.REMOVAL, StepKind.EXCHANGE))
        exchange(exchange_of)
        kept = exchange_of.exchanges.get()
    answer = send(desk, one, "erasure", exchange=kept.pk, erasure="erased", person="田中")
    assert answer.status_code == 422
    assert other.number != one.number


@pytest.mark.req("IX-PRE-06")
def test_a_subcontractor_works_without_ever_seeing_the_cause(case, desk, login):
    send(desk, case, "cause", code="power_unit", remark="劣化の所見")
    send(desk, case, "note", text="社内の話", internal="on")
    assert "劣化の所見" in text(page(desk, case))
    outside = login(ENDO)
    assert "劣化の所見" not in text(page(outside, case))
    assert "社内の話" not in text(page(outside, case))
    assert send(outside, case, "cause", code="board").status_code == 403


@pytest.mark.parametrize(
    ("person", "status"), [(MORI, 200), (HAYASHI, 200), (ITO, 200), (NISHI, 200), (ENDO, 200), (SATO, 403), (KATO, 403)]
)
def test_who_may_read_a_case_at_the_console(case, login, person, status):
    assert page(login(person), case).status_code == status


@pytest.mark.parametrize("person", [NISHI, HAYASHI, TANAKA])
def test_who_may_not_decide(case, login, person):
    assert send(login(person), case, "dispatch", send="no", reason="試し").status_code == 403


def test_a_case_that_never_was_is_not_found(router, desk):
    assert desk.get(reverse("console:case", args=["F9999999"])).status_code == 404
    assert desk.post(reverse("console:case_dispatch", args=["F9999999"]), {}).status_code == 404


def test_the_list_filters_sorts_and_pages(router, desk, acting, django_assert_max_num_queries):
    with acting(MORI):
        numbers = [take(router).number for _ in range(51)]
    address = reverse("console:cases")
    current.refresh(at_once=True)  # so that the request does not look for published terms, as it does every few seconds
    with django_assert_max_num_queries(12):
        first = text(desk.get(address, {"state": "open"}))
    assert first.count('<tr class="is-late">') == 50
    assert "51件中 1〜50件" in first
    assert numbers[50] in text(desk.get(address, {"page": "2"}))
    assert numbers[50] in text(desk.get(address, {"sort": "-received"}))
    assert "当てはまる事案はありません" in text(desk.get(address, {"state": "completed"}))
    assert desk.get(address, {"page": "x", "state": "none", "sort": "1;"}).status_code == 200


def test_the_export_is_readable_by_spreadsheets_and_runs_nothing(router, desk, acting):
    with acting(MORI):
        take(router, symptom_note="=cmd|' /C calc'!A0", symptoms=[])
    answer = desk.get(reverse("console:cases_export"))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0]["障害状況"] == "'=cmd|' /C calc'!A0"
    assert rows[0]["お客様"] == "青葉商事株式会社"


@pytest.mark.parametrize(
    ("cell", "kept"), [("+1", "'+1"), ("@x", "'@x"), ("-", "'-"), (None, ""), (3, "3"), ("ok", "ok")]
)
def test_a_cell_never_becomes_a_formula(cell, kept):
    assert csv_file.safe(cell) == kept


def test_today_shows_what_is_late_and_nothing_to_who_may_not_see_cases(case, desk, login, acting):
    shown = text(desk.get(reverse("console:today")))
    assert case.number in shown
    assert "期限を過ぎたもの" in shown
    assert case.number not in text(login(KATO).get(reverse("console:today")))


@pytest.mark.parametrize(("person", "takes_calls"), [(MORI, True), (HAYASHI, False), (ITO, False), (KATO, False)])
def test_today_offers_to_take_a_call_only_to_who_may(router, login, person, takes_calls):
    assert ("障害を受け付ける" in text(login(person).get(reverse("console:today")))) is takes_calls


@pytest.mark.req("IX-MYN-04")
def test_today_lists_mails_that_did_not_arrive_and_files_that_wait_for_a_decision(case, desk, login, acting):
    upload = io.BytesIO(b"hostname aoba\n")
    upload.name = "running.cfg"
    send(desk, case, "file", upload=upload, purpose="backup", personal_number="unknown")
    with acting(MORI):
        mail = mailbox().filter(about=case.number).get()
        Message.objects.filter(pk=mail.pk).update(state=Message.State.BOUNCED)
        file = held().get()
    shown = text(desk.get(reverse("console:today")))
    assert reverse("console:message", args=[mail.pk]) in shown
    assert reverse("console:file", args=[file.pk]) in shown
    engineers = text(login(ITO).get(reverse("console:today")))
    assert "届いていない通知" not in engineers
    assert "処置を待っている預かり資料" not in engineers


@pytest.mark.req("IX-FLT-03")
def test_what_is_missing_leads_only_to_inputs_that_stand_on_the_page(router, desk, login, acting):
    with acting(MORI):
        known = take(router, site_matches=None, site_address="", symptoms=[])
        unknown = take(None, site_matches=None, site_address="", symptoms=[])
    assert 'href="#id_site_0"' in text(page(desk, known))
    assert 'href="#id_site_address"' in text(page(desk, unknown))
    pages = [page(desk, known), page(desk, unknown), page(login(ITO), known), desk.get("/console/intake/unknown/")]
    for shown in map(text, pages):
        assert set(re.findall(r'href="#(id_\w+)"', shown)) <= set(re.findall(r' id="(id_\w+)"', shown))
    assert 'href="#id_' not in text(page(login(ITO), known))


def test_a_case_that_is_over_promises_nothing_any_more(case, desk):
    assert "無償で対応します" in text(page(desk, case))
    over = text(send(desk, case, "dispatch", send="no", reason="お客様の設定で直りました"))
    assert "無償の対象でした" in over
    assert "無償で対応します" not in over
    assert "対応時間内" not in over
    assert "お客様へのお願い" not in over  # nothing was asked, and nothing can be asked any more


def test_from_an_agreement_a_fault_is_taken_in_one_step(case, router, desk, login, acting):
    with acting(MORI):
        number = finding.unit(device_id=router).covers[0].number
    address = reverse("console:agreement", args=[number])
    call = f'href="{reverse("console:call", args=[router])}"'
    assert call in text(desk.get(address))
    assert case.number in text(desk.get(address))
    assert call not in text(login(ITO).get(address))


def test_a_call_without_a_unit_is_listed_as_not_registered(router, desk, acting):
    with acting(MORI):
        take(None)
    shown = text(desk.get(reverse("console:cases")))
    assert "― 登録なし" in shown
    assert "期間外" not in shown
    assert "登録なし" in desk.get(reverse("console:cases_export")).content.decode()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("2025/06/16 9:05", "2025-06-16 09:05"),
        ("２０２５／６／１６　２３：５６", "2025-06-16 23:56"),
        ("令和7年6月16日 10:00", "2025-06-16 10:00"),
        ("2025-06-16T10:00", "2025-06-16 10:00"),
    ],
)
def test_a_moment_is_read_as_people_write_it(said, kept):
    assert MomentField().clean(said) == moment(kept)


@pytest.mark.parametrize("said", ["2025/06/16", "10:00", "2025/06/16 24:00", "2025/02/30 10:00", "あした 10:00"])
def test_a_moment_that_can_not_be_read_is_refused_in_japanese(said):
    with pytest.raises(ValidationError, match="書"):
        MomentField().clean(said)


@pytest.mark.req("IX-MYN-03")
def test_service_is_suspended_and_resumed_from_the_page(case, desk, acting):
    assert "中断しています" in text(
        send(desk, case, "suspend", finding="認証がない", parts=["all"], at="2025/06/16 10:00")
    )
    assert "お客様へはまだ知らせていません" in text(page(desk, case))
    with acting(MORI):
        kept = queries.details(number=case.number).suspension
    shown = send(desk, case, "end_suspension", suspension=kept.pk, measure="設定済み", at="2025/06/16 16:00")
    assert "中断しています" not in text(shown)


@pytest.mark.req("IX-GUA-01")
def test_a_recurrence_is_linked_from_the_page(router, desk, acting):
    with acting(MORI):
        earlier = served(router)
        case = take(router, "2025-08-01 10:00", reported_as=earlier.exchanges.get().substitute_serial)
    assert "前回の受付と結び付ける" in text(page(desk, case))
    shown = text(send(desk, case, "recurrence", earlier=earlier.pk, same_fault="yes", same_cause="yes"))
    assert "やり直し" in shown
    assert "第4章 6.(1)" in shown
