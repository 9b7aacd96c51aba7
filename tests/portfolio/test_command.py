"""`hoshu portfolio` as a process: what goes in and out, the exit status, and what has to be installed for it."""

import subprocess
import sys
from pathlib import Path

import pyarrow.parquet
import pytest

GOOD = "service,plan,purchased,registered,備考\nix,5d-3y,2022-04-15,2022-05-01,x\n"
BAD = GOOD + "ix,5d-3y,2022-04-15,,x\n"


def hoshu(*arguments: object, given: str = "") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "hoshu.cli", "portfolio", *map(str, arguments)]
    return subprocess.run(command, input=given.encode(), capture_output=True, timeout=120)


def test_all_answered_is_status_0_and_goes_to_standard_output():
    done = hoshu("--as-of", "令和7年4月30日", "--expiring", "0", given=GOOD)
    assert done.returncode == 0, done.stderr.decode()
    headings, row = done.stdout.decode().splitlines()
    cells = dict(zip(headings.split(","), row.split(","), strict=True))
    assert (cells['"end"'], cells['"active"'], cells['"expiring"']) == ("2025-04-30", "true", "true")
    told = done.stderr.decode()
    assert "判断に使わず、そのまま書き出した列: 備考" in told
    assert "1件のうち、有効 1件、0日以内に満了 1件、答えられない行 0件" in told


def test_a_refused_row_is_status_1(tmp_path: Path):
    given, out = tmp_path / "book.csv", tmp_path / "out.PARQUET"
    given.write_text(BAD)
    done = hoshu(given, "--out", out)
    assert done.returncode == 1, done.stderr.decode()
    assert "答えられない行 1件" in done.stderr.decode()
    assert pyarrow.parquet.read_table(out).column("error_field").to_pylist() == [None, "registered"]


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx", "out.parquet"])
def test_each_kind_of_file_is_written(tmp_path: Path, name: str):
    assert hoshu("-", "--out", tmp_path / name, "--excel", given=GOOD).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == [name]
    begins = {"out.csv": b"\xef\xbb\xbf", "out.xlsx": b"PK", "out.parquet": b"PAR1"}
    assert (tmp_path / name).read_bytes().startswith(begins[name])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["none.csv"], "「none.csv」を読めません"),
        (["--out", "out.xls"], "名前の終わりを .csv、.parquet、.xlsx にしてください"),
        (["--out", "none/out.csv"], "「none/out.csv」に書き出せません"),
        (["book.csv", "--database"], "どちらか一方"),
        (["--as-of", "2025-02-30"], "暦にない日付です"),
        (["--expiring", "-1"], "0以上の日数"),
    ],
)
def test_what_cannot_be_done_is_status_2_and_says_what_to_do(arguments: list[str], sentence: str):
    done = hoshu(*arguments, given=GOOD)
    assert done.returncode == 2
    assert sentence in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_input_that_is_no_table_is_status_2():
    done = hoshu(given="service,service\n")
    assert (done.returncode, done.stdout) == (2, b"")
    assert "2度あります" in done.stderr.decode()


_WITHOUT = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"numpy", "pyarrow", "xlsxwriter"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Absent())
from hoshu.cli import main
sys.exit(main())
"""


def light(*arguments: str, given: str) -> subprocess.CompletedProcess[str]:
    """The command where only `pip install hoshu` was done."""
    return subprocess.run(
        [sys.executable, "-c", _WITHOUT, *arguments], input=given, capture_output=True, text=True, check=False
    )


def test_without_its_packages_it_says_what_to_install():
    done = light("portfolio", given=GOOD)
    assert done.returncode == 1
    assert "pip install 'hoshu[portfolio]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_terms_answer_without_its_packages():
    facts = '{"purchased": "2022-04-15", "registered": "2022-05-01"}'
    done = light("decide", given=f'{{"ask": "coverage", "service": "ix", "plan": "5d-3y", "facts": {facts}}}')
    assert done.returncode == 0, done.stderr
