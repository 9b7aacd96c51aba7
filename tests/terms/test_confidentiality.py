"""confidentiality: marked or spoken, three years or as agreed, and the exceptions that must be proven."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoshu.dates import within_days, within_years
from tests.terms.asking import answer, ask, refused_field, unhurried

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2080, 12, 31))


@pytest.mark.req("IX-CONF-01", "IX-CAL-03")
@unhurried
@given(received=days)
def test_marked_material_is_secret_for_three_years(received: date) -> None:
    found = answer("confidentiality", received=received.isoformat(), form="marked")
    assert found["confidential"] is True
    assert found["until"] == within_years(received, 3).isoformat()
    assert found["document_by"] is None


@pytest.mark.req("IX-CONF-01", "IX-CAL-04")
@unhurried
@given(received=days, after=st.integers(0, 30))
def test_the_spoken_word_needs_its_document_within_fourteen_days(received: date, after: int) -> None:
    documented = within_days(received, after)
    found = answer("confidentiality", received=received.isoformat(), form="oral", documented=documented.isoformat())
    assert found["confidential"] is (after <= 14)
    assert found["document_by"] == within_days(received, 14).isoformat()
    # Three years from the spoken word (OR-62).
    assert found["until"] == (within_years(received, 3).isoformat() if after <= 14 else None)
    assert found["provisional"] is False


@pytest.mark.req("IX-CONF-01")
def test_unmarked_material_has_no_period() -> None:
    found = answer("confidentiality", received="2025-06-10", form="unmarked")
    assert found == {"confidential": False, "provisional": False, "until": None, "document_by": None}


@pytest.mark.req("IX-CONF-02")
def test_an_agreement_in_writing_overrides_both_ways_and_is_cited() -> None:
    for years, until in ((1, "2026-06-10"), (5, "2030-06-10")):
        result = ask("confidentiality", received="2025-06-10", form="marked", agreed_years=years)
        assert result["answer"]["until"] == until
        assert result["reasons"][-1]["rule"] == "IX-CONF-02"


@pytest.mark.req("IX-CONF-02")
def test_an_agreed_day_goes_before_agreed_years() -> None:
    facts = {"received": "2025-06-10", "form": "marked", "agreed_years": 5, "agreed_until": "2027-03-31"}
    assert answer("confidentiality", **facts)["until"] == "2027-03-31"


@pytest.mark.req("IX-CONF-03")
@pytest.mark.parametrize("exception", ["already_known", "became_public", "third_party", "independent"])
def test_an_exception_takes_effect_only_with_its_proof(exception: str) -> None:
    facts = {"received": "2025-06-10", "form": "marked", "exception": exception}
    proven = answer("confidentiality", **facts, exception_proved=True)
    assert (proven["confidential"], proven["until"]) == (False, None)
    for unproven in ({}, {"exception_proved": False}):
        assert answer("confidentiality", **facts, **unproven)["confidential"] is True


@pytest.mark.req("IX-CONF-01", "IX-CONF-02")
@pytest.mark.parametrize("field", ["documented", "agreed_until"])
def test_days_before_the_receipt_are_refused(field: str) -> None:
    assert refused_field("confidentiality", received="2025-06-10", form="oral", **{field: "2025-06-09"}) == field


@pytest.mark.req("IX-CONF-02")
def test_explaining_names_the_three_years_that_an_agreement_replaced() -> None:
    facts = {"received": "2025-06-10", "form": "marked", "agreed_years": 5}
    result = ask("confidentiality", explain=True, **facts)
    assert [lost["rule"] for lost in result["losing"]] == ["IX-CONF-01"]
    assert result["derivation"][-1]["rule"] == "IX-CONF-02"


@pytest.mark.req("VA-CNF-01", "VA-CNF-02", "VA-CNF-03", "SP-CNF-01", "SP-CNF-02", "SP-CNF-03")
@pytest.mark.parametrize("service", ["video", "supportpack"])
@unhurried
@given(received=days, after=st.integers(0, 30))
def test_both_packs_keep_marked_and_documented_secrets_for_three_years(
    service: str, received: date, after: int
) -> None:
    until = within_years(received, 3).isoformat()
    assert answer("confidentiality", service=service, received=received.isoformat(), form="marked")["until"] == until
    facts = {"received": received.isoformat(), "documented": within_days(received, after).isoformat()}
    spoken = answer("confidentiality", service=service, form="oral", **facts)
    assert spoken["document_by"] == within_days(received, 14).isoformat()
    assert (spoken["confidential"], spoken["until"]) == ((True, until) if after <= 14 else (False, None))


@pytest.mark.req("SP-CNF-03", "VA-CNF-03", "IX-CONF-01")
@pytest.mark.parametrize("service", ["ix", "video", "supportpack"])
def test_a_document_in_time_still_needs_its_mark(service: str) -> None:
    facts = {"service": service, "received": "2025-06-10", "form": "oral", "documented": "2025-06-20"}
    unmarked = ask("confidentiality", document_marked=False, **facts)
    assert (unmarked["answer"]["confidential"], unmarked["answer"]["until"]) == (False, None)
    assert "表示がない" in unmarked["reasons"][0]["text"]
    for marked in ({"document_marked": True}, {}):
        assert answer("confidentiality", **marked, **facts)["confidential"] is True


@pytest.mark.req("VA-CNF-04", "SP-CNF-04")
@pytest.mark.parametrize("service", ["video", "supportpack"])
@pytest.mark.parametrize("exception", ["already_known", "became_public", "third_party", "independent"])
def test_an_exception_of_either_pack_needs_its_evidence(service: str, exception: str) -> None:
    facts = {"service": service, "received": "2025-06-10", "form": "marked", "exception": exception}
    assert answer("confidentiality", exception_proved=True, **facts)["confidential"] is False
    assert answer("confidentiality", **facts)["confidential"] is True
