"""Reading お客様登録カード as its edition describes it: what is sound, missing or wrong, and by which clause."""

from datetime import date

import pytest

from hoshu import catalog
from hoshu.contracts import form as forms
from hoshu.contracts.form import Form, Printed, Referred, Surroundings
from hoshu.japan.addresses import Place
from tests.contracts.cards import card, online

EDITION = catalog.edition("ix", "2022-10")
TODAY = date(2025, 6, 3)
OPTIONS = {"OP-1": "増設ポート", "OP-2": "電源"}


def printed(*, days=5, options=False):
    return Printed(
        card_serial="L001",
        service="ix",
        plan=f"{days}d-3y",
        deadline=date(2026, 12, 31),
        registers_options=options,
        needs_weekday=days == 5,
    )


def read(entries=None, *, days=5, options=False, **around) -> Form:
    around = {"printed": printed(days=days, options=options), "options": OPTIONS, "online": False, **around}
    around.setdefault("received_on", date(2025, 6, 1))
    return forms.read(entries or card(), edition=EDITION, around=Surroundings(**around), today=TODAY)


def faults(found: Form, *, blocking=True) -> dict[str, str]:
    """Field → kind of its first fault."""
    return {fault.field: fault.kind for fault in reversed(found.faults) if fault.blocks or not blocking}


def test_a_sound_card_has_no_fault_and_gives_every_value():
    found = read()
    assert found.complete
    assert found.faults == []
    assert found.licence_serial == "L001"
    assert (found.entered_on, found.purchased_on) == (date(2025, 5, 20), date(2025, 5, 10))
    assert (found.start_weekday, found.serial, found.bodies) == ("tue", "N1", 1)
    assert found.contact.email == "hanako@example.jp"
    assert found.site.address == "宮城県仙台市青葉区0-0"
    assert found.writer == found.contact
    assert found.place is Place.JAPAN


@pytest.mark.req("IX-CARD-12", "IX-CARD-02", "IX-CARD-03", "IX-CARD-04", "IX-CARD-08", "IX-CARD-08R", "IX-CARD-09")
def test_everything_that_is_missing_is_told_at_once_in_the_cards_order_with_its_clause():
    found = read({"card_serial": "L001"})
    assert [fault.field for fault in found.faults] == [
        "licence_purchased",
        "entry_date",
        "start_weekday",
        "body_serial",
        "purchased",
        "contact_name",
        "contact_email",
        "site_address",
        "writer_name",
    ]
    assert all(fault.message and fault.kind == "missing" for fault in found.faults)
    assert [fault.number for fault in found.faults][1:6] == ["②", "③", "④", "④", "⑧"]
    assert found.faults[2].clause == "第2章 1.(2)③"
    assert all(fault.clause in {clause.id for clause in EDITION.clause} for fault in found.faults)


@pytest.mark.req("IX-CARD-00")
def test_an_unknown_card_number_waits_and_a_missing_one_is_asked_for():
    assert faults(read(printed=None))["card_serial"] == "held"
    assert faults(read(card(card_serial=""), printed=None))["card_serial"] == "missing"


@pytest.mark.req("IX-GEN-03")
def test_a_number_of_another_kind_gives_a_hint_and_stays():
    found = read(card(body_serial="L001"), taken_for={"body_serial": "シリアル No."})
    assert "これはシリアル No.とみられます" in found.of("body_serial")[0].message
    assert found.of("body_serial")[0].kind == "wrong"


@pytest.mark.req("IX-CAL-01", "IX-CARD-02", "IX-CARD-04")
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2025/2/29", "暦にない"),
        ("2025年13月1日", "暦にない"),
        ("1989-12-31", "古すぎます"),
        ("2025-06-04", "未来の日付"),
        ("2025-06-02", "到着日2025年6月1日より後"),
        ("きのう", "日付として読めません"),
        ("令和元年4月30日", "令和の日付ではありません"),
    ],
)
def test_a_date_that_cannot_be_is_refused_at_its_field_and_the_rest_is_kept(text, says):
    found = read(card(purchased=text))
    assert faults(found) == {"purchased": "wrong"}
    assert says in found.of("purchased")[0].message
    assert found.of("purchased")[0].example
    assert found.purchased_on is None
    assert found.serial == "N1"


@pytest.mark.req("IX-CARD-04")
@pytest.mark.parametrize("text", ["2025/5/10", "２０２５年５月１０日", "令和7年5月10日", "R7.5.10", "20250510"])
def test_dates_are_read_as_people_write_them(text):
    assert read(card(purchased=text)).purchased_on == date(2025, 5, 10)


@pytest.mark.req("IX-CARD-03", "IX-WIN-02", "IX-WIN-05")
@pytest.mark.parametrize(
    ("days", "chosen", "weekday", "kind"),
    [
        (5, ["tue"], "tue", None),
        (5, ["火"], "tue", None),
        (5, "日曜", "sun", None),
        (5, [], "", "missing"),
        (5, ["mon", "tue"], "", "wrong"),
        (5, ["祝"], "", "wrong"),
        (7, [], "", None),
        (7, ["mon"], "", "note"),
    ],
)
def test_five_days_need_exactly_one_weekday_and_seven_days_none(days, chosen, weekday, kind):
    found = read(card(start_weekday=chosen), days=days)
    assert found.start_weekday == weekday
    assert faults(found, blocking=False).get("start_weekday") == kind


@pytest.mark.req("IX-GEN-06")
def test_two_bodies_on_one_card_are_refused():
    found = read(card(body_serial="N1、N2"))
    assert (found.serial, found.bodies) == ("", 2)
    assert found.of("body_serial")[0].clause == "はじめに"


@pytest.mark.req("IX-CARD-05", "IX-GEN-06", "IX-CARD-12")
@pytest.mark.parametrize(
    ("lines", "kept", "kind"),
    [
        ([{"code": "OP-1", "quantity": "1"}], [("OP-1", 1)], None),
        ([{"code": "OP-1", "quantity": "２"}, {"code": "OP-2", "quantity": "1"}], [("OP-1", 2), ("OP-2", 1)], None),
        ([{"code": "OP-1", "quantity": ""}], [], "missing"),
        ([{"code": "OP-1", "quantity": "0"}], [], "wrong"),
        ([{"code": "OP-1", "quantity": "1.5"}], [], "wrong"),
        ([{"code": "OP-9", "quantity": "1"}, {"code": "OP-2", "quantity": "1"}], [("OP-2", 1)], "note"),
        ([], [], None),
    ],
)
def test_option_lines_stand_alone_and_an_empty_field_on_paper_means_none(lines, kept, kind):
    found = read(card(options=lines), options=True)
    assert [(line.code, line.quantity) for line in found.options] == kept
    assert faults(found, blocking=False).get("options") == kind


@pytest.mark.req("IX-CARD-05", "IX-CARD-12")
def test_options_on_a_card_for_another_model_are_ignored_with_a_note():
    found = read(card(options=[{"code": "OP-1", "quantity": "1"}]))
    assert found.options == []
    assert faults(found, blocking=False) == {"options": "note"}
    assert found.complete


@pytest.mark.req("IX-CARD-05", "IX-CARD-12")
def test_on_the_web_none_is_said_and_not_guessed():
    assert faults(read(online(), options=True, online=True)) == {"options": "missing"}
    assert read(online(no_options=True), options=True, online=True).complete
    both = online(no_options=True, options=[{"code": "OP-1", "quantity": "1"}])
    assert faults(read(both, options=True, online=True)) == {"options": "wrong"}


@pytest.mark.req("IX-CARD-01", "IX-PLAN-02")
def test_a_plan_altered_by_hand_is_noted_and_never_taken_over():
    found = read(card(plan_altered=True))
    assert faults(found, blocking=False) == {"plan_altered": "note"}


@pytest.mark.req("IX-CARD-08", "IX-REG-03")
@pytest.mark.parametrize("email", ["hanako", "hanako@", "hanako@example", "花子@例え"])
def test_the_contact_needs_an_address_that_can_get_mail(email):
    found = read(card(contact_email=email))
    assert faults(found) == {"contact_email": "wrong"}
    assert found.contact is None


def test_numbers_in_full_width_are_taken_in_half_width():
    found = read(card(contact_email="ｈａｎａｋｏ＠example.jp", contact_phone="０３－００００－１２３４"))
    assert (found.contact.email, found.contact.phone) == ("hanako@example.jp", "03-0000-1234")


@pytest.mark.req("IX-CARD-08", "IX-CARD-08R")
@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("contact_phone", "０３－０００－１２３４", "けた数が足りません"),
        ("contact_phone", "03-00000-1234", "03で始まる番号は10けたです"),
        ("site_phone", "090-0000-123", "090で始まる番号は11けたです"),
        ("site_phone", "😀", "「😀」は電話番号に使えません"),
        ("site_phone", "代表", "電話番号が空です"),
        ("contact_postal_code", "100-000", "郵便番号は7けたの数字で入力してください"),
        ("site_postal_code", "𠮷", "郵便番号は7けたの数字で入力してください"),
    ],
)
def test_a_number_that_cannot_be_read_is_told_at_its_field(field, typed, told):
    found = read(card(**{field: typed}))
    assert faults(found) == {field: "wrong"}
    assert told in found.of(field)[0].message


@pytest.mark.req("IX-CARD-08R", "IX-SVC-02", "IX-PRE-01")
def test_a_site_abroad_is_refused_naming_the_clause():
    found = read(card(site_address="12 Marina View, Singapore"))
    assert found.place is Place.ABROAD
    assert found.site is None
    assert found.of("site_address")[0].clause == "第3章 1.(1)"
    assert faults(read(card(site_address="仙台市青葉区0-0"))) == {"site_address": "wrong"}


SHARED = {"share_contact": True, "share_site": True, "shared_card_serial": "a-001"}
EMPTY_8 = {name: "" for name in card() if name.startswith(("contact_", "site_"))}


@pytest.mark.req("IX-CARD-10", "IX-CARD-07")
def test_a_shared_block_is_copied_with_its_source():
    found = read(card(**EMPTY_8, **SHARED), referred=Referred(known=True, entries=card(card_serial="A001")))
    assert found.complete
    assert found.contact.name == "山田 花子"
    assert (found.contact.source_card, found.site.source_card) == ("A001", "A001")
    assert found.writer.name == "山田 花子"  # ⑦ is resolved before ⑨ (IX-CARD-11)


@pytest.mark.req("IX-CARD-10")
def test_only_the_site_may_be_shared():
    entries = card(
        share_site=True, shared_card_serial="A001", contact_name="別の 担当", site_address="", site_person=""
    )
    entries["site_phone"] = ""
    found = read(entries, referred=Referred(known=True, entries=card(card_serial="A001")))
    assert found.contact.name == "別の 担当"
    assert found.contact.source_card == ""
    assert found.site.source_card == "A001"


@pytest.mark.req("IX-CARD-10", "IX-CARD-07")
@pytest.mark.parametrize(
    ("changes", "referred", "field", "kind"),
    [
        ({**EMPTY_8, **SHARED, "shared_card_serial": ""}, None, "shared_card_serial", "missing"),
        ({**EMPTY_8, **SHARED, "shared_card_serial": "l001"}, None, "shared_card_serial", "wrong"),
        ({**EMPTY_8, **SHARED}, Referred(known=False), "shared_card_serial", "wrong"),
        ({**EMPTY_8, **SHARED}, Referred(known=True), "shared_card_serial", "held"),
        ({**EMPTY_8, **SHARED}, Referred(known=True, entries=card(**SHARED)), "shared_card_serial", "wrong"),
        ({**EMPTY_8, **SHARED}, Referred(known=True, entries={}), "shared_card_serial", "held"),
        ({**SHARED, "contact_name": "別の人"}, Referred(known=True, entries=card()), "share_contact", "wrong"),
    ],
    ids=["no number", "own number", "unknown", "not arrived", "chain", "not filled", "filled differently"],
)
def test_a_reference_that_does_not_lead_to_a_full_card_is_told(changes, referred, field, kind):
    found = read(card(**changes), referred=referred)
    assert faults(found)[field] == kind
    assert found.of(field)[0].clause == "第2章 1.(2)⑦"
    assert found.serial == "N1"


@pytest.mark.req("IX-CARD-10")
def test_the_same_words_in_both_places_are_no_contradiction():
    assert read(card(**SHARED), referred=Referred(known=True, entries=card())).complete


@pytest.mark.req("IX-CARD-10")
def test_one_number_typed_in_two_ways_is_no_contradiction():
    own = card(**SHARED, contact_phone="０３ー００００ー１２３４", contact_postal_code="〒１００ー０００１")
    other = card(contact_phone="+81-3-0000-1234", contact_postal_code="1000001")
    found = read(own, referred=Referred(known=True, entries=other))
    assert found.complete
    assert (found.contact.phone, found.contact.postal_code) == ("03-0000-1234", "100-0001")


@pytest.mark.req("IX-CARD-11")
@pytest.mark.parametrize(
    ("same", "changes", "name"),
    [
        (["contact"], {}, "山田 花子"),
        (["site"], {}, "佐藤 一郎"),
        (["contact", "site"], {"site_person": "山田 花子", "site_phone": "03-0000-1234"}, "山田 花子"),
        ([], {"writer_name": "鈴木 明", "writer_phone": "03-0000-9999"}, "鈴木 明"),
    ],
)
def test_the_writer_is_filled_from_the_ticked_block(same, changes, name):
    assert read(card(same_writer=same, **changes)).writer.name == name


@pytest.mark.req("IX-CARD-11", "IX-CARD-09")
def test_two_different_writers_or_none_are_asked_about():
    assert faults(read(card(same_writer=["contact", "site"]))) == {"same_writer": "wrong"}
    assert faults(read(card(same_writer=[]))) == {"writer_name": "missing"}


@pytest.mark.req("IX-SPEC-02")
def test_another_owner_needs_its_name_and_the_confirmation():
    assert faults(read(online(owner=""), online=True)) == {"owner": "missing"}
    found = read(online(owner="other"), online=True)
    assert faults(found) == {"owner_name": "missing", "owner_confirmed": "missing"}
    assert found.of("owner_confirmed")[0].clause == "第3章 前文"
    owned = read(online(owner="other", owner_name="あおばリース", owner_confirmed=True), online=True)
    assert owned.complete
    assert owned.owner == "あおばリース"
    assert read(card()).owner == ""  # on paper the purchaser is taken for the owner (OR-45)


@pytest.mark.req("IX-MYN-02")
def test_the_declaration_on_personal_numbers_is_asked_and_missing_protection_is_pointed_out():
    assert faults(read(online(personal_numbers=""), online=True)) == {"personal_numbers": "missing"}
    unprotected = read(online(personal_numbers="yes"), online=True)
    assert unprotected.may_hold_personal_numbers
    assert faults(unprotected, blocking=False) == {"access_controls": "note"}
    safe = read(online(personal_numbers="yes", access_controls=["login", "encryption"]), online=True)
    assert safe.access_controls == ["login", "encryption"]
    assert safe.complete


NUMBER = "1234-5678-9018"


@pytest.mark.req("IX-MYN-01")
def test_a_personal_number_in_free_text_is_masked_before_it_is_stored():
    kept, labels = forms.screened(card(site_person=f"佐藤 一郎 {NUMBER}"), EDITION)
    assert kept["site_person"] == "佐藤 一郎 ＊＊＊＊-＊＊＊＊-＊＊＊＊"
    assert labels == ["設置場所のご担当者"]
    warned = read(kept).of("site_person")[0]
    assert (warned.kind, warned.clause) == ("note", "第4章 9.(1)")


@pytest.mark.req("IX-MYN-01")
@pytest.mark.parametrize("field", ["body_serial", "card_serial", "contact_phone", "site_phone", "contact_postal_code"])
def test_numbers_of_machines_and_telephones_are_never_judged(field):
    kept, labels = forms.screened(card(**{field: NUMBER}), EDITION)
    assert kept[field] == NUMBER
    assert labels == []


def test_what_is_no_field_of_the_card_is_not_kept():
    assert "evil" not in forms.screened(card(evil="x"), EDITION)[0]
