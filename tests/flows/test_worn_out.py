"""老朽化: the provider judges, both talk, and the service never ends for age alone."""

from datetime import date

import pytest

from hoshu import catalog
from hoshu.contracts import Refused, endings, worn
from hoshu.contracts.models import WornOut
from tests.contracts.agreed import concluded
from tests.contracts.cards import at
from tests.people import AOBA, HAYASHI, KATO, SATO

pytestmark = [pytest.mark.django_db, pytest.mark.req("VA-SIT-02")]
TODAY = date(2031, 7, 2)


@pytest.fixture
def agreement(desk, world):
    return concluded("video", world.organisations[AOBA].pk)


def judged(agreement, **changes):
    said = {"on": date(2031, 5, 10), "judgement": "電源とファンの交換を重ねても止まる", "today": TODAY}
    return worn.judge(agreement_id=agreement.pk, **{**said, **changes})


def test_the_judgement_the_talks_and_the_result_are_on_record(agreement):
    kept = judged(agreement)
    kept = worn.settle(
        worn_out_id=kept.pk, talks="後継機への交換を提案", result="後継機に交換", on=date(2031, 7, 1), today=TODAY
    )
    assert (kept.judged_on, kept.settled_on, kept.result) == (date(2031, 5, 10), date(2031, 7, 1), "後継機に交換")
    agreement.refresh_from_db()
    assert agreement.state == "active"  # the service goes on
    assert judged(agreement, on=date(2031, 7, 2)).pk != kept.pk


@pytest.mark.req("VA-TRN-04")
def test_age_alone_ends_nothing(agreement):
    edition = catalog.edition(agreement.service, agreement.edition)
    with pytest.raises(Refused) as refused:
        endings.ground_of(edition, "worn_out")
    assert refused.value.clause == "第3章 1.2(4)"


@pytest.mark.parametrize("changes", [{"judgement": " "}, {"on": date(2031, 7, 3)}])
def test_a_judgement_needs_its_ground_and_a_day_that_has_come(agreement, changes):
    with pytest.raises(Refused) as refused:
        judged(agreement, **changes)
    assert refused.value.clause == "第3章 2.6"
    assert not WornOut.objects.exists()


@pytest.mark.parametrize("changes", [{"talks": ""}, {"result": ""}, {"on": date(2031, 5, 9)}, {"on": date(2031, 7, 3)}])
def test_one_side_alone_settles_nothing(agreement, changes):
    kept = judged(agreement)
    said = {"talks": "提案した", "result": "交換", "on": date(2031, 7, 1)}
    with pytest.raises(Refused):
        worn.settle(worn_out_id=kept.pk, **{**said, **changes}, today=TODAY)
    with pytest.raises(Refused, match="すでに始まっています"):
        judged(agreement)


def test_a_service_whose_terms_do_not_speak_of_it_has_no_such_record(desk, world):
    with pytest.raises(Refused, match="定めはありません"):
        judged(concluded("supportpack", world.organisations[AOBA].pk))


def test_a_stranger_does_not_see_it(agreement, acting):
    judged(agreement)
    with acting(KATO, on=TODAY):
        assert not WornOut.objects.exists()


def test_the_desk_records_it_on_the_page(agreement, login, time_machine):
    time_machine.move_to(at("2031-07-02 10:00"), tick=False)
    page = f"/console/agreements/{agreement.number}/ending/"
    browser = login(HAYASHI)
    typed = {"on": "2031/5/10", "judgement": "電源の交換を重ねても止まる"}
    assert login(SATO).post(f"{page}worn_out", typed).status_code in (403, 404)
    done = browser.post(f"{page}worn_out", typed, follow=True)
    assert "協議中" in done.content.decode()
    row = browser.get(page).content.decode().split("ending/settle")[1].split('name="row" value="')[1].split('"')[0]
    missing = browser.post(f"{page}settle", {"row": row, "talks": "提案した", "result": "", "on": "2031/7/1"})
    assert missing.status_code == 422
    assert "提案した" in missing.content.decode()
    settled = browser.post(
        f"{page}settle", {"row": row, "talks": "提案した", "result": "後継機に交換", "on": "2031/7/1"}, follow=True
    )
    assert "後継機に交換" in settled.content.decode()
