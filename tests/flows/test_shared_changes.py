"""One form about several agreements: what is typed once is asked of each, and each is answered by itself."""

from dataclasses import replace
from datetime import date

import pytest

from hoshu.contracts import changes, queries, shared_changes
from hoshu.contracts.models import Agreement, ChangeRequest
from hoshu.flows import changes as stories
from hoshu.notifications.models import Message
from tests.contracts.cards import at
from tests.flows.registering import accepted, another, checked
from tests.people import AOBA, WAKABA

pytestmark = pytest.mark.django_db

MONDAY = at("2025-08-25 10:00")
MOVED = {"site_address": "北海道札幌市中央区0-0", "contact_email": "shin@example.jp"}
ABROAD = {"site_address": "大韓民国ソウル特別市中区1-1"}


@pytest.fixture
def three(desk, world):
    """Aoba's three routers, each under a licence of its own."""
    found = [accepted(checked(), customer=world.organisations[AOBA].pk)]
    for nth in (2, 3):
        found.append(another(nth, world.organisations[AOBA].pk))
    return found


def typed(agreement, entries, *also, **said):
    """A form that is about this agreement, with others ticked."""
    request = stories.start(agreement_id=agreement.pk, channel="desk", asked_by="佐藤 花子", now=MONDAY)
    return changes.save(
        request_id=request.pk,
        based_on=request.version,
        entries=entries,
        said={"effective": "2025/10/1", "also": [one.number for one in also], **said},
        now=MONDAY,
    ).request


def sent(request, *, partly=False):
    return stories.submit(request_id=request.pk, partly=partly, now=MONDAY)


@pytest.mark.req("IX-CHGF-04", "IX-CARD-10")
def test_a_form_about_three_agreements_is_three_requests_under_one_receipt(three):
    first = sent(typed(three[0], MOVED, *three[1:], note="移転のため"))
    made = list(queries.changes_sent_with(first))
    assert [one.agreement_id for one in made] == [three[1].pk, three[2].pk]
    assert {one.receipt for one in (first, *made)} == {first.number}
    assert len({one.number for one in (first, *made)}) == 3
    for one in made:
        assert (one.state, one.entries, one.received_on) == ("submitted", MOVED, date(2025, 8, 25))
        assert one.said == {"effective": "2025/10/1", "note": "移転のため"}
        assert (one.channel, one.asked_by, one.effective_on) == ("desk", "佐藤 花子", date(2025, 10, 1))
        assert [event.state for event in one.events.order_by("id")] == ["draft", "submitted"]


@pytest.mark.req("IX-CHGF-04", "IX-CHG-08", "IX-CARD-10")
def test_each_is_applied_by_itself_with_its_own_revision_and_notice(three):
    first = sent(typed(three[0], MOVED, three[1]))
    [second] = queries.changes_sent_with(first)
    stories.begin_check(request_id=second.pk, now=MONDAY)
    done = stories.apply(request_id=second.pk, note="", now=MONDAY)
    first.refresh_from_db()
    assert (first.state, first.revision) == ("submitted", None)  # the other waits for itself
    assert (done.revision.agreement_id, done.revision.number) == (three[1].pk, 2)
    site = next(party for party in done.revision.parties.all() if party.kind == "site")
    assert (site.address, site.name) == ("北海道札幌市中央区0-0", "佐藤 一郎")
    assert Message.objects.filter(about=three[1].number, kind="registration.changed").exists()
    assert not Message.objects.filter(about=three[0].number, kind="registration.changed").exists()


@pytest.mark.req("IX-CHGF-04", "IX-CHG-08")
def test_all_that_can_be_applied_is_in_one_step_and_what_is_left_out_is_told(three):
    first = sent(typed(three[0], {"site_address": "北海道札幌市中央区0-0"}, *three[1:]))
    second, third = queries.changes_sent_with(first)
    stories.begin_check(request_id=third.pk, now=MONDAY)
    alone = sent(typed(three[1], {"site_address": "北海道札幌市中央区0-0"}))
    stories.begin_check(request_id=alone.pk, now=MONDAY)
    stories.apply(request_id=alone.pk, note="", now=MONDAY)

    foreseen = stories.together(request=third, now=MONDAY)
    assert ([one.pk for one in foreseen.applied], foreseen.left_out[0][0].pk) == ([first.pk, third.pk], second.pk)
    done = stories.apply_together(request_id=third.pk, note="", now=MONDAY)
    assert [(one.pk, one.state, one.revision.number) for one in done.applied] == [
        (first.pk, "applied", 2),
        (third.pk, "applied", 2),
    ]
    [(left, why)] = done.left_out
    assert (left.pk, "今の登録と同じ" in why.message) == (second.pk, True)
    second.refresh_from_db()
    assert second.state == "submitted"
    assert [event.state for event in second.events.order_by("id")] == ["draft", "submitted"]
    for agreement in (three[0], three[2]):
        assert Message.objects.filter(about=agreement.number, kind="registration.changed").count() == 1
    assert stories.apply_together(request_id=first.pk, note="", now=MONDAY).applied == []


@pytest.mark.req("IX-CHGF-04", "MM-CHG-02")
def test_what_is_not_possible_of_one_is_left_out_where_the_customer_did_not_agree_to_that(three):
    first = sent(typed(three[0], {**ABROAD, "contact_email": "shin@example.jp"}, three[1]), partly=True)
    [other] = queries.changes_sent_with(first)
    ChangeRequest.objects.filter(pk=other.pk).update(partly=False)
    done = stories.apply_together(request_id=first.pk, note="", now=MONDAY)
    assert [one.pk for one in done.applied] == [first.pk]
    [(left, why)] = done.left_out
    assert (left.pk, why.clause) == (other.pk, "第2章 2.注意事項")
    site = next(party for party in done.applied[0].revision.parties.all() if party.kind == "site")
    assert site.address != ABROAD["site_address"]


def test_what_is_foreseen_costs_the_same_for_two_as_for_three(three, django_assert_num_queries):
    two = sent(typed(three[0], {"contact_email": "shin@example.jp"}, three[1]))
    many = sent(typed(three[0], {"contact_email": "mei@example.jp"}, *three[1:]))
    with django_assert_num_queries(4):
        assert len(stories.together(request=two, now=MONDAY).applied) == 2
    with django_assert_num_queries(4):
        assert len(stories.together(request=many, now=MONDAY).applied) == 3


@pytest.mark.req("IX-CHGF-04")
def test_only_what_differs_from_its_own_content_is_asked_of_each(three, world):
    fourth = another(4, world.organisations[AOBA].pk, site_address="北海道札幌市中央区0-0")
    fifth = another(
        5, world.organisations[AOBA].pk, site_address="北海道札幌市中央区0-0", contact_email="shin@example.jp"
    )
    first = sent(typed(three[0], MOVED, fourth, fifth))
    [other] = queries.changes_sent_with(first)  # the fifth has all of it already
    assert (other.agreement_id, other.entries) == (fourth.pk, {"contact_email": "shin@example.jp"})


@pytest.mark.req("IX-CHGF-04")
def test_the_weekday_and_the_wishes_are_of_the_one_agreement_alone(three):
    first = sent(typed(three[0], {**MOVED, "start_weekday": ["thu"]}, three[1], wishes=["hours"]), partly=True)
    [other] = queries.changes_sent_with(first)
    assert {part["kind"] for part in first.lines} == {"contact", "site", "start_weekday", "hours"}
    assert {part["kind"] for part in other.lines} == {"contact", "site"}
    assert other.entries == MOVED


@pytest.mark.req("IX-CHGF-04", "IX-CHG-03", "MM-CHG-02")
def test_what_no_agreement_allows_is_refused_for_each_with_its_clause(three):
    first = sent(typed(three[0], ABROAD, three[1]))
    [other] = queries.changes_sent_with(first)
    assert [(one.state, one.clause) for one in (first, other)] == [("refused", "第2章 2.注意事項")] * 2


@pytest.mark.req("IX-CHGF-04", "MM-CHG-02", "IX-CHG-03")
def test_a_refusal_of_one_names_its_agreement_and_stops_nothing_once_it_is_left_out(three, world):
    request = typed(three[0], {**ABROAD, "contact_email": "shin@example.jp"}, three[1])
    with pytest.raises(stories.Incomplete, match="除いて") as stopped:
        sent(request)
    assert [(fault.label, fault.clause) for fault in stopped.value.faults] == [
        (f"契約 {one.number}", "第2章 2.注意事項") for one in three[:2]
    ]
    assert ChangeRequest.objects.count() == 1
    first = sent(request, partly=True)
    [other] = queries.changes_sent_with(first)
    assert (first.state, other.state, other.partly) == ("submitted", "submitted", True)
    assert [(part["kind"], part["allowed"]) for part in other.lines] == [("site", False), ("contact", True)]


@pytest.mark.req("IX-CHGF-04", "MM-CHG-02")
def test_one_that_is_refused_altogether_does_not_hold_the_others_up(three, monkeypatch):
    request = typed(three[0], {"site_address": "北海道札幌市中央区0-0"}, three[1], three[2])
    ask = shared_changes.propose

    def strict(other, **how):
        """The terms of the third agreement allow no other site."""
        found = ask(other, **how)
        if other.agreement_id != three[2].pk:
            return found
        return replace(found, parts=[replace(part, allowed=False, clause="第9章") for part in found.parts])

    monkeypatch.setattr(shared_changes, "propose", strict)
    with pytest.raises(stories.Incomplete) as stopped:
        sent(request)
    assert [(fault.label, fault.clause) for fault in stopped.value.faults] == [(f"契約 {three[2].number}", "第9章")]
    first = sent(request, partly=True)
    assert [(one.state, one.clause) for one in queries.changes_sent_with(first)] == [
        ("submitted", ""),
        ("refused", "第9章"),
    ]


@pytest.mark.req("IX-CHGF-04")
def test_another_customers_agreement_is_never_changed_along(three, world):
    foreign = another(4, world.organisations[WAKABA].pk)
    request = typed(three[0], MOVED, three[1])
    assert shared_changes.known(request, [three[1].number, foreign.number], now=MONDAY) == [three[1].number]
    listed, _ = shared_changes.choices(request, now=MONDAY)
    assert [one.agreement.number for one in listed] == [three[1].number, three[2].number]
    # Even where its number was kept, staff who see every customer reach nothing by it.
    kept = {**request.said, "also": [foreign.number]}
    ChangeRequest.objects.filter(pk=request.pk).update(said=kept)
    with pytest.raises(stories.Incomplete, match=foreign.number):
        sent(request)
    assert not ChangeRequest.objects.filter(agreement=foreign).exists()


@pytest.mark.req("IX-CHGF-04")
@pytest.mark.parametrize("now_is", [{"state": "terminated"}, {"ends_on": date(2025, 8, 24)}, {"service": "video"}])
def test_what_ended_meanwhile_or_is_of_another_service_is_told_and_nothing_is_sent(three, now_is):
    request = typed(three[0], MOVED, *three[1:])
    Agreement.objects.filter(pk=three[1].pk).update(**now_is)
    with pytest.raises(stories.Incomplete, match=f"（{three[1].number}）。印を外して"):
        sent(request)
    assert ChangeRequest.objects.count() == 1
    request.refresh_from_db()
    assert (request.state, request.entries) == ("draft", MOVED)


@pytest.mark.req("IX-CHGF-04")
def test_a_form_that_comes_back_is_not_split_again(three):
    first = sent(typed(three[0], MOVED, three[1]))
    stories.send_back(request_id=first.pk, reason="変更日が読み取れません", now=MONDAY)
    sent(first)
    assert ChangeRequest.objects.count() == 2


def test_a_list_begins_with_those_that_follow_so_that_each_can_be_reached(three, monkeypatch):
    monkeypatch.setattr(shared_changes, "AT_MOST", 1)
    reached = [shared_changes.choices(typed(one, {}), now=MONDAY) for one in three]
    assert [([choice.agreement.pk for choice in listed], cut) for listed, cut in reached] == [
        ([three[1].pk], True),
        ([three[2].pk], True),
        ([three[0].pk], True),
    ]


def test_what_is_asked_costs_the_same_for_one_as_for_many(three, django_assert_num_queries):
    one, many = typed(three[0], MOVED, three[1]), typed(three[0], MOVED, *three[1:])
    shared_changes.others(one, now=MONDAY)
    with django_assert_num_queries(4):
        shared_changes.others(one, now=MONDAY)
    with django_assert_num_queries(4):
        assert len(shared_changes.others(many, now=MONDAY)) == 2
