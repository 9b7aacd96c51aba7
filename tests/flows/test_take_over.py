"""A running book of another system becomes ours: under the edition that each accepted, in a few statements, once."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from hoshu.accounts.models import Organisation
from hoshu.contracts import agreements, finding, queries
from hoshu.contracts.models import Agreement, Application, Device, DeviceSerial, LentUnit, Licence, SupportId
from hoshu.decisions import replay
from hoshu.decisions.models import Decision
from hoshu.flows import corrections
from hoshu.flows.import_kinds import kinds
from hoshu.imports import queries as imports
from hoshu.imports.batches import CAREFUL, DONE, READY, REFUSED, SAME, Reader
from hoshu.notifications.models import Message
from tests.contracts.cards import FAMILY, at, licence, open_for_business, router
from tests.contracts.forms import model, pack
from tests.contracts.test_consents import adopted, ix  # noqa: F401  (fixture)
from tests.flows.test_imports import NOW, run_to_its_end, said, started, table, tried
from tests.people import AOBA, HAYASHI, KATO, SATO, WAKABA

pytestmark = pytest.mark.django_db

ROW = {
    "サービス": FAMILY,
    "約款の版": "2022-10",
    "プラン": "５日半日３年保守",
    "お客様": "みなと工業株式会社",
    "お客様の電話番号": "03-0000-0007",
    "品名コード": "R-2105",
    "製造番号": "MR1",
    "ライセンスの番号": "L0001",
    "製品区分": FAMILY,
    "お手続期限": "2026/12/31",
    "機器管理番号": "",
    "サポートID": "",
    "対象機器の購入日": "2023/05/10",
    "購入日の根拠": "領収書",
    "承諾日": "2023/05/20 14:30",
    "契約開始日": "",
    "提供開始日": "",
    "満了日": "",
    "満了日は旧システムのとおり": "",
    "旧システムのとおりとする理由": "",
    "開始基準曜日": "火",
    "ご連絡先のお名前": "山田 花子",
    "ご連絡先のメール": "hanako@example.jp",
    "ご連絡先の電話番号": "",
    "設置場所の住所": "宮城県仙台市青葉区0-0",
    "設置場所のお名前": "佐藤 一郎",
    "設置場所の電話番号": "022-000-1234",
    "旧契約番号": "K-0045",
}
VIDEO = {
    "サービス": "映像アプライアンス サポートパック",
    "約款の版": "",
    "プラン": "9x5-5y",
    "品名コード": "N8100-2558",
    "製造番号": "7654321",
    "ライセンスの番号": "P001",
    "製品区分": "",
    "お手続期限": "",
    "購入日の根拠": "",
    "開始基準曜日": "",
}
WATCHED = {
    **VIDEO,
    "サービス": "サイバーセキュリティ見守りサービス",
    "プラン": "",
    "品名コード": "UTM-60",
    "製造番号": "UT001",
    "ライセンスの番号": "",
    "対象機器の購入日": "",
    "契約開始日": "2023/06/01",
    "提供開始日": "2023/06/12",
}


def book(*rows, **changes):
    """A table of rows, each the usual one with what differs."""
    every = [ROW | row for row in rows or [changes]]
    return table(*[[*row.values()] for row in every], headings=[*ROW])


@pytest.fixture
def clerk(acting):
    with acting(HAYASHI) as actor:
        router()
        yield actor


def handed_over(clerk, *rows, **changes):
    return tried(clerk, book(*rows, **changes), "agreements")


def taken_over(clerk, *rows, **changes):
    imported = handed_over(clerk, *rows, **changes)
    return run_to_its_end(imported, started(imported))


def notes(imported, line=2):
    """What is told of a row: title → text."""
    found = next(row for row in imports.rows(imported, many=1_000) if row.line == line)
    return {title: text for _, _, title, text in found.notes}


@pytest.mark.req("IX-REG-04", "IX-GEN-04", "IX-COV-01", "IX-COV-02")
def test_a_row_becomes_an_agreement_with_all_that_a_registration_makes(clerk):
    done = taken_over(clerk)
    [kept] = Agreement.objects.all()
    assert said(done) == {2: (DONE, [], kept.number)}
    assert (kept.tenant.name, kept.tenant.phone) == ("みなと工業株式会社", "03-0000-0007")
    assert (kept.edition, kept.plan, kept.accepted_at) == ("2022-10", "5d-3y", at("2023-05-20 14:30"))
    assert (kept.starts_on, kept.ends_on) == (date(2023, 5, 20), date(2026, 5, 31))
    assert (kept.device.serial, kept.device.product.code, kept.device.purchased_on) == (
        "MR1",
        "R-2105",
        date(2023, 5, 10),
    )
    [body] = kept.device.serials.all()
    assert (body.serial, body.valid_from, body.valid_until) == ("MR1", kept.accepted_at, None)
    assert (kept.licence.card_serial, kept.licence.state, kept.licence.family) == ("L0001", "used", FAMILY)
    revision = kept.revisions.get()
    assert (revision.number, revision.effective_on, revision.start_weekday) == (1, date(2023, 5, 20), "tue")
    parties = {party.kind: (party.name, party.phone, party.company) for party in revision.parties.all()}
    assert parties == {
        "contact": ("山田 花子", "03-0000-0007", "みなと工業株式会社"),
        "site": ("佐藤 一郎", "022-000-1234", "みなと工業株式会社"),
    }
    consent = kept.edition_consents.get()
    assert (consent.edition, consent.accepted_on, consent.how) == ("2022-10", date(2023, 5, 20), "explicit")
    decision = Decision.objects.get(about=kept.number)
    assert (decision.act, kept.coverage, decision.at) == ("引き継ぎ", decision, NOW)
    assert {reason["clause"] for reason in decision.reasons} >= {"第4章 2."}
    assert [*replay.differences()] == [None]


@pytest.mark.req("IX-FLT-02")
def test_the_desk_finds_what_was_taken_over_and_its_pages_show_it(clerk, login):
    taken_over(clerk)
    kept = Agreement.objects.get()
    for query in ("MR1", "L0001", kept.number, "03-0000-0007", "みなと工業"):
        assert [hit.serial for hit in finding.units(query=query).hits] == ["MR1"]
    page = login(HAYASHI).get(f"/console/agreements/{kept.number}/").content.decode()
    assert "旧契約番号" in page
    assert "K-0045" in page
    assert "引き継ぎ" in page


def test_nobody_is_written_to(clerk):
    jobs = {*ProcrastinateJob.objects.values_list("id", flat=True)}
    done = taken_over(clerk)
    assert done.counts == {DONE: 1}
    assert not Message.objects.exists()
    assert not Application.objects.exists()
    assert {*ProcrastinateJob.objects.exclude(id__in=jobs).values_list("task_name", flat=True)} == {"read_import"}


def test_a_second_run_says_that_all_is_there(clerk):
    taken_over(clerk)
    number = Agreement.objects.get().number
    again = handed_over(clerk)
    assert said(again) == {2: (SAME, [], number)}
    differing = handed_over(clerk, プラン="７日終日３年保守", 開始基準曜日="")
    assert said(differing) == {2: (REFUSED, ["登録と違う契約"], "")}
    assert "プラン" in notes(differing)["登録と違う契約"]


def test_an_unknown_customer_is_made_once_and_a_known_one_found(clerk, world):
    Organisation.objects.filter(name=AOBA).update(phone="03-0000-0001")
    known = {"お客様": "（株）青葉商事", "お客様の電話番号": "０３（００００）０００１"}
    done = taken_over(
        clerk,
        {},
        {"製造番号": "MR2", "ライセンスの番号": "L0002", "お客様": "みなと工業(株)"},
        {"製造番号": "MR3", "ライセンスの番号": "L0003"} | known,
    )
    assert done.counts[DONE] == 3
    assert Organisation.objects.filter(name__contains="みなと工業").count() == 1
    assert Agreement.objects.get(device__serial="MR3").tenant.name == AOBA


def test_a_customer_of_the_same_name_with_another_number_is_pointed_out(clerk, world):
    imported = handed_over(clerk, お客様=AOBA, お客様の電話番号="06-0000-0009")
    assert said(imported) == {2: (CAREFUL, ["同じ名称のお客様"], "")}


# -- editions and plans


def test_an_empty_edition_is_the_one_in_force_on_the_day(clerk):
    taken_over(clerk, 約款の版="")
    assert Agreement.objects.get().edition == "2022-10"


@pytest.mark.parametrize(
    ("changes", "title", "text"),
    [
        ({"約款の版": "1999-01"}, "ない約款の版", "2022-10"),
        ({"プラン": "９日保守"}, "ないプラン", "５日半日３年保守"),
        ({"プラン": ""}, "ないプラン", "プランを入力してください"),
        ({"承諾日": "2025/06/04"}, "先の承諾日", "今より先"),
        ({"承諾日": "きのう"}, "読めない日付", "きのう"),
        ({"品名コード": "R-9999"}, "ない機種", "R-9999"),
        ({"開始基準曜日": ""}, "曜日のないプラン", "第2章 1.(2)③"),
        ({"プラン": "7d-3y"}, "曜日のあるプラン", "消してください"),
        ({"購入日の根拠": ""}, "根拠のない購入日", "出荷日"),
        ({"対象機器の購入日": ""}, "数えられない提供期間", "購入日"),
        ({"機器管理番号": "DK1"}, "番号のないサービス", "機器管理番号"),
        ({"サポートID": "SID1"}, "番号のないサービス", "サポートID"),
        ({"製品区分": ""}, "製品区分のないライセンス", "製品区分"),
        ({"ご連絡先のメール": "hanako"}, "読めないメールアドレス", "hanako"),
        ({"満了日は旧システムのとおり": "はい", "満了日": "2026/05/31"}, "理由のない日付", "理由"),
        ({"満了日は旧システムのとおり": "はい", "旧システムのとおりとする理由": "約束"}, "足りない日付", "満了日"),
        ({"承諾日": "2024/06/01", "対象機器の購入日": "2020/01/10"}, "一日もない提供期間", "第4章 2."),
    ],
)
def test_what_cannot_be_taken_over_is_told_row_by_row(clerk, changes, title, text):
    imported = handed_over(clerk, **changes)
    assert said(imported) == {2: (REFUSED, [title], "")}
    assert text in notes(imported)[title]


def test_the_day_of_shipment_stands_in_for_a_proof(clerk):
    taken_over(clerk, 購入日の根拠="出荷日")
    kept = Agreement.objects.get()
    assert (kept.purchase_basis, kept.ends_on) == ("shipped", date(2026, 5, 31))
    assert kept.coverage.question["facts"]["purchase_proof"] is False


# -- days of the other system


@pytest.mark.req("IX-COV-02")
def test_another_last_day_is_told_and_ours_is_taken(clerk):
    rows = {"満了日": "2026/05/20", "提供開始日": "2023/05/20"}
    imported = handed_over(clerk, **rows)
    assert said(imported) == {2: (CAREFUL, ["約款と違う満了日"], "")}
    assert notes(imported)["約款と違う満了日"].startswith(
        "旧システムの満了日は2026/05/20、約款で計算した満了日は2026/05/31です。約款の"
    )
    run_to_its_end(imported, started(imported))
    assert Agreement.objects.get().ends_on == date(2026, 5, 31)


def test_their_last_day_stands_where_somebody_says_so_and_why(clerk):
    rows = {
        "満了日": "2026/08/31",
        "満了日は旧システムのとおり": "はい",
        "旧システムのとおりとする理由": "お詫びで延長",
    }
    done = taken_over(clerk, **rows)
    kept = Agreement.objects.get()
    assert said(done) == {2: (DONE, ["約款と違う満了日"], kept.number)}
    assert (kept.starts_on, kept.ends_on) == (date(2023, 5, 20), date(2026, 8, 31))
    assert kept.coverage.answer["end"] == "2026-05-31"
    assert kept.revisions.get().content == {
        agreements.TAKEN_OVER: {"旧契約番号": "K-0045", "旧システムのとおりとする理由": "お詫びで延長"}
    }


def test_a_last_day_before_the_first_is_refused(clerk):
    rows = {"満了日": "2023/05/01", "満了日は旧システムのとおり": "はい", "旧システムのとおりとする理由": "x"}
    assert said(handed_over(clerk, **rows))[2][1] == ["約款と違う満了日", "逆の日付"]


def test_their_last_day_stands_until_the_terms_say_another(clerk):
    open_for_business()
    rows = {
        "満了日": "2026/08/31",
        "満了日は旧システムのとおり": "はい",
        "旧システムのとおりとする理由": "お詫びで延長",
    }
    taken_over(clerk, **rows)
    kept = Agreement.objects.get()
    ended = {
        "product_id": kept.device.product_id,
        "end_of_sale": date(2025, 6, 1),
        "kit_sales_stopped": None,
        "now": NOW,
    }
    assert corrections.end_product(**ended, support_limit=None) == 0
    assert corrections.end_product(**ended, support_limit=date(2025, 12, 31)) == 1
    kept.refresh_from_db()
    assert kept.ends_on == date(2025, 12, 31)


@pytest.mark.req("MM-DOC-02")
def test_a_running_agreement_follows_changed_terms_and_an_ended_one_does_not(clerk, adopted):  # noqa: F811
    adopted([ix("2020-01", date(2020, 1, 1), binds=True), ix("2024-01", date(2024, 1, 1))])
    old = {"約款の版": "2020-01", "承諾日": "2021/05/20"}
    running = old | {"対象機器の購入日": "2023/05/10", "承諾日": "2023/05/20"}
    ended = old | {"対象機器の購入日": "2020/05/10", "製造番号": "MR2", "ライセンスの番号": "L0002"}
    assert taken_over(clerk, running, ended).counts == {DONE: 2}
    of = {kept.device.serial: kept for kept in Agreement.objects.all()}
    assert [kept.edition for kept in of["MR1"].edition_consents.order_by("id")] == ["2020-01", "2024-01"]
    # It ran when 2022-10 came, whose terms bind nobody to later ones, and had ended when 2024-01 did.
    assert [kept.edition for kept in of["MR2"].edition_consents.order_by("id")] == ["2020-01", "2022-10"]


# -- machines and licences


@pytest.mark.req("IX-GEN-06")
def test_a_machine_has_one_running_agreement_of_a_service(clerk):
    ended = {"承諾日": "2019/05/20", "対象機器の購入日": "2019/05/10", "ライセンスの番号": "L0000"}
    further = {"承諾日": "2024/05/20", "ライセンスの番号": "L0002"}
    imported = handed_over(clerk, {}, ended, further)
    assert {line: found[:2] for line, found in said(imported).items()} == {
        2: (READY, []),
        3: (READY, []),
        4: (REFUSED, ["有効な契約のある機器"]),
    }
    assert "（はじめに）" in notes(imported, 4)["有効な契約のある機器"]
    run_to_its_end(imported, started(imported))
    assert Device.objects.count() == 1
    assert DeviceSerial.objects.get().valid_from == at("2019-05-20 00:00")
    again = handed_over(clerk, further)
    assert said(again)[2][:2] == (REFUSED, ["有効な契約のある機器"])
    assert Agreement.objects.order_by("id")[0].number in notes(again)["有効な契約のある機器"]


def test_the_machine_of_another_customer_is_refused_without_saying_whose(clerk):
    taken_over(clerk)
    other = {
        "お客様": "ほしの商会",
        "お客様の電話番号": "03-0000-0008",
        "承諾日": "2024/06/01",
        "ライセンスの番号": "L0002",
    }
    refused = handed_over(clerk, other)
    assert said(refused) == {2: (REFUSED, ["ほかのお客様の機器"], "")}
    assert "みなと" not in notes(refused)["ほかのお客様の機器"]
    both = handed_over(clerk, {"製造番号": "MR2", "ライセンスの番号": "L0005"}, other | {"製造番号": "MR2"})
    assert said(both)[3][:2] == (REFUSED, ["ほかのお客様の機器"])


def test_a_licence_of_the_stock_is_used_and_one_that_is_not_free_refused(clerk):
    licence("L0001", seller="つばさ販売", card_deadline=date(2023, 6, 30))
    licence("L0002", plan="7d-3y")
    rows = (
        {"お手続期限": ""},
        {"製造番号": "MR2", "ライセンスの番号": "L0002"},
        {"製造番号": "MR3", "ライセンスの番号": "L0001", "お手続期限": ""},
        {"製造番号": "MR4", "ライセンスの番号": ""},
    )
    imported = handed_over(clerk, *rows)
    assert {line: found[:2] for line, found in said(imported).items()} == {
        2: (READY, []),
        3: (REFUSED, ["在庫と違うライセンス"]),
        4: (REFUSED, ["重なった番号"]),
        5: (CAREFUL, ["番号のないライセンス"]),
    }
    run_to_its_end(imported, started(imported))
    kept = Licence.objects.get(card_serial="L0001")
    assert (kept.state, kept.seller, kept.agreement.device.serial) == ("used", "つばさ販売", "MR1")
    again = handed_over(clerk, {"製造番号": "MR9"})
    assert said(again)[2][:2] == (REFUSED, ["使えないライセンス"])


def test_two_rows_about_one_agreement_contradict_each_other(clerk):
    imported = handed_over(clerk, {}, {"旧契約番号": "K-0046"})
    assert said(imported)[3][:2] == (REFUSED, ["ほかの行と食い違う行"])


# -- the other services


@pytest.mark.req("VA-REG-10", "VA-REG-05", "VA-TRM-01")
def test_old_numbers_stay_and_new_ones_keep_clear_of_them(clerk):
    model()
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('contracts_device_number')")
        [drawn] = cursor.fetchone()
    taken = f"DK{drawn + 1:06d}"
    done = taken_over(
        clerk,
        VIDEO | {"機器管理番号": taken, "サポートID": "SID9"},
        VIDEO | {"製造番号": "7654322", "ライセンスの番号": "P002"},
        {},
    )
    assert done.counts == {DONE: 3}
    first, second, router_ = Agreement.objects.order_by("id")
    assert (router_.device_number, router_.support) == (None, None)
    assert (first.device_number, second.device_number) == (taken, f"DK{drawn + 2:06d}")
    assert (first.support.code, second.support) == ("SID9", first.support)
    assert SupportId.objects.get().issued_at == first.accepted_at
    assert (first.ends_on, first.part_ends["hardware"]) == (date(2028, 5, 10), "2028-05-10")
    rows = VIDEO | {"製造番号": "7654323", "ライセンスの番号": "P003"}
    strange = {"お客様": "ほしの商会", "サポートID": "SID9", "機器管理番号": taken}
    assert sorted(said(handed_over(clerk, rows | strange))[2][1]) == ["使われている番号", "使われている番号"]
    assert said(handed_over(clerk, rows | {"お客様": "ほしの商会"}))[2][:2] == (CAREFUL, ["サポートIDのないお客様"])


@pytest.mark.req("MM-FLW-05", "MM-CND-09", "MM-TRM-01")
def test_a_lent_machine_is_set_up_and_lent_and_ends_with_its_month(clerk):
    model("mimamori", "UTM-60")
    imported = handed_over(
        clerk,
        WATCHED,
        WATCHED | {"製造番号": "UT002", "提供開始日": ""},
        WATCHED | {"製造番号": "UT003", "満了日": "2024/03/15"},
    )
    assert {line: found[:2] for line, found in said(imported).items()} == {
        2: (READY, []),
        3: (REFUSED, ["足りない日付"]),
        4: (CAREFUL, ["約款と違う満了日"]),
    }
    run_to_its_end(imported, started(imported))
    running, ended = Agreement.objects.order_by("id")
    assert (running.starts_on, running.ends_on, running.contract_start) == (date(2023, 6, 12), None, date(2023, 6, 1))
    assert running.installed_at == running.initial_set_at == at("2023-06-12 00:00")
    assert not running.consignments.exists()
    assert (ended.cancelled_on, ended.ends_on) == (date(2024, 3, 15), date(2024, 3, 31))
    assert LentUnit.objects.get().agreement == running


@pytest.mark.req("RC-GEN-03", "RC-GEN-06", "RC-GEN-07")
def test_a_service_without_a_term_runs_on_until_it_ended(clerk):
    model("remote-care", "P-9300")
    row = WATCHED | {
        "サービス": "リモートケア 基本サービス",
        "品名コード": "P-9300",
        "契約開始日": "",
        "提供開始日": "",
    }
    taken_over(clerk, row, row | {"製造番号": "PR2", "満了日": "2024/03/15"})
    running, ended = Agreement.objects.order_by("id")
    assert (running.starts_on, running.ends_on) == (date(2023, 5, 20), None)
    assert ended.ends_on == date(2024, 3, 15)
    again = handed_over(clerk, row | {"承諾日": "2024/01/01"})
    assert "（第1条）" in notes(again)["有効な契約のある機器"]


@pytest.mark.req("SP-TRM-02", "SP-SID-01")
def test_a_support_pack_of_the_stock(clerk):
    model("supportpack", "N8100-2000")
    pack("S001", service="supportpack", plan="5y")
    row = VIDEO | {
        "サービス": "サポートパック",
        "プラン": "5年",
        "品名コード": "N8100-2000",
        "ライセンスの番号": "S001",
    }
    assert taken_over(clerk, row | {"サポートID": "sid-77"}).counts[DONE] == 1
    kept = Agreement.objects.get()
    assert (kept.ends_on, kept.support.code, kept.device_number) == (date(2028, 5, 10), "SID-77", None)


@pytest.mark.req("VA-REG-05")
def test_a_new_support_id_is_none_that_was_taken_over(clerk, world):
    model()
    first = agreements.issue_support_id(tenant_id=world.organisations[WAKABA].pk, now=NOW)
    taken = f"SID{int(first.code.removeprefix('SID')) + 1:07d}"
    taken_over(clerk, VIDEO | {"サポートID": taken})
    new = agreements.issue_support_id(tenant_id=world.organisations[AOBA].pk, now=NOW)
    assert (new.code > taken, new.tenant.name) == (True, AOBA)


# -- tenants and many


def test_what_was_taken_over_is_seen_by_its_customer_only(clerk, acting, login):
    Organisation.objects.filter(name=AOBA).update(phone="03-0000-0001")
    taken_over(clerk, お客様=AOBA, お客様の電話番号="03-0000-0001")
    with acting(SATO):
        [kept] = queries.agreements()
    page = login(SATO).get(f"/portal/agreements/{kept.number}/")
    assert (page.status_code, "MR1" in page.content.decode()) == (200, True)
    with acting(KATO):
        assert queries.agreements().count() == 0


def batch_of(kind, count):
    """Rows of two services, as a chunk holds them."""
    rows = [
        ROW | {"製造番号": f"MR{nth}", "ライセンスの番号": f"L{nth}", "お客様": f"会社{nth}"}
        if nth % 2
        else ROW | VIDEO | {"製造番号": f"77{nth}", "ライセンスの番号": f"P{nth}", "お客様": f"会社{nth}"}
        for nth in range(count)
    ]
    places = {column.name: [*ROW].index(column.label) for column in kind.columns}
    return Reader(kind.columns, places, len(ROW)).batch(2, [[row[label] for row in rows] for label in ROW])


def test_two_thousand_rows_take_as_many_statements_as_four(clerk):
    model()
    kind = kinds()["agreements"]
    counts = []
    for rows in (2, 4, 2_000):
        batch = batch_of(kind, rows)
        with CaptureQueriesContext(connection) as captured:
            kind.check(batch, NOW)
            kind.write(batch, NOW)
        counts.append(len(captured))
    assert len(batch.made) == 1_996, "all but the four that are there already"
    assert counts[2] == counts[1] < 60
    assert Agreement.objects.count() == 2_000
