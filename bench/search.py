"""Search as you type over 1,000,000 machines of 50,000 companies, beside a plain indexed lookup of the same kind.

Ours is `finding.units`, as a desk clerk asks it behind row-level security: what is typed is folded, every kind of
number and name it could be is looked for, the best hits come first and a number of another kind is named. Beside it,
in turns and in the same process, stands what one would write by hand for exactly one kind: a prefix on an index,
joined to the company, thirteen rows, sent by psycopg to a login that row-level security does not bind. It is given the
text as the column holds it (no folding), and finds a name by its beginning only, where ours finds it by any part.
Both connections are the product's kind: bound by the server, prepared from the sixth time on, and warm.

A query is one state of the field while somebody types. HOSHU_BENCH_MACHINES loads fewer machines.
"""

import math
import os
import random
import re
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from bench.database import served

MACHINES = int(os.environ.get("HOSHU_BENCH_MACHINES", 1_000_000))
ORGANISATIONS = 50_000
TYPED = 25
"""Numbers and names of each kind that are typed, letter by letter."""
MOST_TIMES = 3
SHOWN = 13
ROUNDS = 5

_PLACES = """
青葉アオバ 港ミナト 若松ワカマツ 白鷺シラサギ 富士フジ 桜井サクライ 大和ヤマト 北斗ホクト 東海トウカイ
山吹ヤマブキ 緑ミドリ 清水シミズ 高橋タカハシ 田中タナカ 鈴木スズキ 渡辺ワタナベ 伊藤イトウ 中村ナカムラ
小林コバヤシ 加藤カトウ 吉田ヨシダ 山本ヤマモト 佐々木ササキ 松本マツモト 井上イノウエ 木村キムラ 林ハヤシ
清和セイワ 昭栄ショウエイ 三光サンコウ 日進ニッシン 京浜ケイヒン 阪神ハンシン 信濃シナノ 越後エチゴ 薩摩サツマ
土佐トサ 出雲イズモ 飛騨ヒダ 駿河スルガ 伊豆イズ 美濃ミノ 若狭ワカサ 丹波タンバ 播磨ハリマ 備前ビゼン 安芸アキ
讃岐サヌキ 筑紫ツクシ 日向ヒュウガ
"""
_TRADES = """
電機デンキ 精密セイミツ 化学カガク 食品ショクヒン 運輸ウンユ 建設ケンセツ 不動産フドウサン 印刷インサツ
薬品ヤクヒン 繊維センイ 金属キンゾク 機械キカイ 通信ツウシン 情報ジョウホウ 物流ブツリュウ 水産スイサン
農園ノウエン 木材モクザイ 硝子ガラス 陶器トウキ 製紙セイシ 造船ゾウセン 自動車ジドウシャ 航空コウクウ
観光カンコウ 旅行リョコウ 書店ショテン 楽器ガッキ 時計トケイ 眼鏡メガネ 家具カグ 文具ブング 玩具ガング
衣料イリョウ 靴クツ 酒造シュゾウ 製菓セイカ 製茶セイチャ 医療イリョウ 警備ケイビ
"""
_TAILS = """
商事ショウジ 工業コウギョウ 産業サンギョウ 製作所セイサクショ 商会ショウカイ 興業コウギョウ 物産ブッサン
企画キカク 設計セッケイ 研究所ケンキュウショ 販売ハンバイ 技研ギケン 開発カイハツ 総業ソウギョウ 商店ショウテン
堂ドウ 社シャ 組クミ 本舗ホンポ 事務所ジムショ 会館カイカン 連合レンゴウ 総研ソウケン 東日本ヒガシニホン
西日本ニシニホン
"""


def run() -> None:
    """Load, type, print a line a kind and one for all together."""
    with served() as (owner, _):
        _measure(owner)


def _measure(owner: str) -> None:
    import psycopg
    from django.utils import timezone

    from hoshu.accounts import people
    from hoshu.accounts.tenancy import SYSTEM, act_as, actor_of

    now = timezone.localtime()
    with act_as(SYSTEM):
        user = people.create(email="desk@example.jp", name="受付 太郎", roles=["desk"], now=now)
    clerk = actor_of(user, today=now.date())
    began = time.perf_counter()
    with psycopg.connect(owner) as connection:
        _load(connection)
    print(f"search: {MACHINES:,} machines, {ORGANISATIONS:,} companies loaded in {time.perf_counter() - began:.0f} s")
    with psycopg.connect(owner) as connection, act_as(clerk):
        everything: tuple[list[float], list[float]] = ([], [])
        for kind, (statement, typed) in _typed(connection).items():
            took = _in_turns(typed, partial(_plain, connection, statement))
            _say(f"{kind} ({len(typed)} queries)", took)
            for times, more in zip(everything, took, strict=True):
                times += more
        _say(f"all together ({len(everything[0])})", everything)


def _say(name: str, took: tuple[list[float], list[float]]) -> None:
    ours, plain = map(_p95, took)
    verdict = "ok" if ours <= MOST_TIMES * plain else "TOO SLOW"
    print(
        f"  p95 {ours:6.2f} ms   plain {plain:6.2f} ms   × {ours / plain:5.2f} (at most {MOST_TIMES})   {verdict:<8}"
        f"   {name}",
        flush=True,
    )


def _p95(times: list[float]) -> float:
    return sorted(times)[math.ceil(len(times) * 0.95) - 1]


def _in_turns(typed: Sequence[tuple[str, str]], plain: Callable[[str], int]) -> tuple[list[float], list[float]]:
    """Milliseconds of each query, ours and plain; what was typed is what ours gets, plain what the column holds.

    Each is asked `ROUNDS` times and its median kept: a shared machine would else be measured by its neighbours.
    """
    from hoshu.contracts import finding

    took: tuple[list[float], list[float]] = ([], [])
    for said, held in typed[::5]:
        finding.units(query=said)
        plain(held)
    for said, held in typed:
        rounds: tuple[list[float], list[float]] = ([], [])
        for _ in range(ROUNDS):
            began = time.perf_counter()
            found = finding.units(query=said)
            between = time.perf_counter()
            count = plain(held)
            rounds[0].append((between - began) * 1000)
            rounds[1].append((time.perf_counter() - between) * 1000)
        assert len(found.hits) + found.more >= min(count, SHOWN), (said, held)
        for times, each in zip(took, rounds, strict=True):
            times.append(statistics.median(each))
    return took


def _plain(connection: Any, statement: str, held: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"held": held, "shown": SHOWN})
        return len(cursor.fetchall())


_UNIT = "d.id, d.serial, o.name"
_PLAIN = {
    "serial": f"""SELECT {_UNIT} FROM contracts_deviceserial s JOIN contracts_device d ON d.id = s.device_id
        JOIN accounts_organisation o ON o.id = d.tenant_id
        WHERE s.serial ^@ %(held)s ORDER BY s.serial USING ~<~ LIMIT %(shown)s""",
    "end": f"""SELECT {_UNIT} FROM contracts_deviceserial s JOIN contracts_device d ON d.id = s.device_id
        JOIN accounts_organisation o ON o.id = d.tenant_id
        WHERE s.serial_reversed ^@ %(held)s ORDER BY s.serial_reversed USING ~<~ LIMIT %(shown)s""",
    "agreement": f"""SELECT {_UNIT} FROM contracts_agreement a JOIN contracts_device d ON d.id = a.device_id
        JOIN accounts_organisation o ON o.id = d.tenant_id
        WHERE a.number ^@ %(held)s ORDER BY a.number USING ~<~ LIMIT %(shown)s""",
    "phone": f"""SELECT {_UNIT} FROM contracts_party p JOIN contracts_revision r ON r.id = p.revision_id
        JOIN contracts_agreement a ON a.id = r.agreement_id JOIN contracts_device d ON d.id = a.device_id
        JOIN accounts_organisation o ON o.id = d.tenant_id
        WHERE p.phone_digits >= %(held)s AND p.phone_digits < %(held)s || 'a' ORDER BY p.phone_digits
        LIMIT %(shown)s""",
    "name": f"""SELECT {_UNIT} FROM accounts_organisation o JOIN contracts_device d ON d.tenant_id = o.id
        WHERE o.search_name ^@ %(held)s ORDER BY o.search_name USING ~<~ LIMIT %(shown)s""",
    "kana": f"""SELECT {_UNIT} FROM accounts_organisation o JOIN contracts_device d ON d.tenant_id = o.id
        WHERE o.kana ^@ %(held)s ORDER BY o.kana USING ~<~ LIMIT %(shown)s""",
}


def _typed(connection: Any) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """Kind → (its plain lookup, pairs of what is typed and what the column holds)."""
    chosen = random.Random(1)
    units = [chosen.randrange(1, MACHINES + 1) for _ in range(TYPED)]
    firms = [chosen.randrange(1, ORGANISATIONS + 1) for _ in range(TYPED)]
    serials, numbers, phones = zip(
        *connection.execute(
            """SELECT d.serial, a.number, p.phone FROM contracts_device d
               JOIN contracts_agreement a ON a.device_id = d.id JOIN contracts_revision r ON r.agreement_id = a.id
               JOIN contracts_party p ON p.revision_id = r.id WHERE d.id = ANY(%s)""",
            [units],
        ),
        strict=True,
    )
    names = connection.execute(
        "SELECT split_part(search_name, ' ', 1), kana, name FROM accounts_organisation WHERE id = ANY(%s)", [firms]
    ).fetchall()

    def letters(texts: Iterable[str], shortest: int) -> Iterator[str]:
        """Each text as it grows; what several begin with is asked once."""
        return iter({text[:length]: None for text in texts for length in range(shortest, len(text) + 1)})

    kanji = [*letters((folded for folded, _, _ in names), 2)]
    kana = [*letters((kana for _, kana, _ in names), 2)]
    ends = {serial[-length:]: None for serial in serials for length in range(4, 7)}
    return {
        "製造番号の先頭から": (_PLAIN["serial"], [(text, text) for text in letters(serials, 3)]),
        "製造番号の末尾": (_PLAIN["end"], [(text, text[::-1]) for text in ends]),
        "契約番号": (_PLAIN["agreement"], [(text, text) for text in letters(numbers, 3)]),
        "電話番号": (_PLAIN["phone"], [(text, text.replace("-", "")) for text in letters(phones, 8)]),
        "会社名": (_PLAIN["name"], [(text, text) for text in kanji]),
        "株式会社＋会社名": (_PLAIN["name"], [(f"株式会社{text}", text) for text in kanji]),
        "会社名の全部": (_PLAIN["name"], [(name, folded) for folded, _, name in names]),
        "カタカナ": (_PLAIN["kana"], [(text, text) for text in kana]),
        "ひらがな": (_PLAIN["kana"], [(_hiragana(text), text) for text in kana]),
    }


def _hiragana(kana: str) -> str:
    import jaconv

    return str(jaconv.kata2hira(kana))


def _load(connection: Any) -> None:
    """Set-based; nobody's history, and no reference is checked: each is right by its number."""
    words = [_words(text) for text in (_PLACES, _TRADES, _TAILS)]
    katakana = "".join(map(chr, range(ord("ァ"), ord("ヶ") + 1)))
    values: dict[str, Any] = {
        "machines": MACHINES,
        "organisations": ORGANISATIONS,
        "katakana": f"{katakana}ー",
        "hiragana": _hiragana(katakana),
    }
    for number, pairs in enumerate(words):
        values |= {f"kanji_{number}": [pair[0] for pair in pairs], f"kana_{number}": [pair[1] for pair in pairs]}
    connection.execute("SELECT set_config('hoshu.scope', 'all', false)")
    for (table,) in connection.execute(
        "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'history' AND NOT tgisinternal"
    ).fetchall():
        connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER history")
    for table, key in connection.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f' AND conparentid = 0"
    ).fetchall():
        connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {key}")
    for statement in _ROWS:
        connection.execute(statement, values)
    # The plain lookups: as the owner, whom row-level security binds no more, and by an index for what ours folds.
    for (table,) in connection.execute(
        "SELECT oid::regclass::text FROM pg_class WHERE relforcerowsecurity AND relkind IN ('r', 'p')"
    ).fetchall():
        connection.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    connection.execute("CREATE INDEX plain_kana ON accounts_organisation (kana text_pattern_ops)")
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE")
    _check_names(connection)


def _words(text: str) -> list[tuple[str, str]]:
    """「青葉アオバ」 → (青葉, アオバ), each word of `text`."""
    return [(found[1], found[2]) for word in text.split() if (found := re.fullmatch(r"(.+?)([ァ-ヺー]+)", word))]


def _check_names(connection: Any) -> None:
    """The names that SQL folded here are folded as the product folds them."""
    from hoshu.accounts.organisations import search_name

    for name, kana, kept in connection.execute("SELECT name, kana, search_name FROM accounts_organisation LIMIT 1000"):
        assert search_name(name, kana) == kept, (name, kept)


_TENANT = "(n %% %(organisations)s) + 1"
_WORD = (
    "(%({0}_0)s::text[])[n %% 50 + 1] || (%({0}_1)s::text[])[n / 50 %% 40 + 1]"
    " || (%({0}_2)s::text[])[n / 2000 %% 25 + 1]"
)
_ROWS = (
    f"""INSERT INTO accounts_organisation (id, kind, name, kana, search_name, phone, created_at)
       SELECT n, 'customer',
              CASE n %% 4 WHEN 0 THEN '株式会社' || word WHEN 1 THEN word || '株式会社' WHEN 2 THEN '㈱' || word
                          ELSE word || '（株）' END,
              kana, word || ' ' || translate(kana, %(katakana)s::text, %(hiragana)s::text), '', now()
       FROM (SELECT n, {_WORD.format("kanji")} AS word, {_WORD.format("kana")} AS kana
             FROM generate_series(1, %(organisations)s) n) AS made""",
    """INSERT INTO contracts_product (id, service, name, code, model_code, registers_options, exchange_units,
                                      equivalents, software_versions)
       SELECT n, 'ix', 'IX' || 2000 + n, 'BE' || n, '', false, '[]', '[]', '[]' FROM generate_series(1, 5) n""",
    """INSERT INTO contracts_licence (id, service, family, plan, card_serial, registers_options, seller, state)
       SELECT n, 'ix', 'IX2000', '7d-5y', 'C' || n, false, '', 'used' FROM generate_series(1, %(machines)s) n""",
    """INSERT INTO decisions_decision (id, tenant_id, at, actor, act, about, topic, service, edition, question, answer,
                                       reasons)
       SELECT n, n, now(), '', '承諾', 'SV' || n, 'coverage', 'ix', '2022-10', '{}', '{}', '[]'
       FROM generate_series(1, %(organisations)s) n""",
    f"""INSERT INTO contracts_application (id, tenant_id, number, receipt, service, edition, licence_id, state, channel,
                                          entries, first_entries, version, created_by_id, created_at, updated_at,
                                          decided_by, reason)
       SELECT n, {_TENANT}, 'AP' || n, 'AP' || n, 'ix', '2022-10', n, 'completed', 'post', '{{}}', '{{}}', 1, 1, now(),
              now(), '', '' FROM generate_series(1, %(machines)s) n""",
    f"""INSERT INTO contracts_device (id, tenant_id, product_id, serial, purchased_on, owner, access_controls)
       SELECT n, {_TENANT}, n %% 5 + 1,
              (ARRAY['N1', 'BX', 'QK', '7G', 'ZR'])[n %% 5 + 1] || lpad((n::bigint * 7919 %% 10000000)::text, 7, '0'),
              '2025-04-01', '', '[]' FROM generate_series(1, %(machines)s) n""",
    """INSERT INTO contracts_deviceserial (tenant_id, device_id, serial, as_written, valid_from)
       SELECT tenant_id, id, serial, serial, now() FROM contracts_device""",
    """INSERT INTO contracts_deviceserial (tenant_id, device_id, serial, as_written, valid_from, valid_until)
       SELECT tenant_id, id, 'OLD' || id, '', now() - interval '1 year', now() FROM contracts_device
       WHERE id %% 20 = 0""",
    f"""INSERT INTO contracts_agreement (id, tenant_id, number, service, edition, plan, licence_id, application_id,
                                        device_id, device_number, state, accepted_at, purchased_on, purchase_basis,
                                        counted_from, starts_on, ends_on, part_ends, capped_by, coverage_id)
       SELECT n, {_TENANT}, 'SV' || n, 'ix', '2022-10', '7d-5y', n, n, n, CASE WHEN n %% 10 = 0 THEN 'DN' || n END,
              'active', now(), '2025-04-01', 'receipt', '2025-04-01', '2025-04-01',
              date '2027-04-30' + (n %% 60) * interval '1 month', '{{}}', '', {_TENANT}
       FROM generate_series(1, %(machines)s) n""",
    f"""INSERT INTO contracts_revision (id, tenant_id, agreement_id, number, effective_on, start_weekday, options,
                                       content)
       SELECT n, {_TENANT}, n, 1, '2025-04-01', '', '[]', '{{}}' FROM generate_series(1, %(machines)s) n""",
    f"""INSERT INTO contracts_party (tenant_id, revision_id, kind, company, department, title, name, email, phone, fax,
                                    phone_digits, postal_code, address, source_card)
       SELECT tenant, n, 'contact', '', '', '', '', '', phone, '', replace(phone, '-', ''), '', '', ''
       FROM (SELECT n, {_TENANT} AS tenant,
                    '0' || (n * 31 %% 9 + 1) || '-' || lpad((n / 7 %% 10000)::text, 4, '0') || '-'
                    || lpad((n::bigint * 7919 %% 10000)::text, 4, '0') AS phone
             FROM generate_series(1, %(machines)s) n) AS made""",
)
