"""The decision interface over HTTP."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from hoshu import clock, terms
from hoshu.accounts import people, tokens
from hoshu.decisions.models import Decision
from tests.people import ENDO, MORI, SATO

QUESTION = {
    "id": "r-1",
    "ask": "coverage",
    "service": "ix",
    "plan": "7d-3y",
    "facts": {"purchased": "2022-04-15", "registered": "2022-04-20"},
}


@pytest.fixture
def call(world):
    """`call(body)` posts as Mori's program; `call(body, person=…)`, `call(body, key=…)` as another's."""
    keys = {}

    def post(body, *, person=MORI, key=None, content_type="application/json", **headers):
        if key is None:
            if person not in keys:
                keys[person] = tokens.issue(user_id=world.users[person].pk, name="試験", now=clock.now())[1]
            key = keys[person]
        return Client(enforce_csrf_checks=True).post(
            reverse("api:v1:decisions"),
            data=body if isinstance(body, bytes) else json.dumps(body),
            content_type=content_type,
            headers={"Authorization": f"Bearer {key}", **headers},
        )

    return post


def refused(response, status):
    assert response.status_code == status
    assert response.headers["Content-Type"].startswith("application/problem+json")
    body = response.json()
    assert body["status"] == status
    assert all(body[field] for field in ("title", "detail", "title_en", "detail_en"))
    return body


def test_answers_are_those_of_the_engine_in_order(call):
    questions = [{**QUESTION, "id": number} for number in range(3)]
    response = call(questions)
    assert response.status_code == 200
    assert response.json() == [terms.decide(question) for question in questions]
    assert [answer["id"] for answer in response.json()] == [0, 1, 2]


def test_a_bad_question_never_stops_the_others(call):
    answers = call(
        [QUESTION, {"ask": "weather"}, 7, {**QUESTION, "facts": {"purchased": "2025-02-29"}}, QUESTION]
    ).json()
    assert ["error" in answer for answer in answers] == [False, True, True, True, False]
    assert all(set(answer["error"]) == {"field", "message"} for answer in answers if "error" in answer)


def test_asking_stores_nothing(call, acting):
    call([QUESTION])
    with acting(MORI):
        assert not Decision.objects.exists()


@pytest.mark.parametrize("person", [MORI, SATO])
def test_staff_and_customers_may_ask(call, person):
    assert call([QUESTION], person=person).status_code == 200


# -- who calls


@pytest.mark.parametrize("key", ["", "hoshu_wrong", "null"])
def test_without_a_valid_key_nothing(call, key):
    response = call([QUESTION], key=key)
    refused(response, 401)
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_session_is_no_key(world, login):
    """Or a foreign page could ask in the name of whoever is logged in."""
    response = login(MORI).post(reverse("api:v1:decisions"), data="[]", content_type="application/json")
    refused(response, 401)


def test_the_key_counts_and_not_the_session_beside_it(world, login):
    people.deactivate(user_id=world.users[SATO].pk, now=clock.now())
    _, key = tokens.issue(user_id=world.users[SATO].pk, name="試験", now=clock.now())
    response = login(MORI).post(
        reverse("api:v1:decisions"),
        data="[]",
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )
    refused(response, 401)


@pytest.mark.req("IX-PII-02")
def test_a_key_is_worth_no_more_than_its_person_today(call, world, monkeypatch):
    after = clock.now().replace(year=2036, month=1, day=1)
    assert call([QUESTION], person=ENDO).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: after)
    refused(call([QUESTION], person=ENDO), 403)


def test_the_rate_is_limited_over_all_processes(call, monkeypatch):
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    for _ in range(tokens.CALLS_PER_MINUTE):
        assert call([QUESTION]).status_code == 200
    response = call([QUESTION])
    refused(response, 429)
    assert int(response.headers["Retry-After"]) >= 1


# -- what is sent


@pytest.mark.parametrize(
    "body",
    [
        b" ",
        b"{",
        b"[1,]",
        b"\xff\xfe[\x00]\x00",
        b'["\xff"]',
        b'[{"ask": "coverage", "ask": "window"}]',
        b'[{"facts": {"a": 1, "a": 1}}]',
        b"[NaN]",
        b"[-Infinity]",
        b"[1e999]",
        b"[" + b"9" * 5000 + b"]",
        b'["\\u0000"]',
        b'["\\ud800"]',
        b'[{"\\udfff": 1}]',
        b"[" * 100_000,
        b"[" * 30 + b"]" * 30,
        b"[" * 100_000 + b"]" * 100_000,
        b'[{"id": ' + b'{"a":' * 50 + b"1" + b"}" * 50 + b"}]",
    ],
)
def test_what_two_programs_could_read_differently_is_refused(call, body):
    refused(call(body), 400)


@pytest.mark.parametrize("body", [{}, [], "text", None, 5, [QUESTION] * 1001])
def test_an_array_of_1_to_1000(call, body):
    refused(call(body), 400)


def test_a_thousand_questions(call):
    assert len(call([QUESTION] * 1000).json()) == 1000


def test_a_body_too_large_is_refused_before_it_is_read(call):
    refused(call(b"[" + b" " * 2_700_000 + b"]"), 413)


def test_another_content_type_is_refused(call):
    refused(call([QUESTION], content_type="text/plain"), 415)


def test_only_post(world, login):
    assert login(MORI).get(reverse("api:v1:decisions")).status_code == 405


# -- its description


def test_the_description_names_every_route(client, db):
    schema = client.get(reverse("api:v1:openapi-json")).json()
    assert list(schema["paths"]) == [reverse("api:v1:decisions")]
    assert list(schema["paths"][reverse("api:v1:decisions")]) == ["post"]


def test_the_guide_loads_nothing_from_elsewhere(client, db):
    page = client.get(reverse("api:v1:api-root")).content.decode()
    assert "/api/v1/decisions" in page
    assert "https://" not in page
