"""What people see and do about personal information in the console and in the portal."""

import json

import pytest
from django.template.loader import render_to_string

from hoshu import catalog
from hoshu.accounts import Refused as AccountRefused
from hoshu.accounts import grants, people
from hoshu.accounts.access import PERMISSIONS
from hoshu.accounts.roles import Role
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.cases.models import CaseFile
from hoshu.contracts.models import Agreement
from hoshu.decisions.models import Decision
from hoshu.files import store
from hoshu.flows import consent_by_use, handing_over
from hoshu.privacy import clauses, ledger
from hoshu.privacy.models import DataAccess, Disclosure, Leak, LedgerEntry, PersonRequest
from tests.cases.units import moment, take
from tests.contracts.cards import open_for_business
from tests.people import AOBA, HAYASHI, HOKUTO, KATO, KONDO, MORI, SATO, SHIMIZU, TANAKA, WAKABA, YAMADA

NOON = moment("2025-06-16 12:00")


@pytest.fixture
def wish(world):
    """Aoba wishes news."""
    with act_as(SYSTEM):
        return ledger.record_entry(
            tenant_id=world.tenant(SATO), kind="purpose", service="remote-care", edition="1", person="佐藤 花子",
            text="ご案内を希望します", clauses_=["第4条 (6)"], at=NOON, channel="paper", item="news", now=NOON,
        )  # fmt: skip


def texts(response):
    return response.content.decode()


@pytest.mark.req("RC-PII-04", "MM-CND-15", "IX-PII-05")
def test_the_administrator_of_a_customer_sees_what_is_held_and_takes_a_consent_back(router, wish, login):
    page = texts(login(SATO).get("/portal/privacy/"))
    assert "ご案内を希望します" in page
    assert "連絡先、設置場所、管理者" in page
    assert "よりよい製品とサービスの開発のための調査と分析" in page
    assert "はじめにお読みください" in page, "a missing name is never guessed"
    assert "当社の窓口と責任者" not in page
    done = login(SATO).post(f"/portal/privacy/withdraw/entry-{wish.pk}", follow=True)
    assert "撤回しました" in texts(done)
    with act_as(SYSTEM):
        row = LedgerEntry.objects.get(earlier=wish)
    assert (row.kind, row.person, row.channel) == ("withdrawal", SATO.name, "portal")
    assert login(KATO).post(f"/portal/privacy/withdraw/entry-{wish.pk}").status_code == 404
    assert login(TANAKA).get("/portal/privacy/").status_code == 403


@pytest.mark.req("IX-PII-04", "VA-REG-16", "VA-PRI-05")
def test_a_request_from_the_portal_is_identified_by_its_login_and_answered_there(world, login):
    said = {"kind": "report", "relation": "管理者", "asked": "取扱いの状況を知りたい"}
    assert login(SATO).post("/portal/privacy/request", said).status_code == 302
    wrong = login(SATO).post("/portal/privacy/request", {"kind": "erase", "relation": "本人", "asked": "消して"})
    assert wrong.status_code == 422
    assert "どなたの情報か" in texts(wrong)
    assert "消して" in texts(wrong), "what was typed stays"
    with act_as(SYSTEM):
        row = PersonRequest.objects.get()
    assert (row.state, row.requester, row.identified_by) == ("open", SATO.name, "お客様の画面へのログイン")
    login(HAYASHI).post(f"/console/privacy/requests/{row.pk}/answer", {"text": "報告書をお送りしました。"})
    assert "報告書をお送りしました。" in texts(login(SATO).get("/portal/privacy/"))


@pytest.mark.req("VA-REG-16")
def test_a_clerk_takes_a_request_down_and_hands_over_what_is_held(router, world, login):
    clerk = login(HAYASHI)
    said = {
        "tenant": world.tenant(SATO), "kind": "see", "requester": "田中 一郎", "relation": "本人", "channel": "phone",
        "name": "田中 一郎", "asked": "何を持っているか", "identified_by": "",
    }  # fmt: skip
    place = clerk.post("/console/privacy/requests/new", said).headers["Location"]
    refused = clerk.post(f"{place}export", follow=True)
    assert "まだ確かめていません" in texts(refused)
    clerk.post(f"{place}identify", {"how": "登録の電話番号へ折り返した"})
    assert "田中 一郎" in texts(clerk.post(f"{place}export"))
    data = json.loads(texts(clerk.post(f"{place}export", {"as": "json"})))
    assert data["お客様"] == AOBA
    assert [part["名称"] for part in data["区分"]]
    assert login(MORI).get(place).status_code == 200
    assert login(SATO).get(place).status_code == 403


@pytest.mark.req("MM-DOC-09")
def test_the_ledger_is_narrowed_and_given_out_as_a_table(router, world, wish, login):
    clerk = login(HAYASHI)
    page = f"/console/privacy/?customer={world.tenant(SATO)}&kind=purpose&person=佐藤&edition=remote-care/1"
    assert "ご案内を希望します" in texts(clerk.get(page))
    assert "ご案内を希望します" not in texts(clerk.get(f"/console/privacy/?customer={world.tenant(KATO)}"))
    table = texts(clerk.get("/console/privacy/ledger.csv"))
    assert wish.sha256 in table
    assert "第4条 (6)" in table
    said = {
        "tenant": world.tenant(SATO), "kind": "installation", "edition": "mimamori/2020-03", "person": "佐藤 花子",
        "text": "設置の前にUTM装置を置けるかを確かめました", "clause": "3.1", "at": "2025/06/16 10:00",
        "channel": "paper",
    }  # fmt: skip
    assert clerk.post("/console/privacy/new", said).status_code == 302
    wrong = clerk.post("/console/privacy/new", {**said, "agreement": "NONE"})
    assert (wrong.status_code, "その番号の契約はありません" in texts(wrong)) == (422, True)
    correction = {"person": "佐藤", "text": "お名前の訂正"}
    assert clerk.post(f"/console/privacy/ledger/entry-{wish.pk}/correct", correction).status_code == 302
    assert clerk.get("/console/privacy/ledger/entry-999999/correct").status_code == 404


@pytest.mark.req("VA-PRI-07", "RC-PII-05")
def test_a_leak_is_recorded_followed_and_closed(router, world, login):
    with act_as(SYSTEM):
        open_for_business()
    clerk = login(HAYASHI)
    said = {
        "found_at": "2025/06/16 09:10", "how": "電話", "what": "名簿を別の方へ送った", "cause": "missent",
        "items": "お名前、メール", "why_reportable": "100人に満たない", "customers": [world.tenant(SATO)],
    }  # fmt: skip
    place = clerk.post("/console/privacy/leaks/new", said).headers["Location"]
    assert "漏えい等" in texts(clerk.get("/console/today/"))
    assert "対策をまだ" in texts(clerk.post(f"{place}close", follow=True))
    assert clerk.post(f"{place}persons").status_code == 302
    assert "田中 一郎" in texts(clerk.get(f"{place}persons.csv"))
    told = {"customer": world.tenant(SATO), "whom": "佐藤様", "text": "電話で伝えた"}
    clerk.post(f"{place}tell", told)
    clerk.post(f"{place}write", {"text": "お詫びします"})
    assert clerk.post(place, {"kind": "measure", "at": "2025/06/16 11:00", "text": "宛先を確かめる"}).status_code == 302
    clerk.post(f"{place}close", {"text": "終えた"})
    with act_as(SYSTEM):
        assert Leak.objects.get().closed_at is not None
    assert "電話で伝えた" in texts(login(SATO).get("/portal/privacy/"))
    assert "電話で伝えた" not in texts(login(KATO).get("/portal/privacy/"))


@pytest.mark.req("IX-CONF-04", "VA-CNF-05", "VA-CNF-06")
def test_a_demand_and_a_subcontractor_stand_in_the_register(router, world, login):
    clerk = login(HAYASHI)
    said = {"kind": "public_body", "tenant": world.tenant(SATO), "recipient": "東京地方裁判所", "law": "命令 第1号",
            "demanded_at": "2025/06/16 09:00", "items": "会社名、住所", "reason": "命令のため"}  # fmt: skip
    place = clerk.post("/console/privacy/disclosures/new", said).headers["Location"]
    assert "東京地方裁判所からの開示の求め" in texts(clerk.get("/console/today/"))
    assert clerk.post(place, {"kind": "disclosed", "at": "2025/06/16 10:00"}).status_code == 302
    assert "手順の抜け" in texts(clerk.get(place))
    given = {"kind": "subcontractor", "tenant": world.tenant(SATO), "organisation": world.organisations[HOKUTO].pk,
             "items": "会社名", "needed": "会社名", "reason": "現地の作業"}  # fmt: skip
    assert clerk.post("/console/privacy/disclosures/new", given).status_code == 302
    wrong = clerk.post("/console/privacy/disclosures/new", {**given, "items": "会社名、メール"})
    assert (wrong.status_code, "必要でない項目は開示できません: メール" in texts(wrong)) == (422, True)
    with act_as(SYSTEM):
        assert Disclosure.objects.count() == 2


@pytest.mark.req("IX-MYN-01")
def test_a_number_typed_anywhere_is_masked_and_the_writer_is_told(router, login):
    with act_as(SYSTEM):
        number = Agreement.objects.get().number
    done = login(SATO).post(f"/portal/agreements/{number}/memo", {"text": "番号 1234-5678-9018"}, follow=True)
    assert "個人番号とみられる番号を伏せて保存しました（メモ）" in texts(done)
    done = login(SATO).post(f"/portal/agreements/{number}/memo", {"text": "番号はありません"}, follow=True)
    assert "伏せて" not in texts(done)


def held_file(router, world, *, declared, purpose="log", content=b"log", reported=False):
    with act_as(SYSTEM) as actor:
        case = take(router)
        file = store.keep(tenant_id=world.tenant(SATO), name="x.txt", content=content, purpose=purpose,
                          declared_personal_number=declared, actor=actor, now=NOON)  # fmt: skip
        CaseFile.objects.create(tenant_id=world.tenant(SATO), case=case, file=file, added_at=NOON)
        if reported:
            store.hold(file_id=file.pk, note="中に番号があった", actor=actor, now=NOON)
        return case, file


@pytest.mark.req("IX-MYN-04", "SP-MYN-03", "SP-MYN-04")
def test_a_held_file_is_opened_only_where_the_terms_take_it_in(router, world, acting):
    _, announced = held_file(router, world, declared=True)
    _, found_later = held_file(router, world, declared=False, reported=True)
    case, unanswered = held_file(router, world, declared=None)
    with acting(HAYASHI) as clerk:
        for file in (announced, found_later):
            with pytest.raises(store.Refused, match=r"第4章 9\."):
                handing_over.release(file_id=file.pk, note="電話で確認", actor=clerk, now=NOON)
        opened = handing_over.release(file_id=unanswered.pk, note="含まないと確認", actor=clerk, now=NOON)
        assert opened.state == "available"
        decision = Decision.objects.get(topic="handover")
        assert (decision.about, decision.act, decision.answer) == (case.number, "隔離の解除", {"treatment": "accept"})


@pytest.mark.req("VA-PRI-01")
def test_who_downloads_entrusted_data_leaves_a_row_and_without_a_case_gets_nothing(router, world, login):
    case, file = held_file(router, world, declared=False)
    assert login(MORI).get(f"/console/files/{file.pk}/download").status_code == 200
    with act_as(SYSTEM) as actor:
        row = DataAccess.objects.get(file=file)
        assert (row.about, row.actor.split(" (")[0]) == (case.number, MORI.name)
        alone = store.keep(tenant_id=world.tenant(SATO), name="y.txt", content=b"log", purpose="log",
                           declared_personal_number=False, actor=actor, now=NOON)  # fmt: skip
    refused = login(MORI).get(f"/console/files/{alone.pk}/download")
    assert (refused.status_code, "どの事案・契約のための資料か" in texts(refused)) == (423, True)
    assert login(SATO).get(f"/portal/files/{file.pk}/download").status_code == 200


@pytest.mark.req("RC-PUR-01", "RC-PUR-09")
def test_the_six_purposes_stand_where_the_form_is_sent_with_the_edition(world, login):
    edition = catalog.edition_on("remote-care", NOON.date())
    said = {"edition": edition, "purposes": clauses.purposes(edition), "application": edition, "confirmations": ()}
    beside_the_button = render_to_string("portal/confirmations.html", said)
    before_entry = texts(login(SATO).get("/portal/applications/new/?service=remote-care"))
    for purpose in edition.use.purpose:
        assert purpose.name in beside_the_button
        assert purpose.text in before_entry
    assert f"個人情報の利用目的（{edition.edition}版）" in beside_the_button


@pytest.mark.req("MM-DOC-08", "MM-CND-14")
def test_each_role_belongs_to_one_place_and_sees_its_own(world, acting, router):
    with acting(KONDO):
        assert {one.tenant.name for one in Agreement.objects.all()} == {AOBA}
    with acting(SHIMIZU):
        assert not Agreement.objects.exists()
    with act_as(SYSTEM):
        for role, place in (
            ("customer_admin", None),
            ("reseller", world.organisations[WAKABA].pk),
            ("desk", place_of(world)),
        ):
            with pytest.raises(AccountRefused):
                people.create(email=f"{role}@example.jp", name="誰か", roles=[role], now=NOON, organisation_id=place)
    own = {
        name for name, roles in PERMISSIONS.items() if roles & {Role.RESELLER, Role.CUSTOMER_USER, Role.SUBCONTRACTOR}
    }
    assert not {name for name in own if name.startswith("privacy.")}


def place_of(world):
    return world.organisations[AOBA].pk


@pytest.mark.req("RC-GEN-02", "VA-REG-14")
def test_two_contracts_of_one_company_never_overlap(world):
    with act_as(SYSTEM):
        with pytest.raises(AccountRefused, match="期間の重なる"):
            grants.record_contract(
                organisation_id=world.organisations[HOKUTO].pk, reference="情保-重複", scope="現地での交換作業",
                valid_from=NOON.date(),
                valid_until=NOON.date(),
            )  # fmt: skip
        assert len(grants.contracts_of(world.organisations[HOKUTO].pk)) == 1


@pytest.mark.req("MM-DOC-04")
def test_a_login_is_a_use(router, world, monkeypatch):
    called = []
    monkeypatch.setattr(consent_by_use.ledger, "used", lambda **said: called.append(said) or 1)
    assert consent_by_use.logged_in(user=world.users[SATO], now=NOON) == 1
    assert consent_by_use.logged_in(user=world.users[YAMADA], now=NOON) == 0
    assert [(one["tenant_id"], one["way"], one["actor"]) for one in called] == [
        (world.tenant(SATO), "login", SATO.name)
    ]


@pytest.mark.req("MM-DOC-04")
def test_logging_in_records_it(world, client, monkeypatch):
    called = []
    monkeypatch.setattr(consent_by_use, "logged_in", lambda **said: called.append(said["user"].email))
    with act_as(SYSTEM):
        world.users[SATO].set_password("とても長い合言葉 2026!")
        world.users[SATO].save()
    client.post("/account/login/", {"login": SATO.email, "password": "とても長い合言葉 2026!"})
    assert called == [SATO.email]


@pytest.mark.req("VA-PRI-02")
def test_a_copy_of_entrusted_data_is_recorded_on_the_page_of_the_file_with_its_place(router, world, login, acting):
    with acting(MORI) as mori:
        case = take(router)
        files = [
            store.keep(
                tenant_id=case.tenant_id, name=name, content=b"log", purpose="log",
                declared_personal_number=False, actor=mori, now=NOON,
            )
            for name in ("case.txt", "alone.txt")
        ]  # fmt: skip
        CaseFile.objects.create(tenant_id=case.tenant_id, case=case, file=files[0], added_at=NOON)
    clerk, address = login(HAYASHI), f"/console/files/{files[0].pk}/"
    wrong = clerk.post(f"{address}copies", {"purpose": "障害の再現", "place": " "})
    assert wrong.status_code == 422
    assert "複製を置く場所を入力してください" in texts(wrong)
    assert 'value="障害の再現"' in texts(wrong), "what was typed stays"
    said = {"purpose": "障害の再現", "place": "保守センターの解析機"}
    clerk.post(f"{address}copies", said)
    page = texts(clerk.get(address))
    for words in (*said.values(), case.number, HAYASHI.name):
        assert words in page
    alone = clerk.post(f"/console/files/{files[1].pk}/copies", said)
    assert "どの事案・契約のための複製か決まっていない" in texts(alone)
    with act_as(SYSTEM):
        assert [row.place for row in DataAccess.objects.filter(kind="copied")] == ["保守センターの解析機"]
    assert login(SATO).post(f"{address}copies", said).status_code == 403
