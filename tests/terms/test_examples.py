"""Every `[[example]]` of every edition is a test: the questions and answers that the requirements work out in full."""

from typing import Any

import pytest

from hoshu.authoring.examples import as_json, question_of
from hoshu.catalog import Edition, every_edition, examples
from hoshu.terms import decide

ALL = [
    pytest.param(edition, example, id=f"{edition.service}-{number}-{example['says'][:60]}")
    for edition in every_edition()
    for number, example in enumerate(examples(edition.service, edition.edition))
]


@pytest.mark.parametrize(("edition", "example"), ALL)
def test_example(edition: Edition, example: dict[str, Any]) -> None:
    """`answer` is a part of the answer, `null` names members that are null, `clause` some of the clauses cited."""
    result = decide(question_of(edition, example))
    if (error := example.get("error")) is not None:
        assert result["error"]["field"] == error["field"], result
        return
    assert "answer" in result, result
    expected = as_json(example.get("answer", {})) | dict.fromkeys(example.get("null", ()))
    assert {name: result["answer"].get(name, "no such member") for name in expected} == expected
    assert set(example.get("clause", ())) <= {reason["clause"] for reason in result["reasons"]}


def test_an_example_says_something_and_names_what_it_proves() -> None:
    for example in (param.values[1] for param in ALL):
        assert example["says"].endswith("."), example
        assert example["req"], example
        assert ("error" in example) != ("answer" in example or "null" in example), example


def test_no_example_is_written_twice() -> None:
    said = [param.values[1]["says"] for param in ALL]
    assert sorted({each for each in said if said.count(each) > 1}) == []
