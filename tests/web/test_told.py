"""What a customer is told about a service: its promise, its editions, its words and its desk."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from hoshu import catalog
from hoshu.accounts import operators
from hoshu.accounts.models import HistoryEntry
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.cases import dispatch, queries
from hoshu.catalog import CatalogError, Source, read
from hoshu.contracts import consents
from hoshu.contracts.models import Agreement
from hoshu.flows import publication, service_call
from hoshu.notifications.models import Message
from hoshu.publishing import current, drafts, told
from tests.cases.units import WHOLE
from tests.contracts.agreed import concluded, lent, watched
from tests.contracts.cards import at, open_for_business
from tests.people import AOBA, FUJII, HAYASHI, KATO, KONDO, MORI, SATO, TSUBASA, YAMADA

pytestmark = pytest.mark.django_db

MIMAMORI = catalog.edition("mimamori", "2020-03")


@pytest.fixture(autouse=True)
def alone():
    current.forget()
    yield
    current.forget()


@pytest.fixture
def aoba(acting, world, time_machine):
    """Aoba uses mimamori from 2025-04-01 on."""
    time_machine.move_to(at("2025-04-01 10:00"), tick=False)
    with acting(HAYASHI, on=date(2025, 4, 1)):
        open_for_business()
        return watched(world.organisations[AOBA].pk, now="2025-04-01 09:00")


def text(response):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", response.content.decode())))


def page(client, service):
    return text(client.get(reverse("entrance:service", args=[service])))


def publish(acting, edition, *, on, in_force, changes=()):
    """Another edition of mimamori, as its designer publishes it on a day."""
    written = catalog.source_of("mimamori", "2020-03").text.partition("\n[[example]]")[0]
    written = written.replace('edition = "2020-03"', f'edition = "{edition}"', 1)
    listed = ", ".join(f'"{change}"' for change in changes)
    written = written.replace("in_force = 2020-03-01", f"in_force = {in_force}\nchanges = [{listed}]", 1)
    with acting(FUJII, on=date.fromisoformat(on)):
        publication.publish(source=Source(edition, written), now=at(f"{on} 10:00"))
    current.refresh(at_once=True)


class TestThePromise:
    @pytest.mark.req("MM-OVR-01")
    def test_stands_on_the_public_page_and_with_the_edition_that_was_accepted(self, client, login, aoba):
        for said in ("境目", "脅威検知情報", "メール", "ポータル", "意識を高め", "クラウドサービス"):
            assert said in page(client, "mimamori")
        shown = login(SATO).get(reverse("portal:agreement", args=[aoba.number]))
        assert MIMAMORI.promise.text in text(shown)
        assert f"承諾の時の約款（{aoba.edition}版）" in text(shown)

    @pytest.mark.req("RC-GEN-01")
    def test_of_the_roof_names_four_elements_and_each_service_under_it_with_its_version(self, client):
        shown = page(client, "remote-care")
        elements = (
            "インターネットにつないだプリンター",
            "使用状況や障害の発生状況",
            "管理センター（EPセンタ）",
            "個別サービスの提供に使",
        )
        for said in elements:
            assert said in shown
        for said in ("消耗品の監視 利用規約", "障害の監視 利用規約", "1.0版"):
            assert said in shown

    @pytest.mark.req("RC-GEN-01")
    def test_of_a_service_under_the_roof_needs_the_version_of_its_terms(self):
        written = catalog.source_of("remote-care", "1").text
        without = written.replace(
            'terms = "障害の監視 利用規約"\nversion = "1.0"\n', 'terms = "障害の監視 利用規約"\n', 1
        )
        assert without != written
        with pytest.raises(CatalogError, match=r"「障害の監視」の利用規約の名前（terms）と版（version）.*第3条"):
            read(Source("remote-care", without))

    @pytest.mark.req("RC-GEN-01")
    def test_under_one_agreement_stand_the_services_that_were_chosen(self, acting, world, login, time_machine):
        time_machine.move_to(at("2026-01-12 10:00"), tick=False)
        with acting(HAYASHI, on=date(2026, 1, 12)):
            open_for_business()
            kept = concluded("remote-care", world.organisations[AOBA].pk)
            revision = kept.revisions.get()
            revision.content = {"services": ["consumables", "fault"]}
            revision.save()
        address = reverse("portal:agreement", args=[kept.number])
        assert {"消耗品の監視 消耗品の監視 利用規約 1.0版", "障害の監視 障害の監視 利用規約 1.0版"} == set(
            re.findall(r"(?:消耗品|障害)の監視 \S+ 利用規約 1\.0版", text(login(SATO).get(address)))
        )
        with act_as(SYSTEM):
            kept.revisions.create(
                tenant_id=kept.tenant_id,
                number=2,
                effective_on=date(2026, 1, 11),
                content={"services": ["fault"]},
            ).parties.create(tenant_id=kept.tenant_id, kind="contact", name="佐藤 花子", email="sato@example.jp")
        after = text(login(SATO).get(address))
        assert "消耗品の監視 利用規約" not in after
        assert "障害の監視 利用規約" in after
        with act_as(SYSTEM):
            assert Agreement.objects.get(number=kept.number).state == "active"


class TestEditions:
    @pytest.mark.req("MM-DOC-03")
    def test_the_page_shows_what_is_in_force_and_what_comes_with_its_changes(self, client, acting, aoba, time_machine):
        publish(acting, "3", on="2025-03-01", in_force="2025-04-01")
        publish(acting, "4", on="2025-04-01", in_force="2025-04-22", changes=["相談窓口の時間を変えます。"])
        time_machine.move_to(at("2025-04-10 10:00"), tick=False)
        shown = page(client, "mimamori")
        assert "予告なく変わることがあります" in shown
        assert re.search(r"3版\W*適用中\W*2025年4月1日\(火\) 0時", shown)
        assert re.search(r"4版.{0,6}適用前.{0,6}2025年4月22日\(火\) 0時\W*相談窓口の時間を変えます。", shown)
        time_machine.move_to(at("2025-04-22 00:00"), tick=False)
        assert re.search(r"4版\W*適用中\W*2025年4月22日\(火\) 0時", page(client, "mimamori"))

    @pytest.mark.req("MM-DOC-01")
    def test_for_each_day_one_edition_applied_to_a_customer(self, login, acting, aoba):
        publish(acting, "3", on="2025-04-01", in_force="2025-04-22")
        publish(acting, "4", on="2025-07-11", in_force="2025-08-01")
        with act_as(SYSTEM):
            aoba.refresh_from_db()
            asked = ["2025-04-21", "2025-04-22", "2025-05-10", "2025-07-31", "2025-08-01"]
            found = [consents.edition_of(aoba, date.fromisoformat(day)) for day in asked]
        assert found == ["2020-03", "3", "3", "3", "4"]
        shown = text(login(HAYASHI).get(reverse("console:agreement", args=[aoba.number])))
        assert "3版: 2025/04/22(火) 〜 2025/07/31(木)" in shown
        assert "4版: 2025/08/01(金) 〜" in shown

    @pytest.mark.req("MM-DOC-01")
    def test_the_document_is_stored_with_its_publication_its_hash_and_its_supply(self, login, acting, world, aoba):
        publish(acting, "3", on="2025-04-01", in_force="2025-04-22")
        new = catalog.edition("mimamori", "3")
        address = reverse("console:told", args=["mimamori"])
        sent = {"form": "supply", "edition": "3", "seller": world.organisations[TSUBASA].pk}
        early = login(HAYASHI).post(address, sent | {"supplied_at": "2025/03/31 10:00"})
        assert early.status_code == 422
        assert "この版を公表したのは 2025/04/01 10:00 です" in text(early)
        assert 'value="2025/03/31 10:00"' in early.content.decode()
        assert "お渡しした日時を入力" not in text(early)
        done = login(HAYASHI).post(address, sent | {"supplied_at": "2025/04/01 10:00"})
        assert done.status_code == 302
        again = login(HAYASHI).post(address, sent | {"supplied_at": "2025/04/01 10:00"})
        assert "もうお渡しした記録があります" in text(again)
        with act_as(SYSTEM):
            [kept] = told.supplies(new)
            assert (kept.seller.name, kept.supplied_at) == (TSUBASA, at("2025-04-01 10:00"))
            [entry] = HistoryEntry.objects.filter(table="publishing_editionsupply")
        assert "林 直樹" in entry.actor
        shown = text(login(None).get(reverse("entrance:edition", args=["mimamori", "3"])))
        assert told.sha256(new) in shown
        assert "公表2025年4月1日(火) 10:00" in shown.replace(" 公表", "公表").replace("公表 ", "公表")
        assert TSUBASA not in shown

    @pytest.mark.req("MM-DOC-01")
    def test_a_text_that_was_never_published_is_in_force_for_nobody(self, acting, aoba):
        with acting(FUJII, on=date(2025, 4, 1)):
            drafts.begin(title="まだ", text=catalog.source_of("mimamori", "2020-03").text, now=at("2025-04-01 10:00"))
        current.refresh(at_once=True)
        assert [one.edition for one in catalog.editions("mimamori")] == ["2020-03"]


class TestNews:
    @pytest.mark.req("MM-DOC-05")
    def test_a_changed_document_is_marked_until_it_was_opened_once(self, login, acting, aoba):
        home, sato = reverse("portal:home"), login(SATO)
        assert "更新あり" not in text(sato.get(home))
        publish(acting, "3", on="2025-04-01", in_force="2025-04-22")
        assert "更新あり" in text(sato.get(home))
        assert "更新あり" in text(sato.get(reverse("entrance:terms")))
        sato.get(reverse("entrance:edition", args=["mimamori", "2020-03"]))
        assert "更新あり" in text(sato.get(home))
        sato.get(reverse("entrance:edition", args=["mimamori", "3"]))
        assert "更新あり" not in text(sato.get(home))
        # Each person reads for themselves; who does not use the service is not told.
        assert "更新あり" in text(login(KONDO).get(home))
        assert "更新あり" not in text(login(KATO).get(home))

    @pytest.mark.req("MM-DOC-05")
    def test_the_login_page_and_the_foot_of_the_portal_lead_to_every_edition(self, login, acting, aoba):
        publish(acting, "3", on="2025-04-01", in_force="2025-04-22")
        link = f'href="{reverse("entrance:terms")}"'
        assert link in login(None).get(reverse("account_login")).content.decode()
        foot = login(SATO).get(reverse("portal:home")).content.decode().partition('<footer class="foot">')[2]
        assert link in foot
        listed = login(None).get(reverse("entrance:terms")).content.decode()
        for edition in ("2020-03", "3"):
            assert reverse("entrance:edition", args=["mimamori", edition]) in listed

    @pytest.mark.req("MM-DOC-05")
    def test_one_that_cannot_be_read_is_told_to_the_operator_and_the_one_before_stays(
        self, login, acting, aoba, monkeypatch
    ):
        publish(acting, "3", on="2025-04-01", in_force="2025-04-22")
        monkeypatch.setattr(catalog, "_adopted", {})
        catalog.editions.cache_clear()
        catalog.services.cache_clear()
        monkeypatch.setattr(current, "refresh", lambda **_: None)
        index = reverse("entrance:terms")
        assert "3版を読み込めません" in text(login(YAMADA).get(index))
        assert "読み込めません" not in text(login(SATO).get(index))
        assert login(SATO).get(reverse("entrance:edition", args=["mimamori", "2020-03"])).status_code == 200


class TestWords:
    @pytest.mark.req("MM-DOC-06")
    def test_the_ten_words_are_explained_and_the_texts_lead_to_them(self, client, login, aoba):
        names = [
            "本サービス", "提供者", "再販事業者様", "お客様", "利用者", "相談窓口",
            "サイバーセキュリティ見守りシステム", "営業時間", "UTM装置", "セキュリティサービスポータル",
        ]  # fmt: skip
        assert [word.name for word in MIMAMORI.word] == names
        shown = client.get(reverse("entrance:service", args=["mimamori"])).content.decode()
        glossary = shown.partition('id="words"')[2]
        for word in MIMAMORI.word:
            assert f"<dt>{word.name}</dt><dd>{word.text}</dd>" in glossary
        link = f'<a class="word" href="{reverse("entrance:service", args=["mimamori"])}#words">UTM装置</a>'
        assert link in shown
        assert link in login(SATO).get(reverse("portal:agreement", args=[aoba.number])).content.decode()


class TestNotices:
    @pytest.mark.req("MM-OVR-11")
    def test_small_changes_stand_with_the_document_and_are_logged_inside(self, client, login, world, acting):
        assert "細かな点は予告なく変わることがあり、個別の目的の達成は保証されません" in page(client, "mimamori")
        address = reverse("console:told", args=["mimamori"])
        what = "全体の状況のグラフの色を変えた"
        sent = {"form": "change", "what": what}
        future = login(MORI).post(address, sent | {"changed_on": "2999/06/10"})
        assert future.status_code == 422
        assert what in future.content.decode()
        assert login(MORI).post(address, sent | {"changed_on": "2025/06/10"}).status_code == 302
        assert f"2025/06/10(火) {what}" in text(login(MORI).get(address))
        assert what not in page(client, "mimamori")
        assert login(SATO).get(address).status_code == 403

    @pytest.mark.req("MM-OVR-12")
    def test_the_insurance_leads_to_its_conditions_in_the_portal_and_at_the_application(self, login, aoba, acting):
        link = f'href="{reverse("entrance:edition", args=["mimamori", "2020-03"])}#別紙2-概要">保険規約</a>'
        for address in (
            reverse("entrance:service", args=["mimamori"]),
            reverse("portal:agreement", args=[aoba.number]),
            f"{reverse('portal:application_new')}?service=mimamori",
        ):
            shown = unescape(login(KONDO).get(address).content.decode())
            assert "専用のサイバー保険が付いています" in shown
            assert link in shown

    @pytest.mark.req("MM-CND-18")
    def test_what_is_not_guaranteed_stands_at_the_agreement(self, login, aoba):
        shown = text(login(SATO).get(reverse("portal:agreement", args=[aoba.number])))
        assert "危険を減らすためのサービスで、なくすものではありません" in shown
        assert "重要度の判定の正しさと、メールの到着は保証されません" in shown

    @pytest.mark.req("MM-CND-20")
    def test_a_usual_question_says_that_traffic_may_slow_down(self, client):
        questions = page(client, "mimamori").partition("よくある質問")[2]
        assert "通信が遅くなることはありますか" in questions
        assert "量、数、種類によって遅くなることがあります" in questions


class TestTheDesk:
    @pytest.mark.req("MM-SUP-02")
    def test_it_is_told_separately_until_somebody_has_said_it_which_is_a_task(self, client, login, world):
        with act_as(SYSTEM):
            operators.save({"name": "みなと保守株式会社", "services": ["mimamori", "ix"]})
        today, address = reverse("console:today"), reverse("console:told", args=["mimamori"])
        assert page(client, "mimamori").count("別途ご連絡") == 2
        assert "連絡先が決まっていない相談窓口" in text(login(HAYASHI).get(today))

        wrong = login(HAYASHI).post(address, {"form": "desk", "phone": "0120-000-000", "email": "soudan"})
        assert wrong.status_code == 422
        assert 'value="soudan"' in wrong.content.decode()

        half = login(HAYASHI).post(address, {"form": "desk", "phone": "0120-000-000", "email": ""})
        assert half.status_code == 302
        assert "連絡先が決まっていない相談窓口" in text(login(HAYASHI).get(today))
        login(HAYASHI).post(address, {"form": "desk", "phone": "0120-000-000", "email": "soudan@example.jp"})
        shown = page(client, "mimamori")
        assert "0120-000-000" in shown
        assert "soudan@example.jp" in shown
        assert "別途ご連絡" not in shown
        assert "連絡先が決まっていない相談窓口" not in text(login(HAYASHI).get(today))
        with act_as(SYSTEM):
            [*_, last] = HistoryEntry.objects.filter(table="publishing_servicedesk").order_by("id")
        assert last.after == {"email": "soudan@example.jp"}

    @pytest.mark.req("MM-SUP-02")
    def test_its_hours_and_what_it_answers_and_does_not(self, client):
        desk = page(client, "mimamori").partition("窓口")[2]
        assert "月・火・水・木・金（祝日と休業日を除く） 09:00〜18:00" in desk
        for subject in MIMAMORI.desk_scope.subject:
            assert subject.label in desk


class TestMail:
    NO_PROMISE = "※重要度の判定の正しさと、メールの到着は保証されません。（第2章 ※3）"

    @pytest.mark.req("MM-OVR-08")
    def test_the_foot_of_each_mail_of_the_service_promises_neither_importance_nor_arrival(self, login, aoba):
        shown = text(login(SATO).get(reverse("portal:agreement", args=[aoba.number])))
        assert "重要度の判定の正しさと、メールの到着は保証されません" in shown
        with act_as(SYSTEM):
            mails = list(Message.objects.filter(tenant=aoba.tenant))
        assert {"registration.received", "registration.completed"} <= {mail.kind for mail in mails}
        for mail in mails:
            assert self.NO_PROMISE in mail.text
            assert f"<p>{self.NO_PROMISE}</p>" in mail.html

    @pytest.mark.req("MM-OVR-08")
    def test_the_receipt_of_a_call_under_it_has_the_foot_too(self, aoba):
        with act_as(SYSTEM):
            agreement = lent(aoba)
            call = replace(WHOLE, reported_as=agreement.device.serial)
            number = service_call.open_case(call=call, device_id=agreement.device_id, now=at("2025-04-10 10:00"))
            mail = Message.objects.get(about=number, kind="case.opened")
        assert self.NO_PROMISE in mail.text

    def test_a_service_whose_terms_say_nothing_of_mail_has_no_such_foot(self):
        assert not catalog.editions("ix")[-1].notices("mail")

    @pytest.mark.req("MM-OVR-08")
    def test_one_that_bounced_is_told_in_the_portal(self, login, aoba):
        with act_as(SYSTEM):
            sent = Message.objects.filter(about=aoba.number).order_by("id").first()
            Message.objects.filter(pk=sent.pk).update(state=Message.State.BOUNCED)
        shown = text(login(SATO).get(reverse("portal:agreement", args=[aoba.number])))
        assert re.search(re.escape(sent.subject) + r".{0,6}メール不達", shown)


@pytest.mark.req("MM-CND-28")
class TestTheLanguage:
    """Japanese for whoever comes, and dates as a customer says them: no switch, no other language."""

    @pytest.fixture
    def called(self, aoba, time_machine):
        """The number of a call of 2025-06-10 09:58, and the day after it."""
        with act_as(SYSTEM):
            agreement = lent(aoba)
            call = replace(WHOLE, reported_as=agreement.device.serial)
            number = service_call.open_case(call=call, device_id=agreement.device_id, now=at("2025-06-10 09:58"))
        time_machine.move_to(at("2025-06-11 10:00"), tick=False)
        return number

    @pytest.mark.parametrize("language", ["en", "en-US,en;q=0.9", "zh-CN", ""])
    def test_whatever_the_browser_asks_for_pages_are_japanese(self, login, aoba, called, language):
        asked = {"Accept-Language": language}
        for address in (reverse("portal:home"), reverse("portal:agreement", args=[aoba.number])):
            shown = login(SATO).get(address, headers=asked)
            assert '<html lang="ja"' in shown.content.decode()
            assert shown.headers.get("Content-Language", "ja") == "ja"
            assert "ログアウト" in text(shown)
        case = text(login(SATO).get(reverse("portal:case", args=[called]), headers=asked))
        assert "受付 2025年6月10日(火) 09:58" in case

    def test_a_moment_is_written_out_for_customers_and_in_short_for_the_desk(self, login, called):
        short = re.compile(r"\d{4}/\d{1,2}/\d{1,2}")
        pages = [(SATO, "portal:case"), (MORI, "console:case"), (SATO, "portal:case"), (MORI, "console:case")]
        for person, view in pages:
            shown = text(login(person).get(reverse(view, args=[called])))
            if person == SATO:
                assert "受付 2025年6月10日(火) 09:58" in shown
                assert not short.search(shown)
            else:
                assert "2025/06/10(火) 09:58" in shown
                assert "2025年6月10日(火)" not in shown

    def test_what_is_registered_is_written_in_the_same_way(self, login, aoba):
        for person, view, day in (
            (SATO, "portal:agreement", "2025年3月20日(木)"),
            (HAYASHI, "console:agreement", "2025/03/20(木)"),
        ):
            assert f"設置可否を確認した日{day}" in text(login(person).get(reverse(view, args=[aoba.number])))

    def test_what_the_desk_wrote_down_of_a_visit_is_read_by_the_customer(self, login, acting, called):
        with acting(MORI, on=date(2025, 6, 11)):
            case = queries.get(number=called)
            dispatch.decide(case_id=case.pk, send=True, reason="交換が必要", now=at("2025-06-11 10:00"))
            visit = {"start": at("2025-06-12 10:00"), "override_reason": ""}
            dispatch.plan_visit(case_id=case.pk, now=at("2025-06-11 10:00"), **visit)
        shown = text(login(SATO).get(reverse("portal:case", args=[called])))
        assert "訪問の予定: 2025年6月12日 10:00" in shown

    def test_the_public_reads_when_an_edition_begins(self, client, aoba):
        assert "2020年3月1日(日) 0時" in page(client, "mimamori")
