"""The dry run of a table of 100,000 rows against reading it and one COPY, from CSV and XLSX.

Ours is all that the worker does from the stored file to the page that asks whether to go on: the confined reader,
every cell judged, what is there already looked up, each row stored with what is said of it. One row in 250 is faulty,
one in 500 is there already. The upload (with its search for personal numbers) is shown beside it. Three tables:
licences, whose cells are judged one by one; applications, of each of which the whole form is read and the terms are
asked; and the agreements of another system, of each of which the terms count the period.
"""

import csv
import gc
import io
import random
import statistics
import time
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from bench.database import served

ROWS = 100_000
MOST_TIMES = 5
ROUNDS = 5
LICENCES = (
    "サービス",
    "シリアル No.",
    "製品区分",
    "プラン",
    "お手続期限",
    "オプション欄",
    "ご購入元",
    "販売日",
    "価格(円)",
)
APPLICATIONS = (
    "届いた日時",
    "同意の根拠",
    "シリアル No.",
    "本保守ライセンスのご購入日",
    "記入日",
    "開始基準曜日",
    "本体の製造番号",
    "本体のご購入日",
    "ご連絡先の会社名",
    "ご連絡先のお名前",
    "ご連絡先のメールアドレス",
    "ご連絡先の電話番号",
    "設置場所の住所",
    "設置場所のご担当者",
    "設置場所の電話番号",
    "ご記入者は連絡先または設置場所の方と同じ",
    "ライセンスのご購入者は、対象機器の所有者ですか",
    "個人番号（マイナンバー）が機器に保存されることはありますか",
)
AGREEMENTS = (
    "サービス",
    "プラン",
    "お客様",
    "お客様の電話番号",
    "品名コード",
    "製造番号",
    "対象機器の購入日",
    "購入日の根拠",
    "承諾日",
    "満了日",
    "開始基準曜日",
    "ご連絡先のお名前",
    "ご連絡先のメール",
    "設置場所の住所",
    "旧契約番号",
)


def run() -> None:
    """Print a line a format."""
    with served() as (owner, app):
        _measure(owner, app)


def _measure(owner: str, app: str) -> None:
    import psycopg
    from django.utils import timezone

    from hoshu.accounts import people
    from hoshu.accounts.tenancy import SYSTEM, act_as, actor_of
    from hoshu.flows import imports
    from hoshu.flows.import_kinds import kinds
    from hoshu.imports import queries

    now = timezone.localtime()
    with act_as(SYSTEM):
        clerk = people.create(email="clerk@example.jp", name="登録 花子", roles=["clerk"], now=now)
    actor = actor_of(clerk, today=now.date())
    for name, headings, rows, prepare in (
        ("licences", LICENCES, _licences, None),
        ("applications-ix", APPLICATIONS, _applications, _stock),
        ("agreements", AGREEMENTS, _agreements, _model),
    ):
        kind = kinds()[name]
        table = list(rows(kind))
        with act_as(actor):
            if prepare is not None:
                prepare(now)
            _known(kind, headings, table, now)
        # The rows are ours to compare with, no part of a worker: its collector of garbage would walk over them.
        gc.collect()
        gc.freeze()
        print(f"dry run of {len(table):,} rows of {len(headings)} columns: {kind.label}")
        with psycopg.connect(app) as connection, psycopg.connect(owner, autocommit=True) as as_owner:
            columns = ", ".join(f"c{number} text" for number in range(len(headings)))
            connection.execute(f"CREATE TEMPORARY TABLE given ({columns})")
            connection.commit()
            for form, content in (("CSV", _csv(headings, table)), ("XLSX", _xlsx(headings, table))):
                began = time.perf_counter()
                with act_as(actor):
                    handed = imports.hand_over(
                        kind=name, name=f"table.{form}", content=content, declared_personal_number=False, now=now
                    )
                upload = time.perf_counter() - began
                ours = partial(_ours, handed.pk, kind, actor, now)
                ratio, mine, other = _in_turns(ours, partial(_plain, connection, form, content))
                as_owner.execute("VACUUM imports_chunk")
                with act_as(actor):
                    found = queries.get(import_id=handed.pk)
                assert found.rows == len(table), found.trouble
                assert found.counts["same"] == len(table[::500]), found.counts
                print(
                    f"  {form:<5} {len(content) / 1e6:5.1f} MB  dry run {mine:6.2f} s  reading and COPY {other:6.2f} s"
                    f"   × {ratio:.2f} (at most {MOST_TIMES})   {'ok' if ratio <= MOST_TIMES else 'TOO SLOW'}"
                    f"   [upload {upload:.2f} s; {dict(found.counts)}]",
                    flush=True,
                )


def _ours(import_id: int, kind: Any, actor: Any, now: datetime) -> None:
    from hoshu.accounts.tenancy import act_as
    from hoshu.imports import dry_run, states

    with act_as(actor):
        states.again(import_id=import_id)
    dry_run.read(import_id=import_id, kind=kind, actor=actor, now=now)


def _plain(connection: Any, name: str, content: bytes) -> None:
    connection.execute("TRUNCATE given")
    with connection.cursor() as cursor, cursor.copy("COPY given FROM STDIN") as copy:
        for row in _read(name, content):
            copy.write_row(row)
    connection.commit()


def _licences(kind: Any) -> Iterable[list[str]]:
    from hoshu import catalog

    columns = {column.name: column for column in kind.columns}
    chosen = random.Random(1)
    service = columns["service"].form.choices[0]
    sold = catalog.editions(columns["service"].form.options[service])[-1]
    families, plans = sold.families, [plan.name for plan in sold.plan]
    for number in range(ROWS):
        deadline = "2025/02/30" if number % 250 == 249 else f"2026/{number % 12 + 1:02}/{number % 28 + 1:02}"
        yield [
            service,
            f"NM{number:08}",
            chosen.choice(families),
            chosen.choice(plans),
            deadline,
            "はい" if number % 3 else "いいえ",
            f"㈱みなと髙﨑商会{chosen.randrange(300)}",
            f"2025/{number % 12 + 1:02}/{number % 28 + 1:02}",
            str(chosen.randrange(50_000, 300_000)),
        ]


def _applications(kind: Any) -> Iterable[list[str]]:
    """Cards of three hundred companies, each about a licence and a machine of its own."""
    chosen = random.Random(1)
    choices = {column.label: column.form.choices for column in kind.columns}
    for number in range(ROWS):
        company = chosen.randrange(300)
        bought = "2026/02/30" if number % 250 == 249 else "2026/11/02"
        yield [
            "2026/11/20 10:00",
            "2026年11月20日のメールで同意",
            f"AP{number:08}",
            "2026/11/02",
            "2026/11/10",
            "火",
            f"B{number:08}",
            bought,
            f"㈱みなと髙﨑商会{company}",
            f"山田 花子{company}",
            f"hanako{company}@example.jp",
            f"03-0000-{company:04}",
            f"宮城県仙台市青葉区0-{company}",
            "佐藤 一郎",
            f"022-000-{company:04}",
            "ご連絡先",
            choices["ライセンスのご購入者は、対象機器の所有者ですか"][0],
            choices["個人番号（マイナンバー）が機器に保存されることはありますか"][0],
        ]


def _agreements(kind: Any) -> Iterable[list[str]]:
    """The book of three hundred customers over three years, a machine to each agreement."""
    from hoshu import catalog

    chosen = random.Random(1)
    terms = catalog.editions("ix")[-1]
    plan = next(plan for plan in terms.plan if terms.has_start_weekday(plan))
    for number in range(ROWS):
        customer = chosen.randrange(300)
        accepted = date(2023, 4, 1) + timedelta(days=chosen.randrange(900))
        bought = accepted - timedelta(days=chosen.randrange(1, 30))
        yield [
            terms.name,
            plan.name,
            f"㈱みなと髙﨑商会{customer}",
            f"03-0000-{customer:04}",
            "R-2105",
            f"C{number:08}",
            "2025/02/30" if number % 250 == 249 else f"{bought:%Y/%m/%d}",
            "領収書",
            f"{accepted:%Y/%m/%d}",
            "",
            "火",
            f"山田 花子{customer}",
            f"hanako{customer}@example.jp",
            f"宮城県仙台市青葉区0-{customer}",
            f"K-{number:08}",
        ]


def _model(now: datetime) -> None:
    """The model of the machines."""
    from hoshu.contracts import stock

    stock.enter_product(service="ix", name="ルーターR-2105", code="R-2105")


def _stock(now: datetime) -> None:
    """The licences of the cards."""
    from hoshu.flows.import_kinds import kinds
    from hoshu.imports.batches import Reader

    kind = kinds()["licences"]
    columns = [[cell] * ROWS for cell in next(iter(_licences(kind)))]
    columns[LICENCES.index("シリアル No.")] = [f"AP{number:08}" for number in range(ROWS)]
    places = {column.name: place for place, column in enumerate(kind.columns)}
    kind.write(Reader(kind.columns, places, len(LICENCES)).batch(1, columns), now)


def _known(kind: Any, headings: tuple[str, ...], table: list[list[str]], now: datetime) -> None:
    """Every five hundredth row is there already."""
    from hoshu.imports.batches import Reader

    places = {column.name: headings.index(column.label) for column in kind.columns if column.label in headings}
    columns = [[*column] for column in zip(*table[::500], strict=True)]
    batch = Reader(kind.columns, places, len(headings)).batch(1, columns)
    kind.write(batch, now)


def _csv(headings: tuple[str, ...], table: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([headings, *table])
    return out.getvalue().encode("utf-8-sig")


def _xlsx(headings: tuple[str, ...], table: list[list[str]]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for place, row in enumerate([headings, *table]):
        for column, cell in enumerate(row):
            sheet.write_string(place, column, cell)
    book.close()
    return out.getvalue()


def _read(name: str, content: bytes) -> Iterable[list[Any]]:
    if name == "CSV":
        return csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    import python_calamine

    return python_calamine.load_workbook(io.BytesIO(content)).get_sheet_by_index(0).iter_rows()


def _in_turns(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float, float]:
    """(median ratio, our median seconds, their median seconds), taken in turns; the first round warms both up."""
    took = [(_seconds(ours), _seconds(theirs)) for _ in range(ROUNDS + 1)][1:]
    ratio = statistics.median(mine / other for mine, other in took)
    return ratio, statistics.median(mine for mine, _ in took), statistics.median(other for _, other in took)


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
