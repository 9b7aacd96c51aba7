"""Publishing: what stands in the way, what stands afterwards, and who knows of it."""

import hashlib
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from hoshu import catalog, terms
from hoshu.accounts.models import HistoryEntry
from hoshu.accounts.tenancy import act_as, actor_of
from hoshu.cli import worker
from hoshu.config import checks
from hoshu.flows import publication
from hoshu.publishing import current, editions
from hoshu.publishing.models import PublishedEdition, digest
from tests.contracts.cards import at
from tests.people import MORI
from tests.publishing.conftest import TODAY, coffee

pytestmark = pytest.mark.django_db

NOW = at("2026-11-20 10:00")


def publish(source, now=NOW):
    """As the person who acts, known to this process at once."""
    published = publication.publish(source=source, now=now)
    current.refresh(at_once=True)
    return published


def refused(source, now=NOW):
    """The fields for which a text is not published, with what is said about each."""
    before = PublishedEdition.objects.count()
    with pytest.raises(editions.Refused) as refusal:
        publication.publish(source=source, now=now)
    assert PublishedEdition.objects.count() == before
    return {finding.key: f"{finding.says}{finding.do}" for finding in refusal.value.findings}


def test_a_published_edition_answers_and_stays_word_for_word(designer):
    source = coffee()
    assert "coffee" not in catalog.services()

    published = publish(source)

    kept = PublishedEdition.objects.get()
    assert (kept.service, kept.edition, kept.in_force) == ("coffee", "2027-01", date(2027, 1, 1))
    assert kept.text == source.text
    assert kept.sha256 == published.sha256 == hashlib.sha256(source.text.encode()).hexdigest()
    assert (kept.published_at, kept.published_by_id) == (NOW, designer.user_id)
    facts = {"shipped": "2027-02-01", "registered": "2027-02-10"}
    answered = terms.decide({"ask": "coverage", "service": "coffee", "plan": "six-2y", "facts": facts})
    assert (answered["edition"], answered["answer"]["counted_from"]) == ("2027-01", "2027-02-02")
    [entry] = HistoryEntry.objects.filter(table="publishing_publishededition")
    assert entry.actor == designer.label
    assert entry.after["sha256"] == kept.sha256
    assert "text" not in entry.after


def test_nobody_changes_or_takes_back_what_was_published(designer):
    publish(coffee())
    for statement in (
        "UPDATE publishing_publishededition SET text = ''",
        "DELETE FROM publishing_publishededition",
    ):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_errors_are_told_with_their_place_and_nothing_is_published(designer):
    source = coffee(more='\n[[clause]]\nid = "第9条"\ntext = "だれも使いません。"\n')
    with pytest.raises(editions.Refused) as refusal:
        publication.publish(source=source, now=NOW)
    [finding] = refusal.value.findings
    assert source.text.splitlines()[finding.line - 1] in ("[[clause]]", 'id = "第9条"')
    assert finding.do
    assert not PublishedEdition.objects.exists()
    assert refused(coffee(more="\nthis is no toml"))


def test_a_name_and_a_first_day_belong_to_one_edition(designer):
    publish(coffee())
    assert "edition" in refused(coffee(in_force="2028-01-01"))
    assert "in_force" in refused(coffee(edition="2027-01b"))
    publish(coffee(edition="2028-01", in_force="2028-01-01"))


def test_of_two_who_publish_at_once_the_second_is_told(designer, monkeypatch):
    """The other's edition stands in the database and is not known here yet."""
    publish(coffee())
    current.forget()
    monkeypatch.setattr(current, "refresh", lambda **how: None)
    assert "たった今" in refused(coffee())["edition"]


def ix(edition, in_force):
    text = catalog.source_of("ix", "2022-10").text.partition("\n[[example]]")[0]
    text = text.replace('edition = "2022-10"', f'edition = "{edition}"', 1)
    return catalog.Source(edition, text.replace("in_force = 2022-10-01", f"in_force = {in_force}", 1))


def test_what_stands_is_checked_by_itself(designer):
    publish(coffee())
    standing = catalog.edition("coffee", "2027-01")
    source = catalog.source_of("coffee", "2027-01")
    assert editions.inspected(source, today=TODAY, standing=standing).errors == 0
    assert editions.inspected(source, today=TODAY).errors == 1
    ix = catalog.edition("ix", "2022-10")
    assert editions.inspected(catalog.source_of("ix", "2022-10"), today=TODAY, standing=ix).errors == 0


def test_nor_is_an_edition_of_the_package_replaced(designer):
    assert "edition" in refused(ix("2022-10", "2026-12-01"))
    assert "in_force" in refused(ix("2022-10b", "2022-10-01"))
    assert refused(catalog.source_of("ix", "2022-10"))


def mimamori(in_force):
    source = catalog.source_of("mimamori", "2020-03")
    text = source.text.partition("\n[[example]]")[0].replace('edition = "2020-03"', 'edition = "next"', 1)
    assert "in_force = 2020-03-01" in text or "in_force" in text
    lines = [f"in_force = {in_force}" if line.startswith("in_force") else line for line in text.splitlines()]
    return catalog.Source("next", "\n".join(lines) + "\n")


@pytest.mark.req("MM-DOC-02")
def test_new_terms_wait_for_the_notice_that_the_running_ones_promise(designer):
    """1.2: in force for everybody once 20 days after the publication are over."""
    told = refused(mimamori("2026-12-10"))
    assert "1.2" in told["in_force"]
    assert "2026-12-11" in told["in_force"]
    publish(mimamori("2026-12-11"))
    assert catalog.edition_on("mimamori", date(2026, 12, 10)).edition == "2020-03"
    assert catalog.edition_on("mimamori", date(2026, 12, 11)).edition == "next"


def test_the_day_of_publication_is_not_for_the_text_to_say(designer):
    """Or terms that name an earlier one would pass without the notice."""
    early = mimamori("2026-11-30")
    told = refused(early._replace(text=early.text.replace("in_force", "published = 2026-10-01\nin_force", 1)))
    assert {"published", "in_force"} <= set(told)


def test_agreements_that_follow_keep_their_plan(designer):
    next_one = mimamori("2027-01-01")
    lost = refused(next_one._replace(text=next_one.text.replace('id = "standard"', 'id = "other"', 1)))
    assert "standard" in lost["plan"]


def test_days_that_have_passed_keep_their_answers(designer):
    publish(coffee())
    later = at("2027-06-01 09:00")
    assert "2027-06-01" in refused(coffee(edition="back", in_force="2027-05-31"), later)["in_force"]
    publish(coffee(edition="today", in_force="2027-06-01"), later)


def test_only_who_may_design_publishes(world):
    with act_as(actor_of(world.users[MORI], today=TODAY)), pytest.raises(editions.NotAllowed):
        publication.publish(source=coffee(), now=NOW)


def test_other_processes_find_it_within_seconds(designer, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(current.time, "monotonic", lambda: clock[0])
    current.refresh()
    publication.publish(source=coffee(), now=NOW)
    clock[0] += current.SECONDS - 1
    current.refresh()
    assert "coffee" not in catalog.services()
    clock[0] += 1
    current.refresh()
    assert [each.edition for each in catalog.editions("coffee")] == ["2027-01"]


def test_requests_and_jobs_look_when_they_begin(designer, client):
    publication.publish(source=coffee(), now=NOW)
    current.forget()
    assert client.get("/terms/coffee/2027-01/").status_code == 200
    current.forget()
    assert worker._by_the_published_editions(catalog.services, None, None).count("coffee") == 1


def test_the_process_that_publishes_knows_it_when_it_stands(designer, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=False) as then:
        publication.publish(source=coffee(), now=NOW)
    assert "coffee" not in catalog.services()
    [tell] = then
    tell()
    assert "coffee" in catalog.services()


def test_looking_again_costs_one_query_and_adopts_nothing(designer, django_assert_num_queries, monkeypatch):
    publish(coffee())
    with monkeypatch.context() as patch:
        patch.setattr(terms, "adopt", pytest.fail)
        with django_assert_num_queries(1):
            current.refresh(at_once=True)
        with django_assert_num_queries(0):
            current.refresh()


def test_one_that_cannot_be_read_stops_no_request_and_is_named_at_the_start(designer, caplog):
    publish(coffee())
    PublishedEdition.objects.create(
        service="coffee",
        edition="broken",
        in_force=date(2029, 1, 1),
        text="service = ",
        sha256=digest("service = "),
        published_at=NOW,
        published_by_id=designer.user_id,
    )
    current.refresh(at_once=True)
    assert "coffee" in catalog.services()
    assert "cannot be read" in caplog.text
    assert "coffee/broken" in current.faults()[0]
    [error] = checks.published_editions_can_be_read(databases=["default"])
    assert (error.id, "coffee/broken" in error.msg) == ("hoshu.E004", True)


def test_one_that_was_altered_is_named_at_the_start(designer):
    PublishedEdition.objects.create(
        service="coffee",
        edition="2027-01",
        in_force=date(2027, 1, 1),
        text=coffee().text,
        sha256=digest("something else"),
        published_at=NOW,
        published_by_id=designer.user_id,
    )
    assert current.faults() == ["coffee/2027-01: sha256"]
