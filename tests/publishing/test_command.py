"""`hoshu terms publish`: who, what, and what is printed."""

import pytest

from hoshu.cli import terms_publish
from hoshu.publishing.models import PublishedEdition
from tests.people import FUJII, MORI
from tests.publishing.conftest import coffee

pytestmark = pytest.mark.django_db

FUTURE = coffee(edition="2099-01", in_force="2099-01-01")


def test_a_designer_publishes_a_file(world, capsys):
    assert terms_publish._publish(FUTURE, FUJII.email.upper()) == 0
    kept = PublishedEdition.objects.get()
    assert kept.published_by == world.users[FUJII]
    assert capsys.readouterr().out == (
        f"coffee の 2099-01版を公表しました。2099-01-01 から適用します。\nSHA-256: {kept.sha256}\n"
    )


@pytest.mark.parametrize(
    ("email", "told"), [("nobody@example.jp", "の利用者はいません。"), (MORI.email, "公表できません。")]
)
def test_nobody_else_does(world, capsys, email, told):
    assert terms_publish._publish(FUTURE, email) == 1
    assert told in capsys.readouterr().err
    assert not PublishedEdition.objects.exists()


def test_errors_are_printed_with_file_and_line(world, capsys):
    broken = FUTURE._replace(name="coffee.toml", text=FUTURE.text.replace('clause = "第6条"', 'clause = "第60条"', 1))
    assert terms_publish._publish(broken, FUJII.email) == 1
    first, *_, last = capsys.readouterr().err.splitlines()
    line = next(number for number, text in enumerate(broken.text.splitlines(), 1) if "第60条" in text)
    assert first.startswith(f"coffee.toml:{line}: ")
    assert "誤り" in first
    assert last.startswith("公表しませんでした。")


def test_a_file_that_cannot_be_read_is_said_to_be_so(tmp_path, capsys):
    class Given:
        file = tmp_path / "none.toml"
        email = FUJII.email

    assert terms_publish.run(Given) == 2
    assert "none.toml" in capsys.readouterr().err
