"""After the acceptance: a lost notice, a late proof, the end of a model, the customer's memo."""

from datetime import date

import pytest

from hoshu.contracts import Refused, agreements, queries, stock
from hoshu.flows import corrections
from hoshu.notifications.models import Message
from tests.contracts.cards import at, licence, router
from tests.flows.registering import JUNE_1, accepted, checked, proven
from tests.people import AOBA, HAYASHI, KATO, SATO, YAMADA

pytestmark = pytest.mark.django_db


@pytest.mark.req("IX-REG-03", "IX-REG-04", "IX-COV-04")
def test_a_notice_that_comes_back_was_not_sent_and_service_starts_with_the_next_one(desk):
    agreement = accepted(checked())
    Message.objects.filter(about=agreement.number).update(state="bounced")
    assert corrections.settle_notices(now=at("2025-06-03 15:00")) == 1
    agreement.refresh_from_db()
    assert agreement.state == "unnotified"
    assert [task.about for task in queries.due(now=at("2025-06-03 15:00"))] == [agreement.number]
    assert corrections.settle_notices(now=at("2025-06-03 16:00")) == 0

    corrections.send_again(agreement_id=agreement.pk, email="yamada@example.jp", now=at("2025-06-05 09:00"))

    agreement.refresh_from_db()
    assert (agreement.state, agreement.starts_on, agreement.ends_on) == (
        "active",
        date(2025, 6, 5),
        date(2028, 4, 30),
    )
    first, second = Message.objects.filter(about=agreement.number).order_by("id")
    assert (first.to, first.state, second.to) == ("hanako@example.jp", "bounced", "yamada@example.jp")
    assert agreement.revisions.get().notice_id == second.pk
    assert "2025/06/05" in second.text


@pytest.mark.req("IX-COV-03")
def test_a_later_proof_corrects_the_dates_keeps_what_they_were_and_tells_the_customer(desk):
    application = checked()
    agreement = accepted(application)
    proof = proven(application, date(2025, 5, 10), now="2025-07-01 09:00")
    with pytest.raises(Refused, match="理由"):
        corrections.correct_purchase(
            agreement_id=agreement.pk, attached_id=proof.pk, reason="", now=at("2025-07-02 09:00")
        )
    corrections.correct_purchase(
        agreement_id=agreement.pk, attached_id=proof.pk, reason="領収書が届いたため", now=at("2025-07-02 09:00")
    )
    agreement.refresh_from_db()
    assert (agreement.purchased_on, agreement.purchase_basis) == (date(2025, 5, 10), "receipt")
    assert (agreement.starts_on, agreement.ends_on) == (date(2025, 6, 3), date(2028, 5, 31))
    decided = list(queries.decisions_about(agreement.number))
    assert [decision.act for decision in decided] == ["購入日の訂正", "承諾"]
    assert decided[1].answer["end"] == "2028-04-30"
    notice = Message.objects.get(about=agreement.number, kind="registration.changed")
    assert "2028年4月30日 → 2028年5月31日" in notice.text


@pytest.mark.req("IX-COV-05")
def test_when_sales_of_a_model_end_its_running_agreements_are_counted_anew(desk):
    agreement = accepted(checked())
    model = agreement.device.product
    assert (
        corrections.end_product(
            product_id=model.pk,
            end_of_sale=date(2025, 6, 30),
            support_limit=date(2027, 12, 31),
            kit_sales_stopped=None,
            now=at("2025-07-01 09:00"),
        )
        == 1
    )
    agreement.refresh_from_db()
    assert (agreement.ends_on, agreement.support_limit) == (date(2027, 12, 31), date(2027, 12, 31))
    assert "2028年4月30日 → 2027年12月31日" in Message.objects.get(kind="registration.changed").text


@pytest.mark.req("IX-COV-05")
def test_a_limit_before_the_end_of_sales_is_refused(desk):
    with pytest.raises(Refused) as refused_limit:
        stock.end_product(product_id=router("R-3").pk, end_of_sale=date(2025, 6, 30), support_limit=date(2025, 6, 29))
    assert refused_limit.value.clause == "第1章 3."


@pytest.mark.req("IX-GEN-08", "IX-PLAN-01")
def test_a_licence_without_a_family_or_with_another_plan_is_not_taken_into_stock(desk):
    with pytest.raises(Refused, match="製品区分"):
        stock.enter_licence(service="ix", family="", plan="5d-3y", card_serial="L9", card_deadline=date(2026, 1, 1))
    for plan in ("5d-2y", "5d24h-3y", ""):
        with pytest.raises(Refused, match="プラン"):
            licence("L9", plan=plan)


@pytest.mark.req("IX-DOC-03", "IX-MYN-01")
def test_the_customers_memo_is_seen_by_the_customer_alone(desk, world, acting):
    agreement = accepted(checked(), customer=world.organisations[AOBA].pk)
    with acting(SATO, on=JUNE_1):
        agreements.write_memo(agreement_id=agreement.pk, text="鍵は受付 1234-5678-9018", now=at("2025-06-04 09:00"))
        assert queries.memo_of(agreement) == "鍵は受付 ＊＊＊＊-＊＊＊＊-＊＊＊＊"
    for person in (HAYASHI, YAMADA, KATO):
        with acting(person, on=JUNE_1):
            assert queries.memo_of(agreement) == ""
