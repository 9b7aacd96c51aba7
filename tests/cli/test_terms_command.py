"""`hoshu terms` as a service designer types it: what it prints, and its exit status."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from hoshu.cli import main
from tests.authoring.kettles import TEXT, kettle, line_of

IX = {"service": "ix", "plan": "5d-3y", "facts": {"purchased": "2022-04-15", "registered": "2022-05-01"}}
BOOK = "service,plan,serial,purchased,registered\nkettle,3y,K-1,2024-04-10,2024-04-20\n"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    def run(*arguments: object) -> tuple[int, str, str]:
        status = main(["terms", *map(str, arguments)])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.fixture
def written(tmp_path: Path):
    def written(*replaced: tuple[str, str], name: str = "kettle.toml") -> Path:
        path = tmp_path / name
        path.write_text(kettle(*replaced).text, encoding="utf-8")
        return path

    return written


class TestCheck:
    def test_an_edition_without_faults_is_status_0(self, run, written):
        status, out, err = run("check", written())
        assert (status, err) == (0, "")
        assert out == "ケトル保守（kettle/1）: 例 3件、誤り 0件、注意 0件\n"

    def test_a_fault_is_status_1_and_names_file_line_key_and_what_to_do(self, run, written):
        path = written(("exempt_years = [6]", "exempt_years = [7]"))
        status, out, _ = run("check", path)
        assert status == 1
        line = line_of(TEXT, "exempt_years")
        assert out.splitlines() == [
            (
                f"{path}:{line}: 誤り: 提供期間 › 期間の上限「部品の期限」 › 上限のかからない年数"
                " [coverage.cap[0].exempt_years]"
            ),
            "  「7」: この年数のプランはありません。",
            "  → 年数を直すか、[[plan]] に書いてください。",
            "ケトル保守（kettle/1）: 例 3件、誤り 1件、注意 0件",
        ]

    def test_a_note_alone_is_status_0(self, run, written):
        status, out, _ = run("check", written(('[["09:00", "18:00"]]', '[["08:30", "12:00"], ["13:00", "17:30"]]')))
        assert status == 0
        assert "注意: 時間帯「訪問の時間」" in out

    def test_a_text_that_is_no_edition_is_status_1_with_every_fault(self, run, written):
        path = written(('title = "', 'titel = "'), ("years = 3\n", 'years = "3"\n'))
        status, out, _ = run("check", path)
        assert status == 1
        assert f"{path}:5: 誤り" in out
        assert "「titel」という項目はありません。" in out
        assert "文字の「3」になっています。" in out
        assert out.endswith("約款として読めません。誤り 2件。これを直すと、続きを調べられます。\n")

    def test_a_file_that_cannot_be_read_is_status_2(self, run, tmp_path):
        latin = tmp_path / "latin.toml"
        latin.write_bytes(b"\xe9")
        for target, says in (
            (tmp_path / "nothing.toml", "読めません"),
            (latin, "UTF-8"),
            ("nothing", "ファイルもサービスもありません"),
            ("ix/1999", "2022-10"),
        ):
            status, out, err = run("check", target)
            assert (status, out) == (2, "")
            assert says in err
            assert "Traceback" not in err

    def test_a_service_and_an_edition_of_it_are_found_by_name(self, run):
        assert run("check", "remote-care/1")[1].startswith("リモートケア 基本サービス（remote-care/1）")
        assert run("check", "remote-care")[1] == run("check", "remote-care/1")[1]

    def test_without_names_all_packaged_editions_are_checked(self, run):
        out = run("check")[1]
        for name in ("ix/2022-10", "mimamori/2020-03", "remote-care/1", "supportpack/1", "video/2021-08"):
            assert f"（{name}）: 例" in out

    def test_files_stand_beside_each_other_and_never_beside_themselves(self, run, written):
        first = written()
        second = written(('edition = "1"', 'edition = "2"'), name="other.toml")
        status, out, _ = run("check", first, second)
        assert status == 1
        assert out.count("から適用されます。") == 2
        assert run("check", first, first)[0] == 0


class TestExplain:
    def test_shows_the_clause_its_rules_and_the_examples(self, run, written):
        path = written()
        status, out, _ = run("explain", path, "第4条")
        assert status == 0
        assert out.startswith(f"第4条（ケトル保守 1版、{path}:")
        assert "  登録の承諾 › 申し込みの期限「パックの購入日」（" in out
        assert "    日数: 30日\n" in out
        assert "    答え: 結果 承諾、申し込みの期限 2024年5月10日\n" in out

    def test_finds_the_edition_of_a_service(self, run):
        status, out, _ = run("explain", "ix", "第4章 1.(1)", "--edition", "2022-10")
        assert status == 0
        assert "申し込みの期限" in out
        assert "読み方の選択" in out
        assert run("explain", "ix", "第4章 1.(1)", "--edition", "1999")[0] == 2

    def test_a_near_miss_is_status_1_and_suggests_clauses(self, run, written):
        status, out, err = run("explain", written(), "4条")
        assert (status, out) == (1, "")
        assert "「第4条」ではありませんか" in err

    def test_a_text_that_is_no_edition_is_status_2(self, run, written):
        status, _, err = run("explain", written(('title = "', 'titel = "')), "第4条")
        assert status == 2
        assert "「titel」という項目はありません" in err
        assert "hoshu terms check" in err
        status, _, err = run("explain", written(("ask = ", "aks = ")), "第4条")
        assert status == 2
        assert "「aks」という項目はありません" in err


class TestDiff:
    def test_says_what_changes_by_question(self, run, written):
        after = written(("days = 30\n", "days = 45\n"), ('edition = "1"', 'edition = "2"'), name="after.toml")
        status, out, _ = run("diff", written(), after)
        assert status == 0
        assert out == "登録の承諾\n  申し込みの期限「パックの購入日」の日数: 30日 → 45日（第4条）\n"

    def test_says_that_nothing_changes(self, run, written):
        assert run("diff", written(), written(name="b.toml"))[1] == "違いはありません。\n"

    def test_counts_the_agreements_of_a_book(self, run, written, tmp_path):
        book = tmp_path / "book.csv"
        book.write_text(BOOK, encoding="utf-8")
        after = written(('rounding = "day_before"', 'rounding = "none"'), name="after.toml")
        status, out, _ = run("diff", written(), after, "--book", book)
        assert status == 0
        assert "契約への影響: 1件のうち 1件の日付が変わります。\n" in out
        assert "  1行（K-1）: サポート満了日 2027年4月9日 → 2027年4月10日" in out

    def test_a_book_that_cannot_be_read_is_status_2(self, run, written, tmp_path):
        broken = tmp_path / "book.csv"
        broken.write_text("a,a\n", encoding="utf-8")
        path = written()
        for more, says in (
            (["--book", tmp_path / "nothing.csv"], "読めません"),
            (["--book", broken], "2度"),
            (["--book"], "--database"),
            (["--book", broken, "--database"], "どちらか一方"),
        ):
            status, out, err = run("diff", path, path, *more)
            assert (status, out) == (2, "")
            assert says in err

    def test_two_services_may_be_compared_and_it_is_said(self, run):
        status, out, err = run("diff", "supportpack", "video")
        assert status == 0
        assert "プラン" in out
        assert "別のサービス" in err


class TestTimeline:
    def test_draws_a_file_of_one_question_or_several(self, run, tmp_path):
        path = tmp_path / "question.json"
        for question in (IX, [IX, IX]):
            path.write_text("\ufeff" + json.dumps(question), encoding="utf-8")
            status, out, err = run("timeline", path)
            assert (status, err) == (0, "")
            assert ElementTree.fromstring(out).tag.endswith("svg")

    def test_writes_a_file_and_marks_today(self, run, tmp_path):
        path, out = tmp_path / "question.json", tmp_path / "line.svg"
        path.write_text(json.dumps(IX), encoding="utf-8")
        assert run("timeline", path, "--today", "2024-06-01", "--out", out)[0] == 0
        assert "今日 2024/6/1" in out.read_text(encoding="utf-8")
        assert run("timeline", path, "--out", tmp_path / "no" / "line.svg")[0] == 2

    def test_draws_by_a_draft(self, run, written, tmp_path):
        path = tmp_path / "question.json"
        path.write_text(json.dumps({**IX, "service": "kettle", "plan": "3y"}), encoding="utf-8")
        assert run("timeline", path)[0] == 1
        status, out, _ = run("timeline", path, "--terms", written())
        assert status == 0
        assert "満了日 2025/4/14" in out

    def test_reads_the_standard_input(self):
        done = subprocess.run(
            [sys.executable, "-m", "hoshu.cli", "terms", "timeline"],
            input=json.dumps(IX).encode(),
            capture_output=True,
            timeout=60,
        )
        assert done.returncode == 0
        assert "満了日 2025/4/30" in done.stdout.decode()

    @pytest.mark.parametrize(
        ("text", "status", "says"),
        [
            (b"", 2, "JSON"),
            (b"{\n  1}", 2, "2行"),
            (b"\xff\xfe", 2, "UTF-8"),
            (b"[1]", 2, "質問になっていません"),
            (b"[" * 100_000, 2, "JSON"),
            (b"[]", 1, "描く契約がありません"),
            (b'{"service": "ix", "plan": "5d-3y", "facts": {}}', 1, "1番目の契約を描けません"),
        ],
    )
    def test_what_cannot_be_drawn_says_why(self, run, tmp_path, text, status, says):
        path = tmp_path / "question.json"
        path.write_bytes(text)
        found, out, err = run("timeline", path)
        assert (found, out) == (status, "")
        assert says in err
        assert "Traceback" not in err


def test_help_names_every_tool_and_each_its_exit_status(capsys):
    with pytest.raises(SystemExit) as left:
        main(["terms", "--help"])
    assert left.value.code == 0
    out = capsys.readouterr().out
    for name in ("check", "explain", "diff", "timeline", "publish"):
        assert name in out
    for name in ("check", "explain", "diff", "timeline"):
        with pytest.raises(SystemExit):
            main(["terms", name, "--help"])
        assert "終了コード" in capsys.readouterr().out


@pytest.mark.parametrize("absent", ["django", "psycopg", "numpy", "pyarrow"])
def test_checking_imports_nothing_of_the_server(absent):
    program = (
        "import sys; from hoshu.cli import main; status = main(['terms', 'check', 'remote-care']); "
        f"sys.exit(9 if {absent!r} in sys.modules else status)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
