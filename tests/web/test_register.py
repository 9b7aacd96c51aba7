"""登録: from the page of a pack to the receipt, by somebody whom nobody knows yet."""

import re

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse

from hoshu.accounts import people
from hoshu.accounts.models import HistoryEntry, User
from hoshu.contracts.models import Application, Consent
from hoshu.flows import password_reset
from tests.contracts.cards import at, open_for_business
from tests.people import AOBA, HAYASHI, MORI, SATO, YAMADA

pytestmark = pytest.mark.django_db

NOW = at("2025-06-03 10:00")
PASSWORD = "あたらしい合言葉はとてもながい"
NEWCOMER = {
    "email": "tarou@midori.example.jp",
    "password": PASSWORD,
    "organisation": "みどり製作所株式会社",
    "name": "山田 太郎",
    "phone": "０３－００００－１２３４",
    "secret_question": people.SECRET_QUESTIONS[0],
    "secret_answer": "ポチ",
}
CONSENT = {"confirmed": "personal_information"}


@pytest.fixture
def desk(acting, world, time_machine):
    """The operator answers for its registration centre on 3 June 2025."""
    time_machine.move_to(NOW, tick=False)
    with acting(HAYASHI, on=NOW.date()):
        open_for_business()


def url(name, *args):
    return reverse(f"entrance:{name}", args=args)


def text(response):
    return response.content.decode()


def consented(client):
    client.post(url("register_consent", "video"), CONSENT)
    return client


def signed_up(client, **changes):
    return consented(client).post(url("register_login", "video"), NEWCOMER | changes)


@pytest.mark.req("VA-REG-13", "VA-REG-15", "VA-REG-17")
def test_the_use_of_the_data_stands_before_the_first_question(client, desk):
    assert url("register_consent", "video") in text(client.get(url("register")))
    page = text(client.get(url("register_consent", "video")))
    for words in ("利用目的", "同意", "お客様登録受付センター", "touroku@example.jp"):
        assert words in page
    assert "メールアドレス</label>" not in page


@pytest.mark.req("VA-REG-13")
@pytest.mark.parametrize("posted", [{}, {"confirmed": "terms"}])
def test_without_consent_nothing_is_asked(client, desk, posted):
    assert "同意いただくまで" in text(client.post(url("register_consent", "video"), posted))
    assert client.get(url("register_login", "video")).url == url("register_consent", "video")


@pytest.mark.req("VA-REG-18", "VA-REG-19", "VA-REG-13")
def test_a_newcomer_makes_a_login_and_stands_in_the_form(client, desk, acting):
    answer = signed_up(client)
    with acting(YAMADA, on=NOW.date()):
        (draft,) = Application.objects.filter(service="video")
        (consent,) = Consent.objects.filter(application=draft)
        user = User.objects.get(email="tarou@midori.example.jp")
    assert answer.url == reverse("portal:application", args=[draft.number])
    assert (consent.item, consent.person) == ("personal_information", "山田 太郎")
    assert draft.tenant_id == user.organisation_id
    assert draft.entries["user_id"] == "tarou@midori.example.jp"
    assert draft.entries["registrant_organisation"] == "みどり製作所株式会社"
    assert client.get(answer.url, follow=True).status_code == 200


@pytest.mark.req("VA-REG-19")
def test_neither_the_password_nor_the_answer_is_kept_readable(client, desk, acting):
    signed_up(client)
    with acting(YAMADA, on=NOW.date()):
        user = User.objects.get(email="tarou@midori.example.jp")
        (draft,) = Application.objects.filter(service="video")
        history = str(list(HistoryEntry.objects.values_list("after", flat=True)))
    assert user.check_password(PASSWORD)
    assert people.answers_secret(user, " ぽち") is False
    assert people.answers_secret(user, "ポ チ")
    for secret in (PASSWORD, "ポチ", user.secret_answer):
        assert secret not in f"{draft.entries}{history}"


@pytest.mark.req("VA-REG-18")
def test_nobody_gets_into_a_firm_by_calling_himself_so(client, desk, acting, world):
    signed_up(client, organisation=AOBA)
    with acting(YAMADA, on=NOW.date()):
        user = User.objects.get(email="tarou@midori.example.jp")
        assert user.organisation_id != world.organisations[AOBA].pk


@pytest.mark.req("VA-REG-18")
def test_who_has_a_login_goes_straight_on(login, desk, acting):
    browser = login(SATO)
    answer = browser.post(url("register_consent", "video"), CONSENT)
    with acting(SATO, on=NOW.date()):
        (draft,) = Application.objects.filter(service="video")
    assert answer.url == reverse("portal:application", args=[draft.number])


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", SATO.email, "このご利用IDでは登録できません"),
        ("email", "kein-at", "id_email_error"),
        ("password", "short", "15"),
        ("phone", "123", "電話番号"),
        ("secret_question", "母の旧姓は", "id_secret_question_error"),
        ("secret_answer", "", "必須"),
    ],
)
def test_a_wrong_entry_is_named_and_the_others_stay(client, desk, field, value, words):
    answer = signed_up(client, **{field: value})
    assert answer.status_code == 422
    assert words in text(answer)
    assert "みどり製作所株式会社" in text(answer)


def test_logins_are_not_made_by_the_dozen(client, desk):
    answers = [signed_up(client, secret_answer="", email=f"{nth}@example.jp").status_code for nth in range(3)]
    assert set(answers) == {422}
    for nth in range(10):
        client.logout()
        assert signed_up(client, email=f"{nth}@midori.example.jp").status_code == 302
    client.logout()
    assert signed_up(client, email="11@midori.example.jp").status_code == 429


def test_an_operators_login_registers_nothing(login, desk):
    answer = login(MORI).post(url("register_consent", "video"), CONSENT, follow=True)
    assert "お客様のログインで登録してください" in text(answer)


@pytest.mark.parametrize("service", ["ix", "remote-care", "mimamori", "nothing"])
def test_other_services_are_not_registered_here(client, desk, service):
    assert client.get(url("register_consent", service)).status_code == 404


@pytest.mark.req("VA-REG-15")
def test_without_a_desk_that_can_be_asked_nobody_registers(client, world):
    page = text(client.get(url("register")))
    assert url("register_consent", "video") not in page
    assert client.get(url("register_consent", "video")).status_code == 404


@pytest.mark.req("VA-REG-19")
def test_a_new_password_needs_the_secret_answer_as_well(client, desk, acting):
    signed_up(client)
    client.logout()
    with acting(YAMADA, on=NOW.date()):
        password_reset.send_link(user_id=User.objects.get(email=NEWCOMER["email"]).pk)
    [link] = re.findall(r"https?://\S+/key/\S+", mail.outbox[-1].body)
    page = client.get(link.removeprefix(settings.BASE_URL), follow=True)
    assert people.SECRET_QUESTIONS[0] in text(page)
    path = page.request["PATH_INFO"]
    new = dict.fromkeys(["password1", "password2"], "もっとあたらしい合言葉にしておきます")
    assert "答えと違います" in text(client.post(path, new | {"secret_answer": "タマ"}))
    assert client.post(path, new | {"secret_answer": "ポチ"}).status_code == 302
