"""The reasons of a real answer as the screens show them."""

import pytest
from django.template.loader import render_to_string

from hoshu import terms
from hoshu.web.common.answer import reasons_of

QUESTION = {
    "ask": "coverage",
    "service": "ix",
    "plan": "7d-3y",
    "facts": {"purchased": "2022-04-15", "registered": "2022-04-20"},
}


@pytest.mark.req("IX-CND-02")
def test_a_further_clause_that_says_the_same_opens_in_the_row_of_the_first():
    kept = terms.decide(QUESTION)["reasons"]
    shown = reasons_of(kept, service="ix", edition="2022-10")
    assert len(shown) < len(kept)
    assert not [reason.text for reason in shown if "同じ定め" in reason.text]
    assert [clause.clause for reason in shown for clause in reason.clauses] == [reason["clause"] for reason in kept]
    page = render_to_string("common/reasons.html", {"reasons": shown})
    assert page.count("<li>") == len(shown)
    assert page.count("<summary>") == len(kept)
