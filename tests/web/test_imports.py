"""The screens of an import, from the empty table to the result, as somebody at the registration desk sees them."""

import io
import re

import pytest
from django.urls import reverse

from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts.models import Licence
from hoshu.flows import imports
from hoshu.imports import queries, states
from hoshu.imports.models import Import
from tests.contracts.cards import FAMILY
from tests.people import HAYASHI, KONDO, NISHI, SATO

HEADINGS = "サービス,シリアル No.,製品区分,プラン,お手続期限,ご購入元"
NEW = "/console/imports/new"


def table(*rows: str, headings: str = HEADINGS) -> io.BytesIO:
    file = io.BytesIO("\n".join([headings, *rows, ""]).encode())
    file.name = "一覧.csv"
    return file


def row(serial: str, deadline: str = "2026/12/31", seller: str = "㈱髙﨑商会") -> str:
    return f"{FAMILY},{serial},{FAMILY},５日半日３年保守,{deadline},{seller}"


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def clerk(login):
    return login(HAYASHI)


def send(browser, file, *, kind="licences", declared="no"):
    return browser.post(NEW, {"kind": kind, "file": file, "declared": declared})


def read(import_id: int) -> None:
    """What the worker does first."""
    imports._read.func(import_id=import_id)


def imported() -> Import:
    with act_as(SYSTEM):
        return Import.objects.latest("id")


def entered() -> int:
    with act_as(SYSTEM):
        return Licence.objects.count()


@pytest.fixture
def tried(clerk):
    """An import that waits for somebody to look at it."""
    send(clerk, table(row("L0001"), row("ｌ0002"), row("L0003", deadline="2026/2/30"), row("L0004", seller="𠮷田")))
    read(imported().pk)
    return imported()


def page(browser, kept, **query):
    return browser.get(reverse("console:import", args=[kept.pk]), query)


def test_an_empty_table_is_offered_in_both_formats(clerk):
    shown = clerk.get(NEW).content.decode()
    for ending, beginning in (("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        address = reverse(f"console:import_empty_{ending}", args=["licences"])
        assert address in shown
        answer = clerk.get(address)
        assert answer.content.startswith(beginning)
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert clerk.get(reverse("console:import_empty_csv", args=["nothing"])).status_code == 404


def test_what_is_missing_is_said_at_its_field(clerk):
    answer = clerk.post(NEW, {"kind": ""})
    assert answer.status_code == 422
    assert "ファイルを選んでください。" in text(answer)
    assert "選んでください。" in text(answer)
    old = io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    old.name = "古い.xls"
    refused = send(clerk, old)
    assert refused.status_code == 422
    assert "古い形式（.xls）のファイルは読み取れません" in text(refused)


def test_a_file_that_is_too_large_is_refused(clerk, settings):
    settings.TABLE_LIMIT_BYTES = 10
    answer = send(clerk, table(row("L0001")))
    assert "ファイルが大きすぎます" in text(answer)
    assert "行を分けて送ってください" in text(answer)


def test_while_it_is_read_the_page_looks_again_by_itself(clerk):
    answer = send(clerk, table(row("L0001")))
    kept = imported()
    assert answer.headers["Location"] == reverse("console:import", args=[kept.pk])
    shown = page(clerk, kept).content.decode()
    address = reverse("console:import_progress", args=[kept.pk])
    assert f'hx-get="{address}"' in shown
    assert '<noscript><meta http-equiv="refresh"' in shown
    assert "HX-Refresh" not in clerk.get(address).headers
    read(kept.pk)
    assert clerk.get(address).headers["HX-Refresh"] == "true"
    shown = page(clerk, kept).content.decode()
    assert address not in shown
    assert "http-equiv" not in shown


def test_the_page_says_what_would_become_of_the_rows(clerk, tried):
    shown = text(page(clerk, tried))
    for words in (
        "すべて 4行",
        "登録できます 3行",
        "誤り 1行",
        "書き方をそろえる行 1行",
        "3行を登録する",
        "誤りの1行は登録しません",
    ):
        assert words in shown
    assert "お手続期限: 読めない日付 1行、最初は4行目" in shown
    assert "𠮷 書けません 1行、最初は5行目" in shown
    assert "「ｌ0002」を「L0002」として登録します" in shown
    faulty = text(page(clerk, tried, show="refused"))
    assert "L0003" in faulty
    assert "L0001" not in faulty
    assert "当てはまる行はありません" in text(page(clerk, tried, show="same"))
    assert page(clerk, tried, show="'", page="x").status_code == 200
    assert entered() == 0


def test_it_is_started_watched_and_its_result_taken_home(clerk, tried):
    clerk.post(reverse("console:import_start", args=[tried.pk]))
    assert imported().state == states.State.RUNNING
    assert "登録しています" in text(page(clerk, tried))
    imports._run.func(import_id=tried.pk, number=0)
    shown = page(clerk, tried)
    assert "3行を登録しました。誤りの1行は登録していません。" in text(shown)
    assert reverse("console:licence", args=["L0002"]) in shown.content.decode()
    answer = clerk.get(reverse("console:import_result", args=[tried.pk]))
    content = b"".join(answer).decode("utf-8-sig")
    assert '"5","登録しました","","L0004"' in content
    assert "%E4%B8%80%E8%A6%A7_%E7%B5%90%E6%9E%9C.csv" in answer.headers["Content-Disposition"]
    listed = text(clerk.get(reverse("console:imports")))
    assert "一覧.csv 完了 ライセンス 4 3 1 林 直樹" in listed.replace("✓ ", "")


def test_shift_jis_is_refused_with_the_character_that_it_lacks(clerk, tried):
    address = reverse("console:import_result", args=[tried.pk])
    answer = clerk.get(address, {"as": "cp932"})
    assert answer.status_code == 409
    assert "「𠮷」" in text(answer)
    faulty = clerk.get(address, {"as": "cp932", "show": "refused"})
    assert "髙﨑" in b"".join(faulty).decode("cp932")
    assert clerk.get(address, {"as": "pdf"}).status_code == 404


def test_rows_that_ask_for_care_need_a_tick(clerk):
    send(clerk, table("\ue000商会,", headings="名称,電話番号"), kind="customers")
    read(imported().pk)
    kept = imported()
    start = reverse("console:import_start", args=[kept.pk])
    assert "「要確認」の行を確かめて、印を付けてください。" in text(clerk.post(start, follow=True))
    clerk.post(start, {"looked_at": "on"})
    assert imported().state == states.State.RUNNING


def test_it_is_stopped_and_taken_up_again(clerk, tried):
    clerk.post(reverse("console:import_start", args=[tried.pk]))
    clerk.post(reverse("console:import_again", args=[tried.pk]))  # no worker seems to be at it
    stopped = clerk.post(reverse("console:import_stop", args=[tried.pk]), follow=True)
    assert "中止しました。登録した行はそのままです。" in text(stopped)
    assert "続きから実行する" in text(stopped)
    clerk.post(reverse("console:import_start", args=[tried.pk]))
    for _ in range(2):
        imports._run.func(import_id=tried.pk, number=0)
    assert imported().counts["done"] == entered() == 3


@pytest.mark.req("IX-MYN-04")
def test_a_held_table_shows_nothing_of_what_it_says(clerk):
    send(clerk, table(row("L0001")), declared="yes")
    read(imported().pk)
    shown = text(page(clerk, imported()))
    assert "隔離しました" in shown
    assert "もう一度読み取る" not in shown
    assert "L0001" not in shown


def test_an_auditor_reads_and_changes_nothing(login, tried):
    auditor = login(NISHI)
    shown = text(page(auditor, tried))
    assert "登録できます 3行" in shown
    assert "3行を登録する" not in shown
    assert auditor.get(NEW).status_code == 403
    assert auditor.post(reverse("console:import_start", args=[tried.pk])).status_code == 403


def test_a_page_costs_the_same_however_long_the_table_is(clerk, django_assert_max_num_queries):
    send(clerk, table(*[row(f"L{number:05}") for number in range(1_700)]))
    read(imported().pk)
    kept = imported()
    page(clerk, kept)  # what a process looks up now and then, it has looked up
    with django_assert_max_num_queries(14):
        last = page(clerk, kept, page="34")
    assert "1700件中 1651〜1700件" in text(last)
    assert "L01699" in text(last)


def test_the_same_file_again_is_told(clerk, tried):
    clerk.post(reverse("console:import_start", args=[tried.pk]))
    imports._run.func(import_id=tried.pk, number=0)
    send(clerk, table(row("L0001"), row("ｌ0002"), row("L0003", deadline="2026/2/30"), row("L0004", seller="𠮷田")))
    read(imported().pk)
    shown = text(page(clerk, imported()))
    assert "同じファイルを" in shown
    assert "登録済み 3行" in shown
    with act_as(SYSTEM):
        assert queries.imports().count() == 2


def test_applications_come_in_by_a_table_and_say_so_on_their_page(clerk, login):
    headings = "届いた日時,同意の根拠,販売店,お手元の申込番号"
    send(clerk, table("2026/11/01,メール,つばさ販売,M-1", headings=headings), kind="applications-mimamori")
    read(imported().pk)
    assert "必須の見出し" in text(clerk.get(f"/console/imports/{imported().pk}/"))
    blank = clerk.get("/console/imports/empty/applications-remote-care.csv").content.decode("utf-8-sig").strip()
    given = {
        "届いた日時": "2022/05/01 10:00",
        "同意の根拠": "2022年5月1日のメール",
        "会社名・団体名": "みどり製作所株式会社",
        "ご担当者のお名前": "山田 花子",
        "メールアドレス": "hanako@example.jp",
        "電話番号": "03-0000-1234",
        "住所": "東京都港区芝0-0-0",
        "申し込む個別サービス": "消耗品の監視",
        "センターとの通信に使う回線は従量制ですか": "いいえ（定額）",
        "機種名": "P-9300",
        "製造番号": "PR0001",
        "インターネットにつながっていますか": "つながっています",
    }
    row = ",".join(given.get(heading, "") for heading in blank.split(","))
    send(clerk, table(row, headings=blank), kind="applications-remote-care")
    kept = imported()
    read(kept.pk)
    page = f"/console/imports/{kept.pk}/"
    for stranger in (SATO, KONDO):  # whole tables are for the registration desk
        assert login(stranger).get(page).status_code == 403
    clerk.post(f"{page}start", {"looked_at": "on"})
    imports._run.func(import_id=kept.pk, number=0)
    link = re.search(r"/console/applications/AP\d+/", clerk.get(page).content.decode())
    assert link
    assert "表の取り込みで受け付けた申請です" in text(clerk.get(link[0]))
