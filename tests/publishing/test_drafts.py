"""Drafts: begun, copied, saved by two people, and given examples."""

import tomllib
from datetime import date

import pytest

from hoshu import catalog, terms
from hoshu.accounts.models import HistoryEntry
from hoshu.authoring import check
from hoshu.publishing import drafts
from hoshu.publishing.models import Draft
from tests.contracts.cards import at
from tests.publishing.conftest import coffee

pytestmark = pytest.mark.django_db

NOW = at("2026-11-20 10:00")


def test_a_draft_may_hold_anything(designer):
    draft = drafts.begin(title=" 新しい約款 ", text="なにも\r\n書けていない", now=NOW)
    assert (draft.title, draft.text, draft.service, draft.edition) == ("新しい約款", "なにも\n書けていない", "", "")
    assert (draft.author_id, draft.version) == (designer.user_id, 1)
    saved = drafts.save(draft_id=draft.pk, based_on=1, title="新しい約款", text=coffee().text, now=NOW)
    assert (saved.service, saved.edition, saved.version) == ("coffee", "2027-01", 2)
    actions = HistoryEntry.objects.filter(table="publishing_draft").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["insert", "update"]


def test_saving_what_stands_there_makes_no_new_version(designer):
    draft = drafts.begin(title="a", text="b\n", now=NOW)
    assert drafts.save(draft_id=draft.pk, based_on=1, title="a", text="b\r\n", now=NOW).version == 1


def test_who_saves_second_is_told_and_the_first_stays(designer):
    draft = drafts.begin(title="a", text="", now=NOW)
    drafts.save(draft_id=draft.pk, based_on=1, title="a", text="first", now=NOW)
    with pytest.raises(drafts.Changed) as changed:
        drafts.save(draft_id=draft.pk, based_on=1, title="a", text="second", now=NOW)
    assert (changed.value.draft.text, changed.value.draft.version) == ("first", 2)
    assert Draft.objects.get().text == "first"


def test_a_copy_differs_in_its_name_and_first_day_alone():
    text = catalog.source_of("ix", "2022-10").text
    copy = drafts.copied(text, edition='2027"\\1', in_force=date(2027, 4, 1))
    pairs = zip(text.splitlines(), copy.splitlines(), strict=True)
    changed = [new for old, new in pairs if old != new]
    assert changed == ['edition = "2027\\"\\\\1"', "in_force = 2027-04-01"]
    read = catalog.read(catalog.Source("copy", copy))
    assert (read.edition, read.in_force) == ('2027"\\1', date(2027, 4, 1))


@pytest.mark.parametrize(
    "facts",
    [
        {
            "at": "2027-01-18T10:00+09:00",
            "part": "hardware",
            "service_days": ["mon", "tue", "wed", "thu", "fri", "sat"],
            "closed_days": None,
        },
        {"at": "2027-02-30T10:00+09:00"},
        {"at": '"quoted" \\ 文字\n'},
    ],
)
def test_an_example_asks_the_same_again_and_gets_the_same(designer, facts):
    draft = drafts.begin(title="a", text=coffee().text, now=NOW)
    edition = catalog.read(drafts.source_of(draft))
    question = {"ask": "window", "service": "coffee", "plan": "six-2y", "facts": facts}
    result = terms.decide(question, under=edition)
    draft = drafts.add_example(draft_id=draft.pk, says='「試し」の"例"', question=question, result=result, now=NOW)
    assert draft.version == 2
    [kept] = catalog.read_examples(drafts.source_of(draft))
    assert (kept["says"], kept["ask"], kept["plan"]) == ('「試し」の"例"', "window", "six-2y")
    assert [finding for finding in check(drafts.source_of(draft)).findings if finding.severity == "error"] == []
    assert tomllib.loads(draft.text)["example"] == [kept]
    if "answer" in result:
        assert kept["unknown"] == ["closed_days"]
        assert {*kept["answer"], *kept.get("null", ())} == {*result["answer"]}
    else:
        assert kept["error"] == {"field": "at"}


def test_what_is_thrown_away_stays_in_the_history(designer):
    draft = drafts.begin(title="a", text="b", now=NOW)
    drafts.throw_away(draft_id=draft.pk)
    assert not Draft.objects.exists()
    assert HistoryEntry.objects.filter(table="publishing_draft", action="delete").get().before["title"] == "a"
