"""The page of an agreement of every service, for its staff and its customer."""

import re
from datetime import date

import pytest
from django.urls import reverse

from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts.models import Agreement
from hoshu.decisions import record
from tests.contracts.agreed import concluded, lent, watched
from tests.contracts.cards import at, open_for_business
from tests.people import AOBA, HAYASHI, KONDO, MORI, SATO

pytestmark = pytest.mark.django_db

NOW = at("2026-01-12 10:00")


@pytest.fixture(params=["video", "supportpack", "remote-care", "mimamori"])
def agreement(request, acting, world, time_machine):
    time_machine.move_to(NOW, tick=False)
    with acting(HAYASHI, on=NOW.date()):
        open_for_business()
        tenant = world.organisations[AOBA].pk
        kept = lent(watched(tenant)) if request.param == "mimamori" else concluded(request.param, tenant)
        return kept.number, kept.device.serial, kept.device.product.name, kept.device_id


@pytest.mark.parametrize(
    ("person", "view"),
    [(HAYASHI, "console:agreement"), (SATO, "portal:agreement"), (KONDO, "portal:agreement")],
)
def test_the_page_says_what_is_agreed(agreement, login, person, view):
    page = login(person).get(reverse(view, args=[agreement[0]]))
    assert page.status_code == 200
    for words in agreement[:3]:
        assert words in page.content.decode()


@pytest.mark.parametrize(("person", "view"), [(MORI, "console:call"), (SATO, "portal:report_unit")])
def test_a_fault_of_it_can_be_told(agreement, login, person, view):
    page = login(person).get(reverse(view, args=[agreement[3]]))
    assert page.status_code == 200
    assert 'height=""' not in page.content.decode()


@pytest.mark.req("SP-TRM-07")
class TestThePeriod:
    """Start, counted-from, end, R, effective end and why, in time, years, days left."""

    @pytest.fixture
    def kept(self, acting, world, time_machine):
        time_machine.move_to(NOW, tick=False)
        with acting(HAYASHI, on=NOW.date()):
            open_for_business()
            return concluded("supportpack", world.organisations[AOBA].pk)

    def shown(self, login, person=SATO, view="portal:agreement"):
        page = login(person).get(reverse(view, args=["SAV100"])).content.decode()
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))

    def test_every_date_stands_with_the_years_and_the_days_that_are_left(self, kept, login):
        with act_as(SYSTEM):
            agreement = Agreement.objects.get(pk=kept.pk)
            agreement.support_limit = date(2031, 3, 31)
            agreement.save()
        for said in (
            "期間 2026年1月10日(土) 〜 2030年12月20日(金) （5年）",
            "提供開始日 2026年1月10日(土)",
            "起点 2025年12月20日(土)",
            "満了日 2030年12月20日(金)",
            "保守部品の保有期限 2031年3月31日(月)",
            "期限内の申し込み わかりません",
            "残りの日数 1803日",
        ):
            assert said in self.shown(login)
        for said in (
            "期間 2026/01/10(土) 〜 2030/12/20(金)（5年）",
            "提供開始日 2026/01/10(土)",
            "起点 2025/12/20(土)",
            "満了日 2030/12/20(金)",
            "保守部品の保有期限 2031/03/31(月)",
            "期限内の申し込み わかりません",
            "残りの日数 1803日",
        ):
            assert said in self.shown(login, HAYASHI, "console:agreement")

    def test_why_the_end_is_earlier_is_said(self, kept, login):
        with act_as(SYSTEM):
            question = kept.coverage.question
            facts = question["facts"] | {
                "parts_until": "2029-04-10",
                "application_received": "2026-01-05",
                "pack_purchased": "2026-01-02",
            }
            decision = record.record(
                answer=record.ask(question | {"facts": facts}),
                act="承諾",
                about=kept.number,
                tenant_id=kept.tenant_id,
                now=NOW,
            )
            Agreement.objects.filter(pk=kept.pk).update(
                coverage=decision, ends_on=date(2029, 4, 10), capped_by=decision.answer["cap"]
            )
        page = self.shown(login)
        assert "期間 2026年1月10日(土) 〜 2029年4月10日(火) （5年）" in page
        assert "保守部品の保有期限 2029年4月10日(火)" in page
        assert "定められているため、提供はその日までです" in page
        assert "期限内の申し込み 期限内" in page

    def test_a_date_that_is_missing_is_unknown_and_alerted(self, kept, login):
        page = self.shown(login)
        assert "保守部品の保有期限 わかりません" in page
        assert "登録受付の窓口へお知らせください" in page.partition("保守部品の保有期限がわかりません")[2][:30]
        staff = self.shown(login, HAYASHI, "console:agreement")
        assert "保守部品の保有期限がわかりません" in staff
        assert "登録の内容を確かめてください" in staff
