"""The administrator's screens: people, companies, settings, history, decisions."""

import re
from datetime import date

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from hoshu import catalog, clock, terms
from hoshu.accounts import grants, operators, organisations, people, tokens
from hoshu.accounts.models import Assignment, User
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.authoring.examples import question_of
from hoshu.cases.words import Outcome
from hoshu.decisions import record
from hoshu.flows import password_reset
from hoshu.notifications.models import Message
from hoshu.terms import decide
from hoshu.web.common.answer import OUTCOMES
from hoshu.web.console import history, words
from tests.contracts.cards import card
from tests.flows.registering import accepted, checked, desk, known_scans, shop, typed  # noqa: F401  (fixtures)
from tests.people import AOBA, HAYASHI, HOKUTO, KONDO, MORI, NISHI, TSUBASA, WAKABA, YAMADA

JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")


@pytest.fixture
def mailed(monkeypatch):
    """Whom a password link was sent to."""
    asked = []
    monkeypatch.setattr(password_reset, "request_link", lambda *, user_id: asked.append(user_id))
    return asked


@pytest.fixture
def admin(login):
    return login(YAMADA)


def body(response):
    return response.content.decode()


# -- people


def test_somebody_new_is_told_how_to_choose_a_password(admin):
    operators.save({"name": "株式会社みなと保守サービス"})
    entries = {"name": "新田 光", "email": "nitta@example.jp", "organisation": "", "role": "desk"}
    response = admin.post(reverse("console:person_new"), entries)
    user = people.by_login("nitta@example.jp")
    assert response.headers["Location"] == reverse("console:person", args=[user.pk])
    assert not user.has_usable_password()
    with act_as(SYSTEM):
        mail = Message.objects.get(to="nitta@example.jp")
    assert "受付担当" in mail.text
    assert reverse("account_reset_password") in mail.text


def test_a_role_that_does_not_fit_is_told_and_nobody_is_made(admin, world):
    entries = {
        "name": "新田 光",
        "email": "nitta@example.jp",
        "organisation": world.organisations[AOBA].pk,
        "role": "administrator",
    }
    response = admin.post(reverse("console:person_new"), entries)
    assert response.status_code == 422
    assert "所属では選べません" in body(response)
    assert "新田 光" in body(response)
    assert people.by_login("nitta@example.jp") is None


@pytest.mark.req("IX-GEN-02")
def test_a_role_is_given_and_taken(admin, world):
    user = world.users[MORI]
    admin.post(
        reverse("console:person_assign", args=[user.pk]),
        {"role-role": "clerk", "role-valid_from": "令和4年4月1日", "role-valid_until": ""},
    )
    given = Assignment.objects.get(user=user, role="clerk")
    assert given.valid_from == date(2022, 4, 1)
    admin.post(reverse("console:person_end_role", args=[user.pk, given.pk]))
    given.refresh_from_db()
    assert given.valid_until < clock.now().date()


def test_a_staff_role_is_not_even_offered_to_a_customer(admin, world):
    response = admin.post(
        reverse("console:person_assign", args=[world.users[KONDO].pk]),
        {"role-role": "administrator", "role-valid_from": "2022/4/1"},
    )
    assert response.status_code == 422
    assert not Assignment.objects.filter(user=world.users[KONDO], role="administrator").exists()


def test_a_role_is_ended_only_on_its_own_persons_page(admin, world):
    foreign = Assignment.objects.get(user=world.users[HAYASHI])
    response = admin.post(reverse("console:person_end_role", args=[world.users[MORI].pk, foreign.pk]))
    assert response.status_code == 404


def test_deactivated_and_back(admin, world, login, mailed):
    other = login(MORI)
    admin.post(reverse("console:person_deactivate", args=[world.users[MORI].pk]))
    assert other.get(reverse("entrance:terms")).wsgi_request.user.is_anonymous
    admin.post(reverse("console:person_reactivate", args=[world.users[MORI].pk]))
    assert User.objects.get(pk=world.users[MORI].pk).is_active
    assert mailed == [world.users[MORI].pk]


def test_the_last_administrator_is_told_why_they_stay(admin, world):
    response = admin.post(reverse("console:person_deactivate", args=[world.users[YAMADA].pk]))
    assert response.status_code == 422
    assert "ただ一人の管理者" in body(response)


def test_a_key_is_shown_once(admin, world):
    page = reverse("console:person_issue_token", args=[world.users[MORI].pk])
    shown = body(admin.post(page, {"token-name": "監視", "token-last_day": "2099/12/31"}))
    [key] = set(re.findall(r"hoshu_[\w-]{40,}", shown))
    assert tokens.authenticate(key=key, now=clock.now()).pk == world.users[MORI].pk
    assert key not in body(admin.get(reverse("console:person", args=[world.users[MORI].pk])))
    [token] = tokens.of_person(world.users[MORI].pk)
    assert token.expires_at.isoformat() == "2099-12-31T15:00:00+00:00"
    admin.post(reverse("console:person_revoke_token", args=[world.users[MORI].pk, token.pk]))
    with pytest.raises(tokens.Unknown):
        tokens.authenticate(key=key, now=clock.now())


# -- companies


def test_a_customer_is_found_whatever_the_spelling(login, world):
    page = body(login(MORI).get(reverse("console:customers"), {"q": "㈱　青葉商事"}))
    assert AOBA in page
    assert WAKABA not in page


def test_a_company_is_made_and_corrected(login):
    clerk = login(HAYASHI)
    made = clerk.post(reverse("console:customer_new"), {"kind": "customer", "name": "みず屋", "kana": "", "phone": ""})
    pk = int(re.search(r"/(\d+)/$", made.headers["Location"])[1])
    clerk.post(reverse("console:customer_edit", args=[pk]), {"name": "みず屋商会", "kana": "ミズヤ", "phone": ""})
    with act_as(SYSTEM):
        assert organisations.get(pk).name == "みず屋商会"


def test_a_customers_page_counts_what_belongs_to_it(login, world):
    page = body(login(MORI).get(reverse("console:customer", args=[world.organisations[AOBA].pk])))
    assert "契約 0件" in page
    assert TSUBASA in page


def test_a_reseller_is_shown_one_more_customer(admin, world):
    admin.post(
        reverse("console:customer_grant", args=[world.organisations[TSUBASA].pk]),
        {"grant-tenant": world.organisations[WAKABA].pk, "grant-valid_from": "2026/4/1", "grant-valid_until": ""},
    )
    with act_as(SYSTEM):
        given = {row.tenant.name: row for row in grants.grants_to(world.organisations[TSUBASA].pk)}
    assert set(given) == {AOBA, WAKABA}
    admin.post(reverse("console:customer_end_grant", args=[world.organisations[TSUBASA].pk, given[WAKABA].pk]))
    with act_as(SYSTEM):
        assert grants.grants_to(world.organisations[TSUBASA].pk)[0].valid_until == clock.now().date()


@pytest.mark.req("IX-SUB-01", "IX-PII-02")
def test_a_data_contract_is_recorded_and_a_tier_without_parent_refused(admin, world):
    address = reverse("console:customer_contract", args=[world.organisations[HOKUTO].pk])
    entries = {
        "contract-reference": "情保-2",
        "contract-scope": "北海道",
        "contract-tier": "2",
        "contract-parent": "",
        "contract-valid_from": "2026/4/1",
        "contract-valid_until": "2027/3/31",
    }
    refused = admin.post(address, entries)
    assert refused.status_code == 422
    assert "上位の再委託先を選んでください" in body(refused)
    assert "情保-2" in body(refused)
    admin.post(address, {**entries, "contract-tier": "1"})
    with act_as(SYSTEM):
        assert grants.contracts_of(world.organisations[HOKUTO].pk)[0].reference == "情保-2"


# -- settings


@pytest.mark.req("IX-PII-05")
def test_the_profile_is_kept_as_entered(admin, world):
    operators.save({"name": "古い名前"})
    assert "古い名前" in body(admin.get(reverse("console:settings")))
    response = admin.post(
        reverse("console:settings"),
        {"name": "株式会社みなと保守サービス", "registration_number": "8700110005901", "fault_desk_phone": ""},
    )
    assert response.status_code == 302
    profile = operators.profile()
    assert (profile.name, profile.registration_number) == ("株式会社みなと保守サービス", "T8700110005901")
    assert (profile.privacy_officer, profile.fault_desk_phone) == ("", "")


# -- history


def test_the_history_speaks_japanese(login, world, acting):
    with acting(HAYASHI):
        organisations.change(
            organisation_id=world.organisations[AOBA].pk, name="青葉ホールディングス", kana="", phone="03-0000-0001"
        )
    page = body(login(NISHI).get(reverse("console:history")))
    assert "青葉商事株式会社 → 青葉ホールディングス" in page
    assert HAYASHI.name in page
    for raw in ("accounts_organisation<", "search_name", "tenant_id", "None", "insert"):
        assert raw not in page


def test_the_history_of_one_row(login, world):
    address = reverse("console:history")
    page = body(login(NISHI).get(address, {"table": "accounts_organisation", "row": world.organisations[WAKABA].pk}))
    assert WAKABA in page
    assert AOBA not in page


@pytest.mark.usefixtures("desk")
def test_the_history_knows_no_codes(login):
    """Messages by their titles, services by their names, cards field by field; nothing for machines only."""
    application = checked(card(start_weekday=["mon"]))
    accepted(typed(application, card(), "2025-06-02 09:00"))
    page = body(login(NISHI).get(reverse("console:history")))
    for words_of_people in (
        "登録完了のお知らせ",
        "登録の手続き・確認・変更",
        "ネットワーク保守ライセンス",
        "５日半日３年保守",
        "提供期間",
    ):
        assert words_of_people in page
    assert "開始基準曜日: 月 → 開始基準曜日: 火" in page
    for raw in (">ix<", " ix<", "registration.completed", "SERVICE", "coverage", "@example.jp&gt;", "照合値"):
        assert raw not in page, raw


def tracked():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, encode(tgargs, 'escape') FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " JOIN pg_proc ON pg_proc.oid = tgfoid WHERE proname = 'hoshu_history'"
        )
        return {table: set(arguments.split("\\000")[1:]) for table, arguments in cursor.fetchall()}


@pytest.mark.django_db
def test_every_tracked_table_and_column_has_a_japanese_name():
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    unnamed = []
    for table, excluded in tracked().items():
        if table not in history.TABLES:
            unnamed.append(table)
        for field in models[table]._meta.local_concrete_fields:
            if field.column not in excluded | {"id"} | history.TECHNICAL.get(table, set()) and not JAPANESE.search(
                history.label(models[table], field.column)
            ):
                unnamed.append(f"{table}.{field.column}")
    assert unnamed == [], "Give the field a Japanese verbose name, or add to web/console/history.py TABLES or NAMES"


# -- decisions


@pytest.fixture
def decision(world, acting):
    with acting(HAYASHI):
        answer = record.ask(
            {
                "ask": "coverage",
                "service": "ix",
                "plan": "7d-3y",
                "facts": {"purchased": "2022-04-15", "registered": "2022-04-20"},
            }
        )
        return record.record(
            answer=answer,
            act="登録を承諾した",
            about="A-1",
            tenant_id=world.organisations[AOBA].pk,
            now=clock.now(),
        )


def test_a_stored_decision_is_shown_with_its_grounds(login, decision):
    browser = login(NISHI)
    assert "登録を承諾した" in body(browser.get(reverse("console:decisions"), {"about": "a-1"}))
    page = body(browser.get(reverse("console:decision", args=[decision.pk])))
    assert "対象機器の購入日" in page
    assert "2022/04/15(金)" in page
    assert decision.reasons[0]["clause"] in page
    assert decision.reasons[0]["text"] in page
    assert "purchased" not in page


@pytest.mark.parametrize(
    ("topic", "facts", "says"),
    [
        ("restoration", {"software_version_known": False, "config_backup_available": False}, "復旧の段階: 交換まで"),
        ("entitlement", {"at": "2026-11-20T10:00:00+09:00", "serial_registered": False}, "登録なし"),
    ],
)
def test_the_list_of_decisions_knows_no_codes(login, world, acting, topic, facts, says):
    with acting(MORI):
        answer = record.ask({"ask": topic, "service": "ix", "plan": "7d-3y", "facts": facts})
        record.record(answer=answer, act="受け付けた", about="F-1", tenant_id=None, now=clock.now())
    page = body(login(NISHI).get(reverse("console:decisions")))
    assert says in page
    assert "期間外" not in page


IX = catalog.edition("ix", "2022-10")


def test_a_card_within_a_question_speaks_japanese_too():
    shown = words.facts("registration", {"form": {"entry_date": "2025-05-20", "start_weekday": "tue,wed"}}, IX)
    assert shown == [("カードの記入内容", "記入日: 2025/05/20(火)、開始基準曜日: 火、水")]
    assert words.answer("damages", {"payable_yen": 12000}, IX) == [("お支払いする額", "12,000円")]


@pytest.mark.parametrize(
    ("topic", "answer", "says"),
    [
        ("window", {"closes_at": None}, ("対応が終わる日時", "終わりません（24時間）")),
        ("refund", {"refund": None}, ("返金する", "担当者が判断します")),
        ("refund", {"by": None}, ("返金を求められる期限", "なし")),
        ("costs", {"billed": ["air", "ship", "air"]}, ("請求するもの", "航空機（2件）、船舶")),
        ("billing", {"months": ["2025-05", "2025-12"]}, ("料金がかかる月", "2025年5月、2025年12月")),
        ("alert_mail", {"order": [[0, 2], [1]]}, ("本文に並べるアラート", "1番目、3番目 ／ 2番目")),
        ("slo", {"total_s": 2592000}, ("月の長さ（秒）", "2,592,000")),
        ("fee", {"units": {"day": 0, "night": 3}}, ("追加の単位", "昼間: 0、深夜: 3")),
        ("entitlement", {"elements": {"travel": "on_condition"}}, ("範囲ごとの扱い", "出張: 条件による")),
    ],
)
def test_an_answer_is_said_as_people_say_it(topic, answer, says):
    assert words.answer(topic, answer, catalog.edition("video", "2021-08")) == [says]


def test_a_second_that_decides_is_shown():
    shown = words.facts("stop_notice", {"stopped": "2025-06-10T08:50:01+09:00"}, IX)
    assert shown == [("停止と判断した日時", "2025/06/10(火) 08:50:01")]


def test_what_is_no_day_of_the_calendar_is_left_as_it_was_written():
    shown = words.facts("registration", {"form": {"entry_date": "2025-02-31", "card_serial": "2025-13"}}, IX)
    assert shown == [("カードの記入内容", "記入日: 2025-02-31、シリアル No.: 2025-13")]


def test_the_outcome_of_a_case_is_called_as_the_terms_call_it():
    assert dict(Outcome.choices) == terms.code_labels("entitlement", "outcome")
    assert {code: tone.word for code, tone in OUTCOMES.items()} == dict(Outcome.choices)


FREE = {"form", "ground", "recipient_name", "consent"}
"""Facts in which somebody writes what they like."""

TECHNICAL = {
    *(
        "ARP",
        "E-Mail",
        "FQDN",
        "ID",
        "IP",
        "IPv",
        "LAN",
        "MAC",
        "No",
        "OS",
        "PCIe",
        "RAID",
        "SSD",
        "SSID",
        "UPS",
        "URL",
    ),
    *("WAN", "cm"),
}
"""What people write in Latin letters too."""


@pytest.mark.parametrize("edition", catalog.every_edition(), ids=lambda edition: edition.service)
def test_every_question_and_answer_that_is_stored_speaks_japanese(edition):
    latin = re.compile(r"(?<![A-Z0-9-])[A-Za-z_][A-Za-z_-]*[A-Za-z_]")
    machines = re.compile(r"[A-Z]+-?[0-9]+")
    for example in catalog.examples(edition.service, edition.edition):
        question = question_of(edition, example)
        answer = decide(question).get("answer")
        if answer is None:  # what is refused is never stored
            continue
        topic, facts = example["ask"], question["facts"]
        told = {name: value for name, value in facts.items() if name not in FREE}
        shown = [*words.facts(topic, told, edition), *words.answer(topic, answer, edition)]
        gist = words.gist(topic, answer, edition)
        said = [*sum(shown, ()), gist, *(label for label, _ in words.facts(topic, facts, edition))]
        raw = {word for text in said for word in latin.findall(machines.sub("", text))} - TECHNICAL
        assert raw == set(), said
        assert gist


def test_every_question_has_something_to_say_in_one_line():
    assert set(words.TELLING) == set(terms.TOPIC_LABELS)


def test_the_name_of_a_file_is_left_as_it_is():
    assert [words.shown("name", name) for name in ("card.pdf", "config.txt")] == ["card.pdf", "config.txt"]


def test_a_column_of_codes_of_the_terms_speaks_japanese():
    columns = {"capped_by": "end_of_sale", "code": "IX-EXC-10", "start_weekday": "tue", "date": "2025-06-10"}
    shown = [words.shown(column, value) for column, value in columns.items()]
    assert shown == ["保守対応期限", "塗装・仕上げ", "火曜日", "2025/06/10(火)"]


def test_grounds_that_there_are_none_of_are_not_shown():
    assert words.answer("entitlement", {"basis": None, "attend_from": None}, IX) == [("対応できる日時", "なし")]
