"""Extension kits: when they are sold, what they give, and who acts where they are not sold by themselves."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from hoshu.contracts import Refused, queries
from hoshu.contracts.models import ExtensionKit
from hoshu.flows import corrections, extensions
from hoshu.notifications.models import Message
from tests.contracts.cards import at
from tests.flows.registering import JUNE_1, accepted, checked
from tests.people import AOBA, KATO, SATO

pytestmark = pytest.mark.django_db

END = date(2028, 4, 30)
"""Of the agreement below; its kit is sold from 2028-01-30."""


@pytest.fixture
def agreement(desk, world):
    return accepted(checked(), customer=world.organisations[AOBA].pk)


def ordered(agreement, on="2028-02-01 10:00", end=END, number=None):
    return extensions.order(
        tenant_id=agreement.tenant_id,
        stated_number=number or agreement.number,
        stated_end=end,
        asked_by="佐藤 花子",
        now=at(on),
    )


def sold(kit, serial="EK-1", on="2028-02-02 10:00"):
    return extensions.sell(kit_id=kit.pk, serial=serial, bought_on=at(on).date(), price_yen=30_000, now=at(on))


@pytest.mark.req("IX-EXT-01", "IX-EXT-02", "IX-EXT-04")
def test_a_kit_gives_one_further_year_and_the_contact_is_told(agreement):
    kit = ordered(agreement)
    assert (kit.state, kit.end_after) == ("ordered", date(2029, 4, 30))
    sold(kit)
    agreement.refresh_from_db()
    assert agreement.ends_on == END  # bought, but the procedure is not done
    extensions.apply(kit_id=kit.pk, now=at("2028-02-03 10:00"))
    agreement.refresh_from_db()
    kit.refresh_from_db()
    assert (agreement.ends_on, kit.state, kit.end_before, kit.end_after) == (
        date(2029, 4, 30),
        "applied",
        END,
        date(2029, 4, 30),
    )
    assert (agreement.plan, agreement.revisions.get().start_weekday) == ("5d-3y", "tue")
    told = Message.objects.get(about=agreement.number, kind="registration.changed")
    assert "2028年4月30日 → 2029年4月30日" in told.text
    acts = [decision.act for decision in queries.decisions_about(agreement.number)]
    assert acts == ["延長キットの適用", "延長の申込", "承諾"]


@pytest.mark.req("IX-EXT-02")
def test_a_second_kit_goes_on_from_the_end_of_the_first(agreement):
    for nth, (order, end) in enumerate([("2028-02-01", END), ("2029-02-01", date(2029, 4, 30))]):
        kit = ordered(agreement, f"{order} 10:00", end)
        sold(kit, f"EK-{nth}", f"{order} 11:00")
        extensions.apply(kit_id=kit.pk, now=at(f"{order} 12:00"))
    agreement.refresh_from_db()
    assert agreement.ends_on == date(2030, 4, 30)


@pytest.mark.req("IX-EXT-01")
def test_too_early_is_kept_as_a_reminder_until_the_sale_opens(agreement):
    kit = ordered(agreement, "2028-01-29 23:59")
    assert (kit.state, kit.opens_on, kit.clause) == ("waiting", date(2028, 1, 30), "第1章 3.")
    assert "2028年1月30日" in kit.reason
    assert extensions.open_sales(now=at("2028-01-29 23:59")) == 0
    assert extensions.open_sales(now=at("2028-01-30 00:02")) == 1
    kit.refresh_from_db()
    assert kit.state == "ordered"


@pytest.mark.req("IX-EXT-01")
def test_the_last_day_is_in_time_and_the_day_after_needs_approval(agreement):
    kit = ordered(agreement, "2028-04-30 23:00")
    assert kit.state == "ordered"
    extensions.withdraw(kit_id=kit.pk, reason="")
    late = ordered(agreement, "2028-05-01 09:00")
    assert late.state == "held"
    with pytest.raises(Refused, match="購入を記録できません"):
        sold(late, on="2028-05-01 10:00")
    with pytest.raises(Refused, match="理由"):
        extensions.approve(kit_id=late.pk, reason=" ", now=at("2028-05-01 10:00"))
    extensions.approve(kit_id=late.pk, reason="連休のため", now=at("2028-05-01 10:00"))
    sold(late, on="2028-05-01 11:00")
    extensions.apply(kit_id=late.pk, now=at("2028-05-01 12:00"))
    agreement.refresh_from_db()
    assert agreement.ends_on == date(2029, 4, 30)  # still from the old end: no free gap


@pytest.mark.req("IX-EXT-01")
def test_what_was_ordered_in_time_and_bought_too_late_needs_approval_after_all(agreement):
    kit = ordered(agreement, "2028-04-30 23:00")
    with pytest.raises(Refused, match="個別の承認") as refused:
        sold(kit, on="2028-05-01 10:00")
    assert refused.value.clause == "第1章 3."


@pytest.mark.req("IX-EXT-03")
@pytest.mark.parametrize(
    ("limit", "state", "end"),
    [
        (date(2028, 4, 30), "refused", None),
        (date(2028, 10, 15), "held", date(2028, 10, 15)),
        (date(2029, 4, 30), "ordered", date(2029, 4, 30)),
    ],
)
def test_never_past_the_limit_of_the_model(agreement, limit, state, end):
    product = agreement.device.product
    product.end_of_sale, product.support_limit = date(2027, 1, 31), limit
    product.save()
    kit = ordered(agreement)
    assert (kit.state, kit.end_after) == (state, end)
    if state == "held":
        extensions.approve(kit_id=kit.pk, reason="短い延長を了解された", now=at("2028-02-01 11:00"))
        sold(kit)
        extensions.apply(kit_id=kit.pk, now=at("2028-02-03 10:00"))
        agreement.refresh_from_db()
        assert agreement.ends_on == limit
    if state == "refused":
        assert kit.clause == "第1章 3."


@pytest.mark.req("IX-EXT-03")
def test_a_limit_that_comes_after_the_sale_stops_the_procedure(agreement):
    kit = sold(ordered(agreement))
    corrections.end_product(
        product_id=agreement.device.product_id,
        end_of_sale=date(2027, 1, 31),
        support_limit=END,
        kit_sales_stopped=None,
        now=at("2028-02-02 12:00"),
    )
    with pytest.raises(Refused, match="延びません"):
        extensions.apply(kit_id=kit.pk, now=at("2028-02-03 10:00"))


@pytest.mark.req("IX-EXT-04")
def test_what_does_not_fit_is_kept_for_correction_with_its_clause(agreement, acting):
    with acting(SATO, on=JUNE_1):
        unknown = ordered(agreement, number="SA9999999")
        assert (unknown.state, unknown.clause, unknown.agreement) == ("mismatch", "第2章 1.(6)", None)
        kit = extensions.correct(
            kit_id=unknown.pk,
            stated_number=agreement.number,
            stated_end=date(2028, 5, 31),
            now=at("2028-02-01 11:00"),
        )
        assert (kit.state, "満了日が登録と違います" in kit.reason) == ("mismatch", True)
        kit = extensions.correct(
            kit_id=unknown.pk, stated_number=agreement.number, stated_end=END, now=at("2028-02-01 12:00")
        )
        assert kit.state == "ordered"


def test_one_order_at_a_time_and_a_kit_once(agreement):
    kit = ordered(agreement)
    with pytest.raises(Refused, match="手続き中"):
        ordered(agreement)
    sold(kit)
    extensions.apply(kit_id=kit.pk, now=at("2028-02-03 10:00"))
    second = ordered(agreement, "2029-02-01 10:00", date(2029, 4, 30))
    with pytest.raises(Refused, match="すでに使われています"):
        sold(second, "ek-1", "2029-02-01 11:00")
    with pytest.raises(Refused, match="購入を先に"):
        extensions.apply(kit_id=second.pk, now=at("2029-02-01 11:00"))


def test_nobody_sees_the_orders_of_others(agreement, acting):
    kit = ordered(agreement)
    with acting(KATO, on=JUNE_1):
        assert not ExtensionKit.objects.filter(pk=kit.pk).exists()
        with pytest.raises(ExtensionKit.DoesNotExist):
            extensions.withdraw(kit_id=kit.pk, reason="")


def test_the_database_lets_no_applied_kit_shorten(agreement):
    kit = ordered(agreement)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExtensionKit.objects.filter(pk=kit.pk).update(state="applied", end_before=END, end_after=END)
