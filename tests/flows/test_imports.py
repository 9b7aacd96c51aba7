"""A table from the file to its rows: tried without a trace, taken in once, whatever is repeated, killed or stopped."""

import csv
import io
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from hoshu.accounts.history import entries
from hoshu.accounts.models import Organisation
from hoshu.accounts.tenancy import SYSTEM, act_as, actor_of
from hoshu.contracts.models import Licence, Shipment
from hoshu.files import store
from hoshu.flows import imports
from hoshu.flows.import_kinds import customers, kinds, licences, shipments
from hoshu.imports import Refused, blank, dry_run, queries, results, run, states
from hoshu.imports.batches import CAREFUL, CHANGED, DONE, READY, REFUSED, SAME
from hoshu.imports.columns import Choice, wrong
from hoshu.imports.models import Chunk, Import
from tests.contracts.cards import FAMILY, at, licence, router, shipped
from tests.files.sheets import xlsx
from tests.people import HAYASHI, NISHI, settle

NOW = at("2025-06-03 14:00")
HEADINGS = ["サービス", "シリアル No.", "製品区分", "プラン", "お手続期限", "ご購入元", "価格(円)"]
STATE = Import.State


def row(serial="L0001", *, plan="５日半日３年保守", deadline="2026/12/31", seller="㈱髙﨑商会", yen="120000"):
    return [FAMILY, serial, FAMILY, plan, deadline, seller, yen]


def table(*rows, headings=HEADINGS, encoding="utf-8-sig"):
    out = io.StringIO(newline="")
    csv.writer(out).writerows([headings, *rows])
    return out.getvalue().encode(encoding)


@pytest.fixture
def clerk(acting):
    with acting(HAYASHI) as actor:
        yield actor


def hand_over(content, kind="licences", declared=False, name="一覧.csv"):
    return imports.hand_over(kind=kind, name=name, content=content, declared_personal_number=declared, now=NOW)


def tried(clerk, content, kind="licences", **more):
    """Handed over and read by the worker."""
    imported = hand_over(content, kind, **more)
    dry_run.read(import_id=imported.pk, kind=kinds()[kind], actor=clerk, now=NOW)
    return queries.get(import_id=imported.pk)


def started(imported, looked_at=True):
    """The number of the first chunk."""
    return states.start(import_id=imported.pk, looked_at=looked_at, user_id=imported.created_by_id, now=NOW)


def run_to_its_end(imported, number):
    kind = kinds()[imported.kind]
    while number is not None:
        number = run.run(import_id=imported.pk, number=number, kind=kind, now=NOW)
    return queries.get(import_id=imported.pk)


def said(imported, verdict=""):
    """Row → (verdict, titles of what is told, what it became or is)."""
    rows = queries.rows(imported, verdict=verdict, many=1_000)
    return {found.line: (found.verdict, [note[2] for note in found.notes], found.reference) for found in rows}


# -- trying


@pytest.mark.req("IX-CARD-00", "IX-PLAN-02", "IX-REG-10")
def test_a_table_is_tried_row_by_row_and_nothing_becomes_of_it(clerk):
    licence("L0003", seller="つばさ販売")
    imported = tried(
        clerk,
        table(
            row("L0001"),
            row("L0002", deadline="2026/2/30"),
            row("L0003", seller="つばさ販売", yen=""),
            row("L0003", seller="別の会社"),
            row("ｌ－０００４"),
            row("L0005", plan="９日保守"),
            row("L0006", seller="\ue000商会"),
            row("L0001"),
            row("L0001", yen="1"),
            row("", yen="x"),
        ),
    )
    assert (imported.state, imported.rows) == (STATE.WAITING, 10)
    assert imported.counts == {READY: 3, SAME: 2, REFUSED: 5, CHANGED: 1}
    assert said(imported) == {
        2: (READY, [], ""),
        3: (REFUSED, ["読めない日付"], ""),
        4: (SAME, [], "L0003"),
        5: (REFUSED, ["ほかの行と食い違う行"], ""),
        6: (READY, ["書き方をそろえる番号"], ""),
        7: (REFUSED, ["ないプラン"], ""),
        8: (READY, [], ""),
        9: (SAME, [], "2行目と同じ"),
        10: (REFUSED, ["ほかの行と食い違う行"], ""),
        11: (REFUSED, ["空欄", "読めない金額"], ""),
    }
    assert imported.faults[0] == ["error", "シリアル No.", "ほかの行と食い違う行", 2, 5]
    assert Licence.objects.count() == 1


def test_a_licence_that_is_registered_otherwise_is_never_overwritten(clerk):
    licence("L0001", seller="つばさ販売")
    imported = tried(clerk, table(row("L0001", deadline="2027/01/31", yen="")))
    [(_, [title], _)] = said(imported).values()
    assert title == "登録と違うライセンス"
    assert "お手続期限、ご購入元" in queries.rows(imported, many=1)[0].notes[0][3]


def test_the_number_of_look_ups_does_not_grow_with_the_rows(clerk, django_assert_max_num_queries):
    imported = hand_over(table(*[row(f"L{n:05}") for n in range(1_200)]))
    with django_assert_max_num_queries(40):
        dry_run.read(import_id=imported.pk, kind=licences(), actor=clerk, now=NOW)
    assert queries.get(import_id=imported.pk).counts == {READY: 1_200}
    assert Chunk.objects.filter(imported=imported).count() == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp932"])
def test_names_arrive_as_they_were_typed_in_every_encoding(clerk, encoding):
    imported = tried(
        clerk, table(["㈱髙﨑商会", "03-0000-0009"], headings=["名称", "電話番号"], encoding=encoding), "customers"
    )
    run_to_its_end(imported, started(imported))
    assert Organisation.objects.filter(name="㈱髙﨑商会", phone="03-0000-0009").count() == 1


def test_what_a_workbook_hides_is_told(clerk):
    def draw(book, sheet):
        sheet.write_formula(2, 1, '="L"&"2"', None, "L2")
        sheet.set_row(4, None, None, {"hidden": True})
        book.add_worksheet("控え").hide()
        book.add_worksheet("メモ")
        book.add_worksheet(blank.EXPLANATION)

    rows = [["一覧"], [*HEADINGS, "備考"], row(), row("L3"), row("L4"), [*row(""), 123456789012][:7]]
    rows[5][1] = 123456789012
    imported = tried(clerk, xlsx(rows, draw=draw), name="一覧.xlsx")
    assert said(imported) == {
        3: (REFUSED, ["数式"], ""),
        4: (READY, [], ""),
        5: (CAREFUL, ["非表示の行"], ""),
        6: (CAREFUL, ["数値になった番号"], ""),
    }
    assert imported.told == [
        "見出しは2行目にあります。その上の行は読みません。",
        "次の見出しの列は使いません: 備考。",
        "シート「一覧」だけを読みました。ほかのシートは読みません: メモ。",
        "非表示のシートは読みません: 控え。",
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("なにか,ほか\n1,2\n".encode(), "見出しの行がありません"),
        ("シリアル No.,サービス\nL1,x\n".encode(), "必須の見出し「製品区分」「プラン」がありません"),
        (table(), "の下に行がありません"),
        (b'a,"b\n1,2\n', "引用符"),
    ],
)
def test_a_file_that_is_no_such_table_fails_with_what_to_do(clerk, content, says):
    imported = tried(clerk, content)
    assert imported.state == STATE.FAILED
    assert says in imported.trouble


def test_more_rows_than_are_taken_at_once_are_refused(clerk, monkeypatch):
    monkeypatch.setattr(dry_run, "MOST_ROWS", 2)
    assert "行が多すぎます" in tried(clerk, table(*[row(f"L{n}") for n in range(3)])).trouble


def test_what_is_no_table_at_all_is_not_kept(clerk):
    for content, says in (
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "古い形式"),
        (b"%PDF-1.4", "PDF"),
        (b"a,\0b\n", "NUL"),
        (b"PK\x03\x04" + bytes(99), "表として"),
    ):
        with pytest.raises(store.Refused, match=says):
            hand_over(content)
    with pytest.raises(Refused, match="種類"):
        hand_over(table(row()), kind="nothing")
    assert not Import.objects.exists()


# -- personal numbers


@pytest.mark.req("IX-MYN-04")
def test_a_table_with_personal_numbers_is_held_and_read_by_nobody(clerk):
    found = tried(clerk, table([*row(), "個人番号 1234-5678-9018"], headings=[*HEADINGS, "備考"]))
    assert (found.file.state, found.state) == ("held", STATE.FAILED)
    assert "隔離しました" in found.trouble
    assert not Chunk.objects.exists()
    assert tried(clerk, table(row()), declared=True).file.state == "held"


@pytest.mark.req("IX-MYN-04")
def test_a_column_headed_as_personal_numbers_is_held_although_no_number_is_found(clerk):
    imported = tried(clerk, table([*row(), ""], headings=[*HEADINGS, "マイナンバー"]))
    assert (imported.file.state, imported.state) == ("held", STATE.FAILED)
    assert "「マイナンバー」の列があります" in imported.trouble
    assert not Chunk.objects.exists()


# -- running


def test_what_was_tried_is_taken_in_and_each_row_says_what_it_became(clerk):
    imported = tried(clerk, table(row("L0001"), row("L0002", deadline="x"), row("ｌ0003"), row("L0001")))
    done = run_to_its_end(imported, started(imported))
    assert (done.state, done.done, done.counts) == (STATE.DONE, 4, {DONE: 2, REFUSED: 1, SAME: 1, CHANGED: 1})
    assert {line: (verdict, became) for line, (verdict, _, became) in said(done).items()} == {
        2: (DONE, "L0001"),
        3: (REFUSED, ""),
        4: (DONE, "L0003"),
        5: (SAME, "2行目と同じ"),
    }
    entered = Licence.objects.get(card_serial="L0001")
    assert (entered.service, entered.family, entered.plan) == ("ix", FAMILY, "5d-3y")
    assert (entered.card_deadline, entered.seller, entered.price_yen) == (date(2026, 12, 31), "㈱髙﨑商会", 120_000)


def test_the_history_names_who_started_it(clerk):
    imported = tried(clerk, table(row("L0001")))
    with act_as(SYSTEM):
        imports.states.start(import_id=imported.pk, looked_at=False, user_id=clerk.user_id, now=NOW)
    imports._run.func(import_id=imported.pk, number=0)
    with act_as(SYSTEM):
        [entry] = entries(table="contracts_licence", row_id=Licence.objects.get().pk, actor="")
    assert entry.actor == clerk.label


@pytest.fixture
def in_twos(monkeypatch):
    """Chunks of two rows."""
    import dataclasses

    def small():
        return {name: dataclasses.replace(kind, at_once=2) for name, kind in kinds_as_they_are().items()}

    kinds_as_they_are = imports.kinds
    monkeypatch.setattr(imports, "kinds", small)
    monkeypatch.setitem(globals(), "kinds", small)
    return small


def test_a_repeated_chunk_makes_nothing_twice_and_goes_on_once(clerk, in_twos):
    imported = tried(clerk, table(*[row(f"L{n}") for n in range(5)]))
    kind = in_twos()["licences"]
    first = started(imported)
    assert run.run(import_id=imported.pk, number=first, kind=kind, now=NOW) == 1
    assert Licence.objects.count() == 1  # the first chunk holds the headings and one row
    assert run.run(import_id=imported.pk, number=first, kind=kind, now=NOW) is None
    assert run.run(import_id=imported.pk, number=1, kind=kind, now=NOW) == 2
    assert Licence.objects.count() == 3
    done = run_to_its_end(imported, states.next_chunk(import_id=imported.pk))
    assert (done.state, done.counts) == (STATE.DONE, {DONE: 5})
    assert states.next_chunk(import_id=imported.pk) is None


def test_the_same_file_again_makes_nothing_twice(clerk):
    content = table(row("L0001"), row("L0002"))
    first = tried(clerk, content)
    run_to_its_end(first, started(first))
    second = tried(clerk, content)
    assert second.counts == {SAME: 2}
    assert queries.same_file(second) == first
    with pytest.raises(Refused, match="登録できる行がありません"):
        started(second)
    assert Licence.objects.count() == 2


def test_what_somebody_else_entered_since_the_trial_is_told(clerk):
    imported = tried(clerk, table(row("L0001"), row("L0002"), row("L0003")))
    number = started(imported)
    licence("L0001", seller="別の会社")
    licence("L0002", seller="㈱髙﨑商会", price_yen=120_000)
    done = run_to_its_end(imported, number)
    assert said(done) == {
        2: (REFUSED, ["登録と違うライセンス"], ""),
        3: (SAME, [], "L0002"),
        4: (DONE, [], "L0003"),
    }


def test_a_plan_that_is_offered_no_more_is_refused_when_it_is_run(clerk, monkeypatch):
    imported = tried(clerk, table(row("L0001"), row("L0002", plan="７日終日３年保守")))
    number = started(imported)
    as_it_is = Choice.read
    monkeypatch.setattr(
        Choice, "read", lambda self, text: wrong("ないプラン", "") if text[0] == "７" else as_it_is(self, text)
    )
    done = run_to_its_end(imported, number)
    assert {line: verdict for line, (verdict, *_) in said(done).items()} == {2: DONE, 3: REFUSED}


def test_stopped_it_stops_after_the_chunk_and_goes_on_where_it_was(clerk, in_twos):
    imported = tried(clerk, table(*[row(f"L{n}") for n in range(5)]))
    kind = in_twos()["licences"]
    run.run(import_id=imported.pk, number=started(imported), kind=kind, now=NOW)
    states.stop(import_id=imported.pk, now=NOW)
    assert run.run(import_id=imported.pk, number=1, kind=kind, now=NOW) is None
    stopped = queries.get(import_id=imported.pk)
    assert (stopped.state, stopped.counts, Licence.objects.count()) == (STATE.STOPPED, {DONE: 1, READY: 4}, 1)
    done = run_to_its_end(stopped, started(stopped))
    assert (done.state, done.counts, Licence.objects.count()) == (STATE.DONE, {DONE: 5}, 5)


def test_a_chunk_that_breaks_leaves_nothing_behind(clerk, in_twos, monkeypatch):
    imported = tried(clerk, table(*[row(f"L{n}") for n in range(3)]))
    number = started(imported)
    monkeypatch.setattr("hoshu.contracts.stock.enter_licences", lambda rows: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        imports._run.func(import_id=imported.pk, number=number)
    failed = queries.get(import_id=imported.pk)
    assert (failed.state, failed.counts) == (STATE.FAILED, {READY: 3})
    assert "途中で止まりました" in failed.trouble
    monkeypatch.undo()
    assert run_to_its_end(failed, started(failed)).state == STATE.DONE


def test_rows_that_ask_for_care_are_taken_in_only_after_somebody_looked(clerk):
    content = table(["\ue000商会", ""], headings=["名称", "電話番号"])
    imported = tried(clerk, content, "customers")
    assert imported.counts == {CAREFUL: 1}
    with pytest.raises(Refused, match="要確認"):
        started(imported, looked_at=False)
    assert run_to_its_end(imported, started(imported)).counts == {DONE: 1}


def jobs():
    return [*ProcrastinateJob.objects.order_by("id").values_list("task_name", "args")]


def test_each_job_is_put_with_the_step_before_it(clerk, in_twos):
    imported = hand_over(table(*[row(f"L{n}") for n in range(3)]))
    assert jobs() == [("read_import", {"import_id": imported.pk})]
    imports._read.func(import_id=imported.pk)
    imports.start(import_id=imported.pk, looked_at=False, now=NOW)
    imports._run.func(import_id=imported.pk, number=0)
    imports._run.func(import_id=imported.pk, number=0)
    imports._run.func(import_id=imported.pk, number=1)
    put = [args["number"] for name, args in jobs() if name == "run_import"]
    assert put == [0, 1]
    assert queries.get(import_id=imported.pk).state == STATE.DONE
    imports.push(import_id=imported.pk)
    assert len(jobs()) == 3


# -- reading that is interrupted


def test_a_killed_reader_begins_anew(clerk, in_twos, monkeypatch):
    imported = hand_over(table(*[row(f"L{n}") for n in range(7)]))
    kind = in_twos()["licences"]
    monkeypatch.setattr(dry_run, "TRIED_AT_ONCE", 4)
    whole = dry_run._Trial._tell_repeated

    def killed(self, batch):
        if 6 in batch.lines:
            raise KeyboardInterrupt
        whole(self, batch)

    monkeypatch.setattr(dry_run._Trial, "_tell_repeated", killed)
    with pytest.raises(KeyboardInterrupt):
        dry_run.read(import_id=imported.pk, kind=kind, actor=clerk, now=NOW)
    half = queries.get(import_id=imported.pk)
    assert (half.state, half.rows, half.height) == (STATE.READING, 3, 8)
    monkeypatch.setattr(dry_run._Trial, "_tell_repeated", whole)
    dry_run.read(import_id=imported.pk, kind=kind, actor=clerk, now=NOW)
    anew = queries.get(import_id=imported.pk)
    assert (anew.state, anew.rows, anew.counts) == (STATE.WAITING, 7, {READY: 7})
    assert [*Chunk.objects.order_by("number").values_list("number", flat=True)] == [0, 1, 2, 3]


def test_a_frozen_reader_does_not_mix_with_the_one_that_took_over(clerk, in_twos, monkeypatch):
    imported = hand_over(table(*[row(f"L{n}") for n in range(7)]))
    kind = in_twos()["licences"]
    monkeypatch.setattr(dry_run, "TRIED_AT_ONCE", 4)
    whole, frozen = dry_run._Trial._tell_repeated, []

    def slow(self, batch):
        if 6 in batch.lines and not frozen:
            frozen.append(True)
            dry_run._taken(imported.pk)  # the other has begun, and is not done yet
        whole(self, batch)

    monkeypatch.setattr(dry_run._Trial, "_tell_repeated", slow)
    dry_run.read(import_id=imported.pk, kind=kind, actor=clerk, now=NOW)
    assert frozen
    found = queries.get(import_id=imported.pk)
    assert (found.state, found.rows, found.turn, Chunk.objects.count()) == (STATE.READING, 0, 2, 0)
    dry_run.read(import_id=imported.pk, kind=kind, actor=clerk, now=NOW)
    assert queries.get(import_id=imported.pk).counts == {READY: 7}


def test_it_can_be_tried_again_until_it_is_run(clerk):
    imported = tried(
        clerk, table(["R-2105", "N1", "2025/03/20"], headings=["品名コード", "製造番号", "出荷日"]), "shipments"
    )
    assert imported.counts == {REFUSED: 1}
    router()
    imports.try_again(import_id=imported.pk)
    dry_run.read(import_id=imported.pk, kind=shipments(), actor=clerk, now=NOW)
    again = queries.get(import_id=imported.pk)
    assert (again.counts, again.faults) == ({READY: 1}, [])
    run_to_its_end(again, started(again))
    with pytest.raises(Refused, match="もう実行しています"):
        imports.try_again(import_id=imported.pk)
    with pytest.raises(Refused, match="「完了」です"):
        states.stop(import_id=imported.pk, now=NOW)


# -- the other kinds


@pytest.mark.req("IX-COV-03")
def test_shipments_are_recorded_once_and_told_where_they_differ(clerk):
    model = router()
    shipped(model, "N1", date(2025, 3, 20))
    shipped(model, "N2", date(2025, 3, 20))
    content = table(
        ["R-2105", "N1", "2025/03/20"],
        ["R-2105", "N2", "2025/03/21"],
        ["R-2105", "ｎ-3", "令和7年3月20日"],
        ["R-9999", "N4", "2025/03/20"],
        ["R-2105", "N5", "2025/12/31"],
        headings=["品名コード", "製造番号", "出荷日"],
    )
    imported = tried(clerk, content, "shipments")
    assert said(imported) == {
        2: (SAME, [], "N1"),
        3: (REFUSED, ["登録と違う出荷日"], ""),
        4: (READY, ["書き方をそろえる番号"], ""),
        5: (REFUSED, ["ない品名コード"], ""),
        6: (CAREFUL, ["先の出荷日"], ""),
    }
    run_to_its_end(imported, started(imported))
    assert Shipment.objects.get(serial="N3").shipped_on == date(2025, 3, 20)
    assert Shipment.objects.count() == 4


def test_customers_of_one_name_and_number_are_one(clerk, world):
    content = table(
        ["青葉商事株式会社", "アオバ", "03-0000-0001"],
        ["（株）青葉商事", "", "０３（００００）０００１"],
        ["青葉商事株式会社", "", "06-0000-0001"],
        ["みなと工業", "ミナト", "03-0000-0007"],
        headings=["会社名", "フリガナ", "電話番号"],
    )
    imported = tried(clerk, content, "customers")
    assert said(imported) == {
        2: (SAME, [], "青葉商事株式会社"),
        3: (REFUSED, ["書き方をそろえる番号", "ほかの行と食い違う行"], ""),
        4: (CAREFUL, ["同じ名称のお客様"], ""),
        5: (READY, [], ""),
    }
    done = run_to_its_end(imported, started(imported))
    assert said(done, DONE) == {4: (DONE, ["同じ名称のお客様"], "青葉商事株式会社"), 5: (DONE, [], "みなと工業")}
    assert Organisation.objects.get(name="みなと工業").search_name == "みなと工業 みなと"
    again = tried(clerk, content, "customers")
    assert again.counts[SAME] == 3


def test_two_who_make_the_same_customer_wait_for_each_other(clerk):
    imported = tried(clerk, table(["みなと工業", "03-0000-0007"], headings=["名称", "電話番号"]), "customers")
    run.run(import_id=imported.pk, number=started(imported), kind=customers(), now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (1,)


# -- pages of rows and files


def test_a_page_of_rows_is_found_by_its_counts(clerk, in_twos, django_assert_num_queries):
    rows = [row(f"L{n}", deadline="x" if n % 3 == 0 else "") for n in range(20)]
    imported = tried(clerk, table(*rows))
    assert queries.count(imported, REFUSED) == 7
    with django_assert_num_queries(2):
        shown = queries.rows(imported, verdict=REFUSED, start=2, many=3)
    assert [found.line for found in shown] == [8, 11, 14]
    assert [found.line for found in queries.rows(imported, start=18, many=5)] == [20, 21]
    assert queries.rows(imported, verdict=SAME, many=5) == []


def result(imported, **options):
    file = io.BytesIO()
    results.write(imported, file, **options)
    return file.getvalue()


def lines(imported, **options):
    content = result(imported, **options)
    encoding = "cp932" if options["form"] == "cp932" else "utf-8-sig"
    return [*csv.reader(io.StringIO(content.decode(encoding), newline=""))]


def test_the_result_says_of_each_row_what_became_of_it(clerk):
    headings = ["名称", "電話番号", "備考"]
    content = table(["=1+1", "+1 212-555-0100", "a"], ["", "03-0000-0002", "𠮷"], headings=headings)
    imported = tried(clerk, content, "customers")
    done = run_to_its_end(imported, started(imported))
    assert lines(done, form="csv") == [
        [*headings, "元の行", "結果", "内容", "登録した番号"],
        ["'=1+1", "'+1 212-555-0100", "a", "2", "登録しました", "", "'=1+1"],
        ["", "03-0000-0002", "𠮷", "3", "誤り", "名称: 名称を入力してください。例: 株式会社あおば商会", ""],
    ]


def test_the_faulty_rows_come_back_as_they_were_and_can_be_handed_over_again(clerk):
    headings = ["電話番号", "備考", "名称"]
    first = tried(
        clerk, table(["+1 212-555-0100", "x", ""], ["03-0000-0002", "", "みなと"], headings=headings), "customers"
    )
    for form in ("csv", "xlsx"):
        faulty = result(first, form=form, verdict=REFUSED)
        again = tried(clerk, faulty, "customers", name=f"誤り.{form}")
        [found] = queries.rows(again, many=5)
        assert (found.verdict, found.cells[1:3], again.told) == (
            REFUSED,
            ["x", ""],
            ["次の見出しの列は使いません: 備考。"],
        )
        assert kinds()["customers"].columns[2].read(found.cells[0]) == "+1 212-555-0100"


def test_cp932_is_written_whole_or_not_at_all(clerk):
    kept = tried(clerk, table(["㈱髙﨑〜商会", ""], headings=["名称", "電話番号"]), "customers")
    assert results.changed_in_cp932(kept) == {"\u301c": "\uff5e"}
    assert lines(kept, form="cp932")[1][0] == "㈱髙﨑\uff5e商会"
    lost = tried(clerk, table(["𠮷田", ""], ["𠮷野", ""], headings=["名称", "電話番号"]), "customers")
    assert results.lost_in_cp932(lost) == {"𠮷": (2, 2)}
    with pytest.raises(results.NotInCp932, match="𠮷"):
        result(lost, form="cp932")


@pytest.mark.parametrize("kind", kinds())
def test_the_empty_table_of_a_kind_is_read_as_such(clerk, kind):
    for name, content in (("x.xlsx", blank.workbook(kinds()[kind])), ("x.csv", blank.headings(kinds()[kind]))):
        imported = tried(clerk, content, kind, name=name)
        assert imported.trouble.startswith("見出し（1行目）の下に行がありません")
        assert (imported.told, len(imported.places)) == ([], len(kinds()[kind].columns))


@pytest.mark.parametrize("kind", kinds())
def test_the_examples_of_a_kind_can_be_read(kind):
    for column in kinds()[kind].columns:
        assert column.form.read(column.example) is not None, column.name
        assert "誤" not in str(column.read(column.example))


def test_two_workers_with_one_chunk_take_it_in_once(transactional_db):
    """A frozen worker comes to life beside the one that was given its job."""
    with act_as(SYSTEM):
        clerk = actor_of(settle().users[HAYASHI], today=NOW.date())
    with act_as(clerk):
        imported = hand_over(table(*[row(f"L{n:04}") for n in range(900)]))
    imports._read.func(import_id=imported.pk)
    with act_as(clerk):
        imports.start(import_id=imported.pk, looked_at=False, now=NOW)
    together = threading.Barrier(4)

    def work(number):
        together.wait()
        imports._run.func(import_id=imported.pk, number=0)
        connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(4)))
    with act_as(SYSTEM):
        half = queries.get(import_id=imported.pk)
        assert (half.done, half.counts) == (499, {DONE: 499, READY: 401})
        assert Licence.objects.count() == 499
    assert [args["number"] for name, args in jobs() if name == "run_import"] == [0, 1]


def test_only_staff_see_imports(clerk, acting):
    imported = tried(clerk, table(row()))
    with acting(NISHI):
        assert queries.get(import_id=imported.pk).rows == 1
