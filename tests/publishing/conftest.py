"""An invented service, as its designer publishes it. What is adopted here, other tests do not see."""

from datetime import date
from pathlib import Path

import pytest

from hoshu.accounts.tenancy import act_as, actor_of
from hoshu.catalog import Source
from hoshu.publishing import current
from tests.people import FUJII

COFFEE = (Path(__file__).parents[1] / "terms/sixth.toml").read_text(encoding="utf-8").partition("\n[[example]]")[0]
TODAY = date(2026, 11, 20)


def coffee(*, edition="2027-01", in_force="2027-01-01", more=""):
    """The coffee service under another name, from another day."""
    text = COFFEE.replace('edition = "2024-01"', f'edition = "{edition}"', 1)
    return Source(edition, text.replace("in_force = 2024-01-01", f"in_force = {in_force}", 1) + more)


@pytest.fixture(autouse=True)
def alone():
    current.forget()
    yield
    current.forget()


@pytest.fixture
def designer(world):
    """Fujii, who designs services."""
    with act_as(actor_of(world.users[FUJII], today=TODAY)) as actor:
        yield actor
