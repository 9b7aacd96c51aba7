"""Papers about an agreement: kept with their hash, the same bytes again, and never for what they would say wrongly."""

import hashlib
from datetime import date

import pypdfium2
import pytest
import zxingcpp
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hoshu.accounts import operators
from hoshu.contracts import codes
from hoshu.contracts.models import Agreement, Product, PublicCode
from hoshu.flows import papers
from hoshu.notifications import Refused, letters, queries
from hoshu.notifications.models import Letter
from tests.contracts.cards import at, card, licence, shipped
from tests.flows.registering import JUNE_1, accepted, checked
from tests.people import AOBA, HAYASHI, KATO, SATO, WAKABA

NOW = at("2025-06-10 10:00")
LATER = at("2026-01-05 09:00")


@pytest.fixture
def agreement(desk, world):
    return accepted(checked(), customer=world.organisations[AOBA].pk)


@pytest.fixture
def second(agreement, world):
    """An agreement of another customer."""
    licence("L002")
    shipped(Product.objects.get(), "N2")
    other = checked(card(card_serial="L002", body_serial="N2", contact_company=WAKABA))
    return accepted(other, customer=world.organisations[WAKABA].pk)


def scanned(letter):
    with pypdfium2.PdfDocument(bytes(letter.pdf)) as document:
        pictures = [page.render(scale=300 / 72).to_pil() for page in document]
    return {found.text for picture in pictures for found in zxingcpp.read_barcodes(picture)}


def text_of(letter):
    with pypdfium2.PdfDocument(bytes(letter.pdf)) as document:
        return "".join(page.get_textpage().get_text_bounded() for page in document)


def kept(letter):
    return Letter.objects.get(pk=letter.pk)


# -- certificate


def test_a_certificate_is_kept_with_its_hash_and_leads_to_the_public_page(agreement, settings):
    letter = kept(papers.certificate(agreement_id=agreement.pk, now=NOW))
    assert letter.sha256 == hashlib.sha256(bytes(letter.pdf)).hexdigest()
    assert (letter.name, letter.about, letter.tenant_id) == ("certificate", agreement.number, agreement.tenant_id)
    code = PublicCode.objects.get(agreement=agreement).token
    assert scanned(letter) == {f"{settings.BASE_URL}/c/{code}/"}
    text = text_of(letter)
    for expected in (AOBA, agreement.number, "ルーターR-2105", "N1", "宮城県仙台市青葉区0-0", "2028/04/30(日)", "有効"):
        assert expected in text


def test_asked_again_it_gives_the_bytes_that_were_kept(agreement):
    first = kept(papers.certificate(agreement_id=agreement.pk, now=NOW))
    again = kept(papers.certificate(agreement_id=agreement.pk, now=LATER))
    assert (again.pk, bytes(again.pdf)) == (first.pk, bytes(first.pdf))
    assert queries.pdf(letter_id=first.pk).content == letters.typeset("certificate", first.data)


def test_issued_anew_it_is_another_row_of_that_day(agreement):
    first = papers.certificate(agreement_id=agreement.pk, now=NOW)
    second = papers.certificate(agreement_id=agreement.pk, now=LATER, anew=True)
    assert second.pk != first.pk
    assert "2026/01/05(月)" in text_of(kept(second))
    assert papers.certificate(agreement_id=agreement.pk, now=LATER).pk == second.pk
    assert Letter.objects.filter(name="certificate").count() == 2


def test_what_is_no_longer_true_is_not_given_out_again(agreement):
    first = papers.certificate(agreement_id=agreement.pk, now=NOW)
    Agreement.objects.filter(pk=agreement.pk).update(ends_on=date(2027, 5, 31))
    second = papers.certificate(agreement_id=agreement.pk, now=LATER)
    assert second.pk != first.pk
    assert "2027/05/31(月)" in text_of(kept(second))
    ended = kept(papers.certificate(agreement_id=agreement.pk, now=at("2027-06-01 00:00")))
    assert "満了" in text_of(ended).replace("サポート満了日", "")


def test_an_agreement_whose_notice_came_back_is_not_certified(agreement):
    Agreement.objects.filter(pk=agreement.pk).update(state="unnotified")
    with pytest.raises(Refused, match="まだ証明できません"):
        papers.certificate(agreement_id=agreement.pk, now=NOW)


def test_a_name_the_font_lacks_is_told_and_nothing_is_kept(agreement):
    agreement.device.product.__class__.objects.update(name="ルーター𫞎")
    with pytest.raises(Refused, match=r"𫞎（U\+2B78E）"):
        papers.certificate(agreement_id=agreement.pk, now=NOW)
    assert not Letter.objects.filter(name="certificate").exists()


def test_the_customer_issues_it_too_and_a_stranger_sees_nothing(agreement, acting):
    with acting(SATO, on=JUNE_1):
        assert papers.certificate(agreement_id=agreement.pk, now=NOW).tenant_id == agreement.tenant_id
    with acting(KATO, on=JUNE_1), pytest.raises(Agreement.DoesNotExist):
        papers.certificate(agreement_id=agreement.pk, now=NOW)


# -- labels


@pytest.mark.req("VA-LBL-01")
def test_a_label_shows_desk_type_serial_end_and_number_and_both_codes_scan(agreement, settings):
    Product.objects.update(model_code="N8100-2558Y")
    letter = kept(papers.label(agreement_id=agreement.pk, now=NOW))
    text = text_of(letter)
    for expected in ("03-0000-0100", "N8100-2558", "N1", "2028/04/30", agreement.number):
        assert expected in text
    assert "N8100-2558Y" not in text
    assert AOBA not in text
    code = PublicCode.objects.get(agreement=agreement).token
    assert scanned(letter) == {agreement.number, f"{settings.BASE_URL}/c/{code}/"}
    assert papers.label(agreement_id=agreement.pk, now=LATER).pk == letter.pk


@pytest.mark.req("VA-LBL-01")
def test_the_operator_says_what_stands_on_each_line(agreement):
    operators.save({"label_lines": ["product", "serial"]})
    (label,) = papers.label(agreement_id=agreement.pk, now=NOW).data["labels"]
    assert label["lines"] == [["品名", "ルーターR-2105"], ["製造番号", "N1"]]


@pytest.mark.req("VA-LBL-01")
def test_a_field_that_is_too_long_or_lacking_is_told_and_nothing_is_printed(agreement):
    Product.objects.update(model_code="N8100-2558-MODEL-OF-MANY-WORDS")
    with pytest.raises(papers.NotPrinted, match="「型名」が長くて、ラベルに入りません") as long:
        papers.label(agreement_id=agreement.pk, now=NOW)
    assert set(long.value.faults) == {agreement.number}
    operators.save({"fault_desk_phone": ""})
    with pytest.raises(papers.NotPrinted, match="「受付窓口」が登録されていません"):
        papers.label(agreement_id=agreement.pk, now=NOW)
    assert not Letter.objects.filter(name="label").exists()


@pytest.mark.parametrize(
    ("changed", "on"), [({"state": "terminated"}, NOW), ({"state": "suspended"}, NOW), ({}, at("2028-05-01 00:00"))]
)
def test_no_label_says_of_a_machine_that_it_is_covered_when_it_is_not(agreement, changed, on):
    Agreement.objects.filter(pk=agreement.pk).update(**changed)
    with pytest.raises(papers.NotPrinted, match="有効な契約ではない"):
        papers.label(agreement_id=agreement.pk, now=on)


def test_a_sheet_holds_the_labels_in_the_order_they_were_chosen(agreement, second):
    chosen = [second.pk, agreement.pk, second.pk]
    sheet = kept(papers.label_sheet(agreement_ids=chosen, grid="21", first=5, now=NOW))
    assert [label["number"] for label in sheet.data["labels"]] == [second.number, agreement.number]
    assert (sheet.data["count"], sheet.data["next"]) == (2, 7)
    assert len(scanned(sheet)) == 4


def test_a_sheet_of_several_customers_is_seen_by_none_of_them(agreement, second, acting):
    mixed = papers.label_sheet(agreement_ids=[agreement.pk, second.pk], grid="21", first=1, now=NOW)
    own = papers.label_sheet(agreement_ids=[agreement.pk], grid="21", first=1, now=NOW)
    assert (mixed.tenant_id, own.tenant_id) == (None, agreement.tenant_id)
    with acting(SATO, on=JUNE_1):
        assert [sheet.pk for sheet in queries.label_sheets()] == [own.pk]


def test_all_faults_of_a_sheet_are_told_at_once_and_none_of_it_is_printed(agreement, second):
    Agreement.objects.filter(pk=second.pk).update(state="terminated")
    with pytest.raises(papers.NotPrinted) as refused:
        papers.label_sheet(agreement_ids=[agreement.pk, second.pk], grid="21", first=1, now=NOW)
    assert set(refused.value.faults) == {second.number}
    assert not Letter.objects.filter(name="label_sheet").exists()


def test_a_sheet_of_nothing_is_refused(desk):
    with pytest.raises(Refused, match="選んでください"):
        papers.label_sheet(agreement_ids=[], grid="21", first=1, now=NOW)


def test_many_labels_cost_the_queries_of_one(agreement, second):
    def queries_of(*agreements):
        with CaptureQueriesContext(connection) as asked:
            papers.label_sheet(agreement_ids=[each.pk for each in agreements], grid="21", first=1, now=NOW)
        return len(asked)

    queries_of(agreement, second)  # their codes are made once
    assert queries_of(agreement, second) == queries_of(agreement)


# -- the code


def test_a_code_never_changes_is_long_and_tells_nothing(agreement, second):
    first = codes.codes_of(agreement_ids=[agreement.pk, second.pk], now=NOW)
    assert codes.codes_of(agreement_ids=[agreement.pk, second.pk], now=LATER) == first
    assert len(set(first.values())) == 2
    for code in first.values():
        assert len(code) == 22
        assert not set(code) & set("0o1il")
        assert agreement.number.lower() not in code


def test_the_machine_is_covered_from_its_first_to_its_last_day(agreement):
    (code,) = codes.codes_of(agreement_ids=[agreement.pk], now=NOW).values()
    days = {date(2025, 6, 2): False, date(2025, 6, 3): True, date(2028, 4, 30): True, date(2028, 5, 1): False}
    assert {day: codes.standing(code, on=day).covered for day in days} == days
    Agreement.objects.filter(pk=agreement.pk).update(state="suspended")
    assert not codes.standing(code, on=date(2026, 1, 1)).covered


def test_an_old_label_answers_for_its_machine_after_a_renewal(agreement):
    (code,) = codes.codes_of(agreement_ids=[agreement.pk], now=NOW).values()
    Agreement.objects.filter(pk=agreement.pk).update(state="stopped")
    assert not codes.standing(code, on=date(2026, 1, 1)).covered
    licence("L002")
    renewed = accepted(checked(card(card_serial="L002")), customer=agreement.tenant_id)
    assert renewed.device_id == agreement.device_id
    assert codes.standing(code, on=date(2026, 1, 1)).covered


def test_a_code_that_nobody_printed_stands_for_nothing(agreement):
    assert codes.standing("k7m2p9qx4wv8t3znyh6bda", on=JUNE_1) is None
    assert codes.standing(agreement.number, on=JUNE_1) is None


def test_a_code_typed_in_capitals_is_the_same(agreement):
    (code,) = codes.codes_of(agreement_ids=[agreement.pk], now=NOW).values()
    assert codes.standing(code.upper(), on=date(2026, 1, 1)).covered


def test_only_who_sees_the_agreement_gets_its_code(agreement, acting):
    with acting(KATO, on=JUNE_1):
        assert codes.codes_of(agreement_ids=[agreement.pk], now=NOW) == {}
    with acting(HAYASHI, on=JUNE_1):
        assert not PublicCode.objects.exists()
