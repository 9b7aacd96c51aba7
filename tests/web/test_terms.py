"""The terms as a document, readable by everybody."""

import re
from html import unescape

import pytest
from django.urls import reverse

from hoshu import catalog
from hoshu.web.entrance import terms
from tests.people import SATO

EDITIONS = [
    (edition.service, edition.edition) for service in catalog.services() for edition in catalog.editions(service)
]


def text(response):
    return unescape(response.content.decode())


@pytest.mark.django_db
def test_every_service_and_edition_is_listed_for_everybody(client):
    page = text(client.get(reverse("entrance:terms")))
    for service, edition in EDITIONS:
        assert reverse("entrance:edition", args=[service, edition]) in page


@pytest.mark.django_db
@pytest.mark.parametrize(("service", "edition"), EDITIONS)
def test_an_edition_is_shown_whole(client, service, edition):
    """Every clause with its text and its anchor, computed from or not, every plan and every exclusion."""
    page = text(client.get(reverse("entrance:edition", args=[service, edition])))
    document = catalog.edition(service, edition)
    for clause in document.clause:
        assert f'id="{terms.anchor(clause.id)}"' in page
        assert clause.text in page
        assert (clause.not_computed or "") in page
    assert page.count("判定しない") - 1 == sum(bool(clause.not_computed) for clause in document.clause)
    for plan in document.plan:
        assert plan.name in page
    for exclusion in document.exclusion:
        assert exclusion.text in page


@pytest.mark.django_db
@pytest.mark.parametrize(("service", "edition"), EDITIONS)
def test_no_two_windows_have_the_same_name(client, service, edition):
    windows = client.get(reverse("entrance:edition", args=[service, edition])).context["windows"]
    labels = [window["label"] for window in windows]
    assert len(labels) == len(set(labels)), labels


@pytest.mark.django_db
@pytest.mark.parametrize(("service", "edition"), EDITIONS)
def test_every_link_within_the_page_leads_somewhere(client, service, edition):
    page = text(client.get(reverse("entrance:edition", args=[service, edition])))
    anchors = re.findall(r'id="([^"]+)"', page)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(anchors)


@pytest.mark.parametrize(("service", "edition"), EDITIONS)
def test_every_part_that_cites_a_clause_has_a_name(service, edition):
    assert {place[0] for place, _ in catalog.edition(service, edition).cited()} <= set(terms.PARTS)


@pytest.mark.django_db
def test_one_clause_opens_beside_an_answer(client):
    address = reverse("entrance:clause", args=["ix", "2022-10"])
    page = text(client.get(address, {"id": "第1章 3."}))
    assert "第1章 3." in page
    assert "<html" not in page
    assert client.get(address, {"id": "第9章 9."}).status_code == 404
    assert client.get(address).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [("ix", "1999-01"), ("nothing", "2022-10")])
def test_an_unknown_edition_is_not_there(client, wrong):
    assert client.get(reverse("entrance:edition", args=wrong)).status_code == 404


def test_the_clauses_stand_in_the_order_of_the_document():
    document = catalog.edition("ix", "2022-10")
    chapters = terms.chapters(document)
    shown = [passage.clause.id for chapter in chapters for passage in chapter.passages]
    assert shown == [clause.id for clause in document.clause]


def test_a_customer_reads_them_too(login):
    assert login(SATO).get(reverse("entrance:terms")).status_code == 200
