"""Reading the environment: a wrong value is named, a secret may come from a file."""

from pathlib import Path

import pytest

from hoshu.config import env
from hoshu.config.trouble import Trouble


def test_a_value_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "key").write_text("secret\n")
    monkeypatch.setenv("HOSHU_X_FILE", str(tmp_path / "key"))
    assert env.text("HOSHU_X") == "secret"
    monkeypatch.setenv("HOSHU_X_FILE", str(tmp_path / "gone"))
    with pytest.raises(Trouble, match=r"HOSHU_X_FILE のファイル .*gone を読めません（見つかりません）"):
        env.text("HOSHU_X")


@pytest.mark.parametrize(("value", "wanted"), [("on", True), ("1", True), ("No", False), ("", False)])
def test_flags(value: str, wanted: bool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOSHU_X", value)
    assert env.flag("HOSHU_X") is wanted


def test_what_is_neither_yes_nor_no_nor_a_number_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOSHU_X", "maybe")
    with pytest.raises(Trouble, match="HOSHU_X=maybe は使えません。on か off"):
        env.flag("HOSHU_X")
    with pytest.raises(Trouble, match="HOSHU_X=maybe は使えません。数を"):
        env.number("HOSHU_X", 8)


def test_the_home_is_the_one_of_the_user(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOSHU_HOME", "relative")
    assert env.home() == Path("relative").absolute()
    monkeypatch.delenv("HOSHU_HOME")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert env.home() == Path("/var/lib/hoshu")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_DATA_HOME", "/home/a/data")
    assert env.home() == Path("/home/a/data/hoshu")
