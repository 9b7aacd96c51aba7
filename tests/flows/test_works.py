"""お知らせと資料: who uses a service reads and takes what is published for it, as long as they use it."""

from datetime import date

import pytest
from django.urls import reverse

from hoshu.accounts.models import HistoryEntry
from hoshu.accounts.tenancy import SYSTEM, act_as
from hoshu.contracts.models import Agreement
from hoshu.flows import works
from hoshu.publishing import works as published
from hoshu.publishing.models import Work, WorkReceipt
from tests.contracts.agreed import concluded
from tests.contracts.cards import at, open_for_business
from tests.files.samples import pdf
from tests.people import AOBA, HAYASHI, KATO, KONDO, MORI, NISHI, SATO, TANAKA, WAKABA

pytestmark = pytest.mark.django_db

DAY = date(2026, 1, 12)


@pytest.fixture
def used(acting, world):
    """Aoba uses one service under the roof of remote care until 2026-03-31, and a video machine."""
    with acting(HAYASHI, on=DAY):
        open_for_business()
        tenant = world.organisations[AOBA].pk
        care = concluded("remote-care", tenant, serial="PR0001")
        concluded("video", tenant, serial="V100")
        concluded("video", world.organisations[WAKABA].pk, serial="V200")
    with act_as(SYSTEM):
        care.revisions.update(content={"services": ["consumables"]})
        Agreement.objects.filter(pk=care.pk).update(ends_on=date(2026, 3, 31))
    return care


def work(acting, *, service="remote-care", title="設定の手引き", on=DAY, **more):
    said = {"version": "3.2", "right_holder": "提供元株式会社", "text": "", "filename": "手引き.pdf", **more}
    with acting(HAYASHI, on=on):
        content = said.pop("content", pdf("手引き"))
        return works.publish(service=service, title=title, content=content, now=at("2026-01-12 10:00"), **said).pk


@pytest.fixture
def get(login, time_machine):
    def opened(person, view, *args, now="2026-01-13 09:00"):
        time_machine.move_to(at(now), tick=False)
        return login(person).get(reverse(view, args=args))

    return opened


@pytest.mark.req("RC-IPR-01")
def test_a_work_is_kept_with_its_right_holder_and_to_whom_it_was_supplied(acting, used, get, world):
    program = work(acting, title="通信プログラム")
    page = get(SATO, "portal:work", program, now="2026-01-13 10:30").content.decode()
    assert "権利者: 提供元株式会社" in page
    assert "お客様には移りません" in page
    assert get(SATO, "portal:work_download", program, now="2026-01-13 10:31").content.startswith(b"%PDF")
    with act_as(SYSTEM):
        kept = Work.objects.get(pk=program)
        assert (kept.title, kept.version, kept.right_holder) == ("通信プログラム", "3.2", "提供元株式会社")
        assert kept.notice == "著作権などの権利は、提供者か権利をお持ちの方にあります。お客様には移りません。"
        receipts = [(one.tenant.name, one.kind, one.at) for one in published.receipts(kept)]
    assert receipts == [
        (AOBA, "downloaded", at("2026-01-13 10:31")),
        (AOBA, "read", at("2026-01-13 10:30")),
    ]
    shown = get(NISHI, "console:work", program).content.decode()
    assert AOBA in shown
    assert "佐藤 花子" in shown
    with act_as(SYSTEM):
        assert {entry.table for entry in HistoryEntry.objects.filter(table__startswith="publishing_work")} == {
            "publishing_work",
            "publishing_workreceipt",
        }


@pytest.mark.req("RC-IPR-01")
def test_without_a_right_holder_nothing_is_published(login, used, time_machine):
    time_machine.move_to(at("2026-01-12 10:00"), tick=False)
    sent = {"title": "手引き", "version": "1.0", "right_holder": " ", "text": "本文です", "product_code": ""}
    refused = login(HAYASHI).post(f"{reverse('console:work_new')}?service=remote-care", sent)
    assert refused.status_code == 422
    assert "本文です" in refused.content.decode()
    with pytest.raises(published.Refused, match=r"権利者を入力してください。.*第9条"), act_as(SYSTEM):
        works.publish(
            service="remote-care", title="手引き", version="1", right_holder="", text="本文", content=None, filename="",
            now=at("2026-01-12 10:00"),
        )  # fmt: skip
    with act_as(SYSTEM):
        assert not Work.objects.exists()


@pytest.mark.req("RC-IPR-02")
def test_a_download_ends_with_the_terms_to_the_second(acting, used, get):
    manual = work(acting)
    assert get(SATO, "portal:work_download", manual, now="2026-03-31 23:59:59").status_code == 200
    for view in ("portal:work_download", "portal:work"):
        refused = get(SATO, view, manual, now="2026-04-01 00:00:00")
        assert refused.status_code == 423
        page = refused.content.decode()
        assert "サービスが終わったあとは、お使いいただけません" in page
        assert "約款 第9条" in page
    with act_as(SYSTEM):
        assert WorkReceipt.objects.count() == 1
    ended = get(SATO, "portal:agreement", used.number, now="2026-04-01 00:00:00").content.decode()
    assert "サービスが終わったあとは、お使いいただけません" in ended


@pytest.mark.req("RC-IPR-02")
def test_a_work_of_a_service_that_is_not_used_is_refused(acting, used, get):
    fault = work(acting, individual_service="fault", title="障害の監視の手引き")
    consumables = work(acting, individual_service="consumables", title="消耗品の監視の手引き")
    assert get(SATO, "portal:work_download", fault).status_code == 423
    assert get(SATO, "portal:work_download", consumables).status_code == 200
    assert get(KATO, "portal:work_download", consumables).status_code == 423
    listed = get(SATO, "portal:works").content.decode()
    assert "消耗品の監視の手引き" in listed
    assert "障害の監視の手引き" not in listed
    assert "手引き" not in get(KATO, "portal:works").content.decode()


@pytest.mark.req("RC-IPR-02")
def test_a_forwarded_link_needs_a_login(acting, used, get):
    manual = work(acting)
    assert get(None, "portal:work_download", manual).headers["Location"].startswith("/account/login/")
    assert get(KONDO, "portal:work_download", manual).status_code == 403
    with act_as(SYSTEM):
        assert not WorkReceipt.objects.exists()


@pytest.mark.req("VA-PRO-02")
def test_information_on_a_product_is_for_who_holds_it_under_a_running_term(acting, used, get):
    notice = work(
        acting, service="video", title="V100の重要なお知らせ", product_code="P-V100", text="更新してください。"
    )
    assert "未読" in get(SATO, "portal:works").content.decode()
    assert "更新してください" in get(SATO, "portal:work", notice).content.decode()
    assert "既読" in get(TANAKA, "portal:works").content.decode()
    assert "V100" not in get(KATO, "portal:works").content.decode()
    assert get(KATO, "portal:work", notice).status_code == 423
    with act_as(SYSTEM):
        last = Agreement.objects.get(number="SAV100").ends_on
    after = get(SATO, "portal:work", notice, now=f"{last.replace(year=last.year + 1)} 09:00")
    assert after.status_code == 423
    assert "約款 第1章 1." in after.content.decode()


@pytest.mark.req("VA-PRO-02")
def test_a_receipt_is_seen_by_its_customer_only_and_never_changed(acting, used, get, world):
    notice = work(acting, service="video", text="更新してください。")
    get(SATO, "portal:work", notice)
    get(KATO, "portal:work", notice)
    with acting(KATO, on=DAY):
        assert {one.tenant_id for one in WorkReceipt.objects.all()} == {world.organisations[WAKABA].pk}


def test_what_is_taken_back_is_not_read_any_more(acting, used, get, login):
    manual = work(acting)
    login(MORI).post(reverse("console:work_withdraw", args=[manual]))
    assert get(SATO, "portal:work", manual).status_code == 423


@pytest.mark.req("VA-PRO-06")
def test_the_page_of_a_machine_says_how_the_parts_work_together(acting, used, get):
    page = get(SATO, "portal:agreement", "SAV100").content.decode()
    assert "ハードウェアの障害が早く見つかり、お客様の手間も減ります" in page
    for part in ("ハードウェアの保守", "ソフトウェアの支援", "通報", "障害受付窓口"):
        assert part in page


@pytest.mark.req("VA-PRO-06")
def test_a_machine_without_an_agreement_is_only_not_registered(acting, used, login):
    page = login(SATO).get(f"{reverse('portal:agreements')}?q=V999").content.decode()
    assert "登録されていません" in page
    assert f'href="{reverse("portal:application_new")}"' in page
    assert "手間も減ります" not in page


def test_what_nobody_has_read_yet_stands_on_the_first_page_until_somebody_does(acting, used, get):
    manual = work(acting, title="設定の手引き")
    assert "設定の手引き" in get(SATO, "portal:home").content.decode()
    assert "設定の手引き" not in get(KATO, "portal:home").content.decode()
    get(SATO, "portal:work", manual)
    assert "設定の手引き" not in get(SATO, "portal:home").content.decode()
