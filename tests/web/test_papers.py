"""Certificates and labels at the doors: what the clerk prints, what the customer takes along, what is told instead."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from hoshu.accounts import operators
from hoshu.contracts.models import Agreement, Product
from hoshu.notifications.models import Letter
from tests.contracts.cards import at, card, licence, open_for_business, router, shipped
from tests.flows.registering import accepted, checked, known_scans  # noqa: F401  (fixture)
from tests.people import AOBA, HAYASHI, ITO, KATO, MORI, NISHI, SATO, TANAKA, YAMADA

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("known_scans")]

NOW = at("2025-06-03 14:20")


@pytest.fixture
def agreements(acting, world, time_machine):
    """Two agreements of Aoba."""
    time_machine.move_to(NOW, tick=False)
    with acting(HAYASHI, on=NOW.date()):
        open_for_business()
        product = router()
        for number in (1, 2):
            licence(f"L00{number}")
            shipped(product, f"N{number}")
        return [
            accepted(checked(card(card_serial=f"L00{n}", body_serial=f"N{n}")), customer=world.organisations[AOBA].pk)
            for n in (1, 2)
        ]


@pytest.fixture
def change(acting):
    def update(model, **facts):
        with acting(HAYASHI, on=NOW.date()):
            model.objects.update(**facts)

    return update


@pytest.fixture
def sheets(acting):
    def read():
        with acting(HAYASHI, on=NOW.date()):
            return list(Letter.objects.filter(name="label_sheet").order_by("id"))

    return read


def url(name, *args, door="console"):
    return reverse(f"{door}:{name}", args=args)


def text(response):
    return response.content.decode()


def print_labels(browser, *agreements, **entries):
    entries = {"grid": "21", "first": "1", "act": "print", **entries}
    return browser.post(url("labels"), {"number": [each.number for each in agreements], **entries})


# -- one agreement


@pytest.mark.parametrize("paper", ["agreement_certificate", "agreement_label"])
def test_a_paper_is_the_same_file_again_until_another_one_is_issued(login, agreements, paper):
    clerk, address = login(HAYASHI), url(paper, agreements[0].number)
    first = clerk.get(address)
    assert first.headers["Content-Type"] == "application/pdf"
    assert first.content.startswith(b"%PDF")
    assert clerk.get(address).content == first.content
    assert clerk.post(address).headers["Location"] == address
    assert clerk.get(address).content != b""


@pytest.mark.parametrize("paper", ["agreement_certificate", "agreement_label"])
def test_what_can_not_be_printed_is_told_on_the_agreements_page(login, agreements, change, paper):
    change(Agreement, state="unnotified")
    clerk = login(HAYASHI)
    response = clerk.get(url(paper, agreements[0].number), follow=True)
    assert urlsplit(response.redirect_chain[-1][0]).path == url("agreement", agreements[0].number)
    assert "まだ証明できません" in text(response) or "有効な契約ではない" in text(response)


@pytest.mark.parametrize(("person", "status"), [(MORI, 200), (HAYASHI, 200), (YAMADA, 200), (ITO, 403), (NISHI, 403)])
def test_desk_clerk_and_administrator_issue_papers(login, agreements, person, status):
    assert login(person).get(url("agreement_certificate", agreements[0].number)).status_code == status


@pytest.mark.parametrize("person", [SATO, TANAKA])
def test_a_customer_takes_its_own_certificate_along(login, agreements, person):
    browser, address = login(person), url("agreement_certificate", agreements[0].number, door="portal")
    first = browser.get(address)
    assert first.headers["Content-Disposition"].startswith("attachment")
    assert first.content.startswith(b"%PDF")
    assert browser.get(address).content == first.content
    assert browser.post(address).status_code == 405


def test_a_stranger_gets_no_certificate(login, agreements):
    assert login(KATO).get(url("agreement_certificate", agreements[0].number, door="portal")).status_code == 404


# -- sheets


def test_agreements_are_looked_for_and_ticked_one_after_the_other(login, agreements):
    clerk, (one, two) = login(HAYASHI), agreements
    assert "印刷する契約を探してください" in text(clerk.get(url("labels")))
    first = text(clerk.post(url("labels"), {"act": "search", "q": "N1"}))
    assert one.number in first
    assert two.number not in first
    both = text(
        clerk.post(url("labels"), {"act": "search", "q": "N2", "number": [one.number], "grid": "24", "first": "7"})
    )
    assert f'value="{one.number}" checked' in both
    assert f'value="{two.number}" aria-label' in both
    assert '<option value="24" selected>' in both
    assert 'value="7"' in both
    assert f'value="{one.number}" checked' in text(clerk.get(url("labels"), {"number": one.number}))


def test_a_printed_sheet_can_be_opened_again_and_the_next_one_goes_on_after_it(login, agreements, sheets):
    clerk = login(HAYASHI)
    response = print_labels(clerk, *agreements, first="5")
    (sheet,) = sheets()
    assert response.headers["Location"] == f"{url('labels')}?printed={sheet.pk}"
    page = text(clerk.get(response.headers["Location"]))
    assert "ラベル2枚を作成しました" in page
    assert 'value="7"' in page  # the first free place
    assert clerk.get(url("label_sheet", sheet.pk)).content == bytes(sheet.pdf)


@pytest.mark.parametrize("first", ["0", "22", "", "五"])
def test_a_place_that_the_sheet_does_not_have_is_told_at_the_field(login, agreements, sheets, first):
    response = print_labels(login(HAYASHI), *agreements, first=first)
    assert response.status_code == 422
    assert f'value="{agreements[0].number}" checked' in text(response)
    told = {"": "入力してください", "五": "数字で入力してください。例: 5"}
    assert told.get(first, "このシートの位置は1から21までです。例: 5") in text(response)
    assert sheets() == []


@pytest.mark.req("VA-LBL-01")
def test_a_field_too_long_is_told_at_its_agreement_and_the_ticks_stay(login, agreements, change, sheets):
    change(Product, model_code="N8100-2558-MODEL-OF-MANY-WORDS")
    response = print_labels(login(HAYASHI), *agreements)
    assert response.status_code == 422
    assert text(response).count("「型名」が長くて、ラベルに入りません") == 2
    assert text(response).count(" checked") == 2
    assert sheets() == []


def test_nothing_ticked_is_told(login, agreements, sheets):
    response = print_labels(login(HAYASHI))
    assert response.status_code == 422
    assert "ラベルを印刷する契約を選んでください" in text(response)


def test_a_letter_that_is_no_sheet_is_not_found_under_the_sheets(login, agreements, acting):
    clerk = login(HAYASHI)
    clerk.get(url("agreement_label", agreements[0].number))
    with acting(HAYASHI, on=NOW.date()):
        label = Letter.objects.get(name="label")
    assert clerk.get(url("label_sheet", label.pk)).status_code == 404


# -- the lines of a label


@pytest.mark.req("VA-LBL-01")
def test_the_administrator_says_which_fact_stands_on_which_line(login, agreements, acting):
    admin = login(YAMADA)
    assert '<option value="desk_phone" selected>' in text(admin.get(url("label_lines")))
    lines = {"line_0": "product", "line_1": "", "line_2": "serial", "line_3": "", "line_4": ""}
    assert admin.post(url("label_lines"), lines).headers["Location"] == url("labels")
    with acting(HAYASHI, on=NOW.date()):
        assert operators.profile().label_lines == ["product", "serial"]
    assert "品名、製造番号、二次元コード" in text(admin.get(url("labels")))
    empty = admin.post(url("label_lines"), dict.fromkeys(lines, ""))
    assert empty.status_code == 422
    assert "少なくとも1行は選んでください" in text(empty)
    assert login(HAYASHI).get(url("label_lines")).status_code == 403
