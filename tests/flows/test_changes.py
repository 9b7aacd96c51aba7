"""Changes of what is registered: who asks, by when, what may not be changed, and what becomes of it."""

from datetime import date

import pytest

from hoshu.accounts import tenancy
from hoshu.contracts import Refused, changes, finding, queries
from hoshu.contracts.models import ChangeRequest, Option
from hoshu.contracts.proposal import propose, week
from hoshu.decisions.models import Decision
from hoshu.flows import changes as stories
from hoshu.notifications.models import Message
from tests.contracts.cards import at
from tests.flows.registering import JUNE_1, accepted, checked
from tests.people import AOBA, HAYASHI, SATO

pytestmark = pytest.mark.django_db

NEW_SITE = {"site_address": "北海道札幌市中央区0-0", "site_person": "鈴木 次郎"}


@pytest.fixture
def agreement(desk, world):
    """Aoba's router, registered on 2025-06-03, five days from Tuesday."""
    return accepted(checked(), customer=world.organisations[AOBA].pk)


@pytest.fixture
def with_options(agreement):
    """A ×2 and B ×1 are registered; C is supported, too."""
    product = agreement.device.product
    for code in "ABC":
        Option.objects.create(code=code, name=f"カード{code}").products.add(product)
    agreement.revisions.update(
        options=[{"code": "A", "name": "カードA", "quantity": 2}, {"code": "B", "name": "カードB", "quantity": 1}]
    )
    return agreement


def asked(agreement, entries=None, *, on="2025-08-25 10:00", channel="portal", received=None, **said):
    """What somebody typed."""
    request = stories.start(
        agreement_id=agreement.pk, channel=channel, asked_by="佐藤 花子", received_on=received, now=at(on)
    )
    # The desk writes here for the customer: who may type is proven in test_who_may_type.
    ChangeRequest.objects.filter(pk=request.pk).update(channel="desk")
    return changes.save(
        request_id=request.pk,
        based_on=request.version,
        entries=entries or {},
        said={"effective": "2025/10/1", **said},
        now=at(on),
    ).request


def sent(agreement, entries=None, *, on="2025-08-25 10:00", partly=False, **said):
    request = asked(agreement, entries, on=on, **said)
    return stories.submit(request_id=request.pk, partly=partly, now=at(on))


def applied(agreement, entries=None, *, on="2025-08-25 10:00", done="2025-09-20 15:00", note="", **said):
    request = sent(agreement, entries, on=on, **said)
    stories.begin_check(request_id=request.pk, now=at(done))
    return stories.apply(request_id=request.pk, note=note, now=at(done))


@pytest.mark.req("IX-CHG-08", "IX-CHG-05", "IX-CHGF-00", "MM-CHG-01")
def test_a_change_becomes_the_second_revision_and_the_notice_tells_it(agreement):
    request = applied(agreement, NEW_SITE)

    assert (request.state, request.revision.number, request.revision.effective_on) == (
        "applied",
        2,
        date(2025, 10, 1),
    )
    assert [(event.state, event.actor) for event in request.events.order_by("id")] == [
        (state, tenancy.current().label) for state in ("draft", "submitted", "checking", "applied")
    ]
    notice = Message.objects.get(about=agreement.number, kind="registration.changed")
    assert "設置場所の住所: 宮城県仙台市青葉区0-0 → 北海道札幌市中央区0-0" in notice.text
    assert "版数: 2" in notice.text
    assert "2025/10/01" in notice.text or "2025年10月1日" in notice.text
    assert request.revision.notice_id == notice.pk
    decided = Decision.objects.get(about=agreement.number, act="登録内容の変更")
    assert (decided.topic, decided.answer["in_time"]) == ("change", True)


@pytest.mark.req("IX-CHG-08", "IX-CHG-09", "MM-CND-30")
def test_a_change_ahead_shows_nowhere_before_its_day(agreement):
    applied(agreement, NEW_SITE)
    unit = finding.unit(device_id=agreement.device_id)
    old, new = "宮城県仙台市青葉区0-0", "北海道札幌市中央区0-0"
    assert unit.cover_on(date(2025, 9, 28)).site.address == old
    assert unit.cover_on(date(2025, 9, 30)).site.address == old
    assert unit.cover_on(date(2025, 10, 1)).site.address == new
    assert unit.cover_on(date(2025, 10, 3)).site.address == new
    assert queries.revision_on(agreement, date(2025, 9, 30)).number == 1
    assert queries.revision_on(agreement, date(2025, 10, 1)).number == 2


@pytest.mark.req("IX-CHG-01", "IX-CHG-10", "SP-REG-11")
@pytest.mark.parametrize(
    ("received", "late"), [("2025-08-25", False), ("2025-09-01", False), ("2025-09-02", True), ("2025-10-05", True)]
)
def test_the_day_of_arrival_counts_thirty_days_before(agreement, received, late):
    proposal = propose(asked(agreement, NEW_SITE, on=f"{received} 10:00"), now=at(f"{received} 10:00"))
    [part] = proposal.parts
    assert (part.late, proposal.late, part.notify_by) == (late, late, date(2025, 9, 1))
    assert part.allowed is True


@pytest.mark.req("IX-CHG-02")
def test_late_is_done_all_the_same_from_the_day_it_is_done_at_the_earliest(agreement):
    request = applied(agreement, NEW_SITE, on="2025-10-05 10:00", done="2025-10-06 09:00")
    assert request.late is True
    assert request.revision.effective_on == date(2025, 10, 6)
    assert request.effective_on == date(2025, 10, 1)


@pytest.mark.req("IX-CHG-02")
def test_what_late_means_and_the_safe_day_are_told(agreement):
    [part] = propose(asked(agreement, NEW_SITE, on="2025-09-02 10:00"), now=at("2025-09-02 10:00")).parts
    assert part.earliest_safe == date(2025, 10, 2)
    assert "2025年10月2日" in part.consequence
    assert part.late_clause == "第2章 2.注意事項"


@pytest.mark.req("IX-CHG-03", "VA-SIT-05")
def test_a_site_abroad_is_refused_and_the_other_parts_stay(agreement):
    entries = {"site_address": "大韓民国ソウル特別市中区1-1", "contact_name": "新 担当"}
    request = asked(agreement, entries)
    site, contact = sorted(propose(request, now=at("2025-08-25 10:00")).parts, key=lambda part: part.kind != "site")
    assert (site.kind, site.allowed, site.clause) == ("site", False, "第2章 2.注意事項")
    assert (contact.kind, contact.allowed) == ("contact", True)
    with pytest.raises(stories.Incomplete, match="除いて"):
        stories.submit(request_id=request.pk, partly=False, now=at("2025-08-25 10:00"))
    request.refresh_from_db()
    assert (request.state, request.entries["site_address"]) == ("draft", "大韓民国ソウル特別市中区1-1")

    stories.submit(request_id=request.pk, partly=True, now=at("2025-08-25 10:00"))
    stories.begin_check(request_id=request.pk, now=at("2025-08-26 10:00"))
    done = stories.apply(request_id=request.pk, note="", now=at("2025-08-26 10:00"))
    parties = {party.kind: party for party in done.revision.parties.all()}
    assert (parties["site"].address, parties["contact"].name) == ("宮城県仙台市青葉区0-0", "新 担当")


@pytest.mark.req("IX-CHG-03")
def test_an_embassy_is_decided_by_a_person_with_a_reason(agreement):
    request = sent(agreement, {"site_address": "東京都港区0-0 架空国大使館"})
    [part] = propose(request, now=at("2025-08-25 10:00")).parts
    assert part.allowed is None
    stories.begin_check(request_id=request.pk, now=at("2025-08-26 10:00"))
    with pytest.raises(Refused, match="理由"):
        stories.apply(request_id=request.pk, note="", now=at("2025-08-26 10:00"))
    done = stories.apply(request_id=request.pk, note="国内の建物の中にあるため", now=at("2025-08-26 10:00"))
    assert done.state == "applied"


@pytest.mark.req("IX-CHG-04", "IX-SPEC-05")
@pytest.mark.parametrize(
    ("wish", "clause", "says"),
    [
        ("unit", "第2章 2.注意事項", "本体は変更できません"),
        ("hours", "第2章 2.注意事項", "半日と終日"),
        ("service_days", "第2章 2.(2)②", "週5日と週7日"),
        ("years", "第1章 3.", "延長キット"),
        ("suspend", "第4章 3.", "一時休止"),
    ],
)
def test_what_cannot_be_changed_is_refused_at_once_with_its_clause(agreement, wish, clause, says):
    request = sent(agreement, wishes=[wish])
    assert (request.state, request.clause) == ("refused", clause)
    assert says in request.reason
    assert request.revision is None
    assert agreement.revisions.count() == 1
    assert Decision.objects.get(about=agreement.number, act="変更の辞退").answer["allowed"] is False


@pytest.mark.req("IX-CHG-04", "MM-CHG-02")
def test_of_a_mixed_request_the_possible_part_is_done_where_the_customer_agreed(agreement):
    request = sent(agreement, NEW_SITE, wishes=["hours"], partly=True)
    assert [(part["kind"], part["allowed"]) for part in request.lines] == [("site", True), ("hours", False)]
    stories.begin_check(request_id=request.pk, now=at("2025-08-26 10:00"))
    assert stories.apply(request_id=request.pk, note="", now=at("2025-08-26 10:00")).revision.number == 2


@pytest.mark.req("MM-CHG-01")
def test_a_form_without_a_change_is_refused_and_kept(agreement):
    request = asked(agreement, {"site_address": "宮城県仙台市青葉区0-0", "contact_phone": "０３－００００－１２３４"})
    with pytest.raises(stories.Incomplete, match="変わるところ"):
        stories.submit(request_id=request.pk, partly=False, now=at("2025-08-25 10:00"))
    request.refresh_from_db()
    assert request.state == "draft"


@pytest.mark.req("MM-CHG-02", "IX-CHG-01", "IX-CHGF-01")
def test_an_emptied_field_and_a_missing_day_are_told_and_nothing_is_lost(agreement):
    request = asked(agreement, {"contact_email": ""}, effective="")
    with pytest.raises(stories.Incomplete) as stopped:
        stories.submit(request_id=request.pk, partly=False, now=at("2025-08-25 10:00"))
    assert {fault.field for fault in stopped.value.faults} == {"effective", "contact_email"}
    request.refresh_from_db()
    assert request.entries == {"contact_email": ""}


@pytest.mark.req("IX-WIN-07", "IX-CHGF-02")
def test_another_start_weekday_is_shown_for_the_week_before_it_is_sent_and_reaches_the_window(agreement):
    request = asked(agreement, {"start_weekday": ["thu"]})
    proposal = propose(request, now=at("2025-08-25 10:00"))
    days = week(agreement, proposal).days
    assert [(f"{one.day:%a}", one.before, one.after) for one in days] == [
        ("Wed", "08:30〜21:00", "休み"),
        ("Thu", "08:30〜21:00", "08:30〜21:00"),
        ("Fri", "08:30〜21:00", "08:30〜21:00"),
        ("Sat", "08:30〜21:00", "08:30〜21:00"),
        ("Sun", "休み", "08:30〜21:00"),
        ("Mon", "休み", "08:30〜21:00"),
        ("Tue", "08:30〜21:00", "休み"),
    ]
    stories.submit(request_id=request.pk, partly=False, now=at("2025-08-25 10:00"))
    stories.begin_check(request_id=request.pk, now=at("2025-08-26 10:00"))
    stories.apply(request_id=request.pk, note="", now=at("2025-08-26 10:00"))
    cover = finding.unit(device_id=agreement.device_id).cover_on(date(2025, 9, 1))
    assert cover.revisions == [(date(2025, 6, 3), "tue"), (date(2025, 10, 1), "thu")]


@pytest.mark.req("IX-CHGF-02", "IX-WIN-05")
def test_two_weekdays_are_no_weekday(agreement):
    request = asked(agreement, {"start_weekday": ["thu", "fri"]})
    assert [fault.field for fault in propose(request, now=at("2025-08-25 10:00")).blocking] == ["start_weekday"]


def lines(*written):
    return {
        "options": [{"code": code, "checked": checked, "quantity": quantity} for code, checked, quantity in written]
    }


@pytest.mark.req("IX-CHG-07", "IX-CHGF-03", "IX-CHGF-05")
@pytest.mark.parametrize(
    ("written", "after"),
    [
        ([("A", True, "1")], [("A", 1), ("B", 1)]),
        ([("B", True, "0"), ("C", False, "1")], [("A", 2), ("C", 1)]),
        ([("A", True, "")], [("A", 2), ("B", 1)]),  # asked about; A stays
        ([("A", False, "5"), ("B", True, "0")], [("A", 2)]),  # a quantity without its mark
        ([("A", True, "-1"), ("B", True, "0")], [("A", 2)]),  # a negative one is refused, the other goes on
        ([("X", False, "1"), ("B", True, "0")], [("A", 2)]),  # an option that is not supported
    ],
)
def test_each_line_of_options_for_itself(with_options, written, after):
    proposal = propose(asked(with_options, lines(*written)), now=at("2025-08-25 10:00"))
    options = proposal.options if proposal.options is not None else proposal.registered["options"]
    assert [(one["code"], one["quantity"]) for one in options] == after


@pytest.mark.req("IX-CHG-05", "IX-CHGF-03")
def test_an_option_that_is_not_supported_is_refused_with_the_clause_of_its_field(with_options):
    [part] = propose(asked(with_options, lines(("X", False, "1"))), now=at("2025-08-25 10:00")).parts
    assert (part.allowed, part.clause) == (False, "第2章 1.(2)⑤")
    assert "「X」は対象のオプションでない" in part.says


@pytest.mark.req("IX-CHGF-03")
def test_a_quantity_that_is_no_number_is_told_at_its_line(with_options):
    proposal = propose(asked(with_options, lines(("A", True, "二つ"))), now=at("2025-08-25 10:00"))
    assert ["「二つ」は使えません" in fault.message for fault in proposal.of("options")] == [True]


@pytest.mark.req("IX-CHG-07")
def test_the_options_before_stay_in_the_history(with_options):
    request = applied(with_options, lines(("A", True, "1")))
    assert [line["quantity"] for line in request.revision.options] == [1, 1]
    assert [line["quantity"] for line in request.based_on.options] == [2, 1]


@pytest.mark.req("IX-CHG-08")
def test_an_earlier_change_holds_on_from_the_day_of_a_later_one_that_was_planned_before(agreement):
    applied(agreement, {"start_weekday": ["thu"]}, done="2025-08-26 10:00")
    applied(agreement, NEW_SITE, effective="2025/9/15", done="2025-08-27 10:00")
    seen = {}
    for day in (date(2025, 9, 14), date(2025, 9, 15), date(2025, 10, 1)):
        revision = queries.revision_on(agreement, day)
        site = next(party for party in revision.parties.all() if party.kind == "site")
        seen[day.isoformat()] = (revision.start_weekday, site.name)
    assert seen == {
        "2025-09-14": ("tue", "佐藤 一郎"),
        "2025-09-15": ("tue", "鈴木 次郎"),
        "2025-10-01": ("thu", "鈴木 次郎"),
    }


@pytest.mark.req("IX-CHG-08")
def test_the_notice_goes_to_the_contact_as_changed_and_to_the_former_one(agreement):
    applied(agreement, {"contact_email": "shin@example.jp", "contact_name": "新 担当"})
    told = Message.objects.filter(about=agreement.number, kind="registration.changed")
    assert [message.to for message in told.order_by("id")] == ["shin@example.jp", "hanako@example.jp"]


@pytest.mark.req("MM-CHG-02", "IX-CHG-10")
def test_a_new_company_name_reaches_the_customer_on_its_day(agreement):
    applied(agreement, {"contact_company": "青葉ホールディングス株式会社", "contact_phone": "03-0000-9999"})
    agreement.tenant.refresh_from_db()
    assert agreement.tenant.name == AOBA
    assert stories.carry_over(now=at("2025-09-30 23:59")) == 0
    assert stories.carry_over(now=at("2025-10-01 00:01")) == 1
    agreement.tenant.refresh_from_db()
    assert agreement.tenant.name == "青葉ホールディングス株式会社"
    # The firm's own number was another one than this contact's.
    assert agreement.tenant.phone == "03-0000-0001"
    assert stories.carry_over(now=at("2025-10-01 00:02")) == 0


@pytest.mark.req("IX-CHG-08", "RC-GEN-08", "MM-CHG-01")
def test_steps_that_do_not_follow_are_refused_and_leave_everything_as_it_was(agreement):
    draft = asked(agreement, NEW_SITE)
    with pytest.raises(Refused, match="下書き"):
        stories.apply(request_id=draft.pk, note="", now=at("2025-08-25 11:00"))
    with pytest.raises(Refused, match="理由"):
        stories.refuse(request_id=draft.pk, reason=" ", clause="", now=at("2025-08-25 11:00"))
    request = stories.submit(request_id=draft.pk, partly=False, now=at("2025-08-25 12:00"))
    stories.send_back(request_id=request.pk, reason="変更日が読み取れません", now=at("2025-08-26 10:00"))
    request.refresh_from_db()
    assert (request.state, request.reason) == ("returned", "変更日が読み取れません")
    assert "変更日が読み取れません" in Message.objects.get(kind="registration.inquiry").text
    stories.withdraw(request_id=request.pk, reason="移転を取りやめたため", now=at("2025-08-27 10:00"))
    with pytest.raises(Refused, match="取下げ"):
        stories.begin_check(request_id=request.pk, now=at("2025-08-27 10:00"))
    assert agreement.revisions.count() == 1


@pytest.mark.req("IX-CHG-08")
def test_a_person_refuses_with_reason_and_clause_and_the_customer_is_told(agreement):
    request = sent(agreement, NEW_SITE)
    stories.begin_check(request_id=request.pk, now=at("2025-08-26 10:00"))
    stories.refuse(
        request_id=request.pk, reason="移転先に機器がありません", clause="第3章 7.", now=at("2025-08-26 11:00")
    )
    request.refresh_from_db()
    assert (request.state, request.clause) == ("refused", "第3章 7.")
    told = Message.objects.get(kind="change.refused")
    assert "移転先に機器がありません" in told.text
    assert "第3章 7." in told.text


@pytest.mark.req("IX-ASG-01", "VA-MSC-03", "SP-ASG-01")
@pytest.mark.parametrize(
    ("consent", "written", "allowed"),
    [("2025/9/20", "yes", True), ("2025/10/5", "yes", False), ("", "", False), ("2025/9/20", "no", False)],
)
def test_a_transfer_needs_written_consent_before_its_day(agreement, consent, written, allowed):
    request = asked(
        agreement, wishes=["transfer"], consent_on=consent, consent_written=written, new_customer="若葉工業株式会社"
    )
    [part] = propose(request, now=at("2025-08-25 10:00")).parts
    assert (part.allowed, part.clause) == (allowed, "第4章 10.")
    assert (part.lines[0].before, part.lines[0].after) == (AOBA, "若葉工業株式会社")


@pytest.mark.req("IX-ASG-01")
def test_the_customer_is_never_swapped_by_an_ordinary_change(agreement):
    said = {"consent_on": "2025/9/20", "consent_written": "yes", "new_customer": "若葉工業株式会社"}
    request = sent(agreement, wishes=["transfer"], **said)
    stories.begin_check(request_id=request.pk, now=at("2025-09-21 10:00"))
    with pytest.raises(Refused, match="契約者を替える") as refused:
        stories.apply(request_id=request.pk, note="", now=at("2025-09-21 10:00"))
    assert refused.value.clause == "第4章 10."
    agreement.refresh_from_db()
    assert agreement.tenant.name == AOBA


@pytest.mark.req("IX-CHG-08")
def test_what_two_windows_typed_is_kept_for_both(agreement):
    request = asked(agreement, NEW_SITE)
    stale = changes.save(
        request_id=request.pk,
        based_on=request.version - 1,
        entries={"site_address": "沖縄県那覇市0-0"},
        said={"effective": "2025/10/1"},
        now=at("2025-08-25 10:05"),
    )
    assert stale.parked is True
    request.refresh_from_db()
    assert request.entries["site_address"] == "北海道札幌市中央区0-0"
    assert [typed["entries"]["site_address"] for typed in request.parked.values()] == ["沖縄県那覇市0-0"]


@pytest.mark.req("IX-MYN-01")
def test_a_personal_number_is_masked_before_it_is_stored(agreement):
    request = asked(agreement, {"contact_department": "総務 1234-5678-9018"}, note="番号は 1234-5678-9018")
    assert "1234-5678-9018" not in str(request.entries) + str(request.said)


def test_who_may_type(agreement, acting):
    with acting(SATO, on=JUNE_1):
        request = stories.start(
            agreement_id=agreement.pk, channel="portal", asked_by="佐藤 花子", now=at("2025-08-25 10:00")
        )
        again = stories.start(
            agreement_id=agreement.pk, channel="portal", asked_by="佐藤 花子", now=at("2025-08-26 10:00")
        )
        assert again.pk == request.pk
    with acting(HAYASHI, on=JUNE_1), pytest.raises(Refused, match="申し出た方だけ"):
        changes.save(request_id=request.pk, based_on=1, entries=NEW_SITE, said={}, now=at("2025-08-25 11:00"))


@pytest.mark.req("IX-CHG-06", "IX-CHGF-00", "IX-CHGF-05")
def test_the_change_form_comes_filled_by_mail_for_the_number_of_a_notice(with_options):
    told = stories.send_form(number=with_options.number.lower(), to="", now=at("2025-08-25 10:00"))
    assert told.to == "hanako@example.jp"
    assert (told.letter.state, told.letter.name) == ("printed", "change_form")
    printed = {section["heading"]: dict(section["rows"]) for section in told.letter.data["sections"]}
    first = next(iter(printed.values()))
    assert first == {"サービス手配番号": with_options.number, "サポート満了日": "2028年4月30日", "版数": "1"}
    assert printed["② 開始基準曜日"]["今の登録"] == "火曜日"
    assert printed["⑤ 登録済みオプション品"] == {"カードA": "2個", "カードB": "1個"}
    with pytest.raises(Refused) as unknown:
        stories.send_form(number="SA999", to="", now=at("2025-08-25 10:00"))
    assert unknown.value.clause == "第2章 2.(1)"


@pytest.mark.req("IX-CHGF-01")
@pytest.mark.parametrize(
    ("entered", "kinds"),
    [("2025/8/20", []), ("", ["note"]), ("2025/9/4", ["wrong"]), ("8月", ["wrong"])],
)
def test_the_day_a_card_was_written_is_asked_for_and_stops_nothing(agreement, entered, kinds):
    request = stories.start(
        agreement_id=agreement.pk,
        channel="email",
        asked_by="佐藤 花子",
        received_on=date(2025, 9, 1),
        now=at("2025-09-01 10:00"),
    )
    said = {"effective": "2025/10/1", "entered": entered}
    proposal = propose(request, now=at("2025-09-01 10:00"), entries=NEW_SITE, said=said)
    assert [fault.kind for fault in proposal.of("entered")] == kinds


@pytest.mark.req("IX-CHG-08", "IX-CHG-01")
def test_a_card_that_arrived_by_post_keeps_its_day(agreement):
    request = stories.start(
        agreement_id=agreement.pk,
        channel="post",
        asked_by="佐藤 花子",
        received_on=date(2025, 9, 1),
        now=at("2025-09-03 10:00"),
    )
    changes.save(
        request_id=request.pk,
        based_on=1,
        entries=NEW_SITE,
        said={"effective": "令和7年10月1日"},
        now=at("2025-09-03 10:00"),
    )
    request = stories.submit(request_id=request.pk, partly=False, now=at("2025-09-03 10:01"))
    assert (request.received_on, request.late, request.effective_on) == (date(2025, 9, 1), False, date(2025, 10, 1))
