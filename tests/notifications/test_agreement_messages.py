"""What is said over the life of an agreement, in the words of its service: receipt, numbers, end, erasure, leak."""

from datetime import date

import pytest

from hoshu.notifications.messages import compose
from hoshu.notifications.notice import Action
from tests.notifications.samples import (
    CERTIFICATE,
    COMPLETED,
    COMPLETED_PACK,
    CONTEXTS,
    DECLINED,
    ERASED,
    EXPIRED,
    EXPIRING,
    LEAKED,
    PACK,
    PARCEL,
    RECEIPT,
    RETURNED,
    SENDER,
    SUPPORT_ID,
)


def said(message, context, **changed):
    return compose(message, context | changed, SENDER).text()


def facts(message, context, **changed):
    return dict(compose(message, context | changed, SENDER).facts)


# -- registration


@pytest.mark.req("VA-REG-04")
def test_the_receipt_bears_the_name_of_its_service_and_the_number_to_quote():
    notice = compose("registration.received", RECEIPT, SENDER)
    assert notice.subject == "【お手続き不要】映像サーバ サポートパック 登録受付のお知らせ（A-000047）"
    shown = dict(notice.facts)
    assert (shown["申請番号"], shown["受付日時"]) == ("A-000047", "2026/01/08(木) 11:00")
    assert shown["登録する機器"].splitlines() == [
        "映像サーバ 4K（製造番号 1234567）",
        "映像サーバ 4K（製造番号 1234568）",
    ]
    assert "カードのシリアル No." not in shown


@pytest.mark.req("SP-REG-07", "VA-REG-09")
def test_the_completion_notice_speaks_the_words_of_its_service():
    text = said("registration.completed", COMPLETED_PACK)
    for expected in (
        "映像サーバ（製造番号 1234567）の登録が完了しました。提供終了日は2029/01/09(火)です。",
        "機器管理番号: DK000123",
        "サービス提供日: 2026/01/13(火)",
        "サポートID: S12345678",
        "同封の機器管理ラベル（DK000123、DK000124）を、機器の見やすいところに、はがれないように貼ってください。",
        "障害受付窓口に機器管理番号をお伝えください",
    ):
        assert expected in text
    for foreign in ("サービス手配番号", "サポート満了日", "登録オプション", "バックアップ", "ご購入日"):
        assert foreign not in text


def test_a_service_without_an_end_says_from_when():
    text = said("registration.completed", COMPLETED_PACK, ends_on=None)
    assert "2026/01/13(火)からサービスを提供します。" in text
    assert "提供終了日" not in text
    assert "登録の内容に誤りがないか" in text


def test_the_words_of_the_network_service_are_said_where_nobody_names_others():
    assert said("registration.completed", COMPLETED) == said("registration.completed", COMPLETED, words={})


def test_a_returned_application_names_each_point_and_how_to_put_it_right():
    notice = compose("registration.returned", RETURNED, SENDER)
    assert notice.point == "直していただきたいところが2点あるため、申請をお戻しします。"
    assert notice.steps[0] == "「製造番号」を直してください。7けたで入力してください。例: 1234567"
    assert notice.steps[-1] == "直しおわりましたら、2026/01/22(木)までにもう一度お送りください。"
    assert "書き直していただく必要はありません" in notice.notes[0]
    with pytest.raises(ValueError, match="returned for something"):
        said("registration.returned", RETURNED, items=[])


@pytest.mark.parametrize("lacking", [{"reason": " "}, {"clauses": []}])
def test_nobody_is_declined_without_reason_and_clause(lacking):
    assert "設置場所が日本国内ではないため" in said("registration.declined", DECLINED)
    with pytest.raises(ValueError, match="reason and its clause"):
        said("registration.declined", DECLINED, **lacking)


# -- numbers and papers


@pytest.mark.req("VA-REG-05")
def test_the_support_id_comes_with_the_contracts_it_covers_and_from_when():
    shown = facts("agreement.support_id", SUPPORT_ID)
    assert shown["サポートID"] == "S12345678"
    assert shown["お使いいただける日"] == "2026/01/13(火) から"
    assert [line.split()[0] for line in shown["対象の契約"].splitlines()] == ["DK000123", "DK000124"]
    with pytest.raises(ValueError, match="covers something"):
        said("agreement.support_id", SUPPORT_ID, covered=[])


def test_an_id_that_was_known_already_is_not_issued_again():
    point = compose("agreement.support_id", SUPPORT_ID | {"added": True}, SENDER).point
    assert point.startswith("サポートID S12345678 に、新しい契約を加えました")
    assert "発行" not in point


def test_a_certificate_says_what_is_covered_for_whom_from_when_until_when():
    shown = facts("agreement.certificate", CERTIFICATE)
    assert shown["ご契約者"] == "青葉商事株式会社"
    assert (shown["サービス開始日"], shown["サポート満了日"]) == ("2026/11/20(金)", "2029/11/30(金)")
    assert facts("agreement.certificate", CERTIFICATE, ends_on=None)["サポート満了日"] == "定めていません"
    notice = compose("agreement.certificate", CERTIFICATE, SENDER)
    assert notice.point == "次のとおり、ネットワーク保守ライセンスの契約があることを証明します。"
    assert notice.link == ("いま保守の対象かどうかを確かめる", CERTIFICATE["link"])


def test_a_parcel_names_carrier_number_and_contents():
    shown = facts("agreement.parcel", PARCEL)
    assert shown["お送りした品"].splitlines() == ["機器管理ラベル 2枚", "ご利用の手引き 1冊"]
    assert (shown["運送会社"], shown["お問い合わせ番号"]) == ("みなと宅配便", "0000-1234-5678")


@pytest.mark.req("MM-RMA-02")
def test_a_replacement_says_what_comes_when_and_what_becomes_of_the_old_machine():
    sample = CONTEXTS["agreement.replacement"]
    text = said("agreement.replacement", sample)
    for expected in ("みまもり装置 60（製造番号 ZA0001）を交換する", "2026/12/05(土)", "2026/12/18(金) まで", "8.3"):
        assert expected in text
    assert "交換の予定日" not in said("agreement.replacement", sample, exchange_on=None)


# -- the end


@pytest.mark.req("IX-EXT-05")
def test_a_reminder_says_how_long_still_and_what_can_be_done_until_when():
    """Expiry 2025-05-31 → reminder 2025-02-28: the day the kit goes on sale, the model, whom to ask."""
    text = said("agreement.expiring", EXPIRING)
    for expected in (
        "サポート満了日は2025/05/31(土)です（あと92日）。",
        "延長のお手続き: 2025/02/28(金) から 2025/05/31(土) まで",
        "延長をご希望のときは、延長キットをご購入ください。",
        "更新をご希望のときは、新しいライセンスをご購入ください。",
        "機種により、延長をお求めいただけないことがあります。",
        "くわしくは、下の窓口へお尋ねください。",
        "お問い合わせ先: お客様登録受付センター",
    ):
        assert expected in text
    assert "機種により" not in said("agreement.expiring", EXPIRING, depends_on_model=False)


@pytest.mark.parametrize(("on", "left"), [(date(2025, 5, 30), "あと1日"), (date(2025, 5, 31), "本日まで")])
def test_the_last_days_are_counted_like_the_first(on, left):
    assert facts("agreement.expiring", EXPIRING, on=on)["残り日数"] == left


def test_what_has_ended_is_not_announced_as_ending():
    with pytest.raises(ValueError, match="has ended"):
        said("agreement.expiring", EXPIRING, on=date(2025, 6, 1))
    assert "2025/05/31(土)に満了しました" in said("agreement.expired", EXPIRED)


@pytest.mark.req("MM-TRM-03")
@pytest.mark.parametrize(("on", "left"), [(date(2025, 6, 10), 20), (date(2025, 6, 24), 6), (date(2025, 6, 29), 1)])
def test_at_a_cancellation_the_customer_is_told_to_save_its_data_before_they_vanish(on, left):
    """Cancelled on 2025-06-10: at once, and again on 06-24 and 06-29."""
    ending = {
        "addressee": EXPIRING["addressee"],
        "number": "M-000012",
        "unit": [("品名", "見守り装置"), ("製造番号", "U123")],
        "words": {"service": "見守りサービス", "number": "契約番号", "ends": "ご利用の終了日"},
        "on": on,
        "ends_on": date(2025, 6, 30),
        "data_until": date(2025, 6, 30),
        "clauses": ["7.8"],
    }
    notice = compose("agreement.expiring", ending, SENDER)
    assert notice.action is Action.ACT
    assert notice.point == f"見守り装置（製造番号 U123）のご利用の終了日は2025/06/30(月)です（あと{left}日）。"
    assert notice.steps == (
        "画面のデータは、2025/06/30(月) 24:00に消えます。必要なものは、それまでに保存してください。",
    )
    assert dict(notice.facts)["データの保存の期限"] == "2025/06/30(月) 24:00"


# -- what was kept for the customer


@pytest.mark.req("MM-TRM-02")
def test_a_certificate_of_erasure_names_kinds_counts_method_and_time_and_what_had_to_stay():
    shown = facts("personal.erased", ERASED)
    assert shown["検知の記録"] == "12,345件 消去"
    assert shown["お預かりした書類"] == "1件 返却"
    assert shown["終わった日時"] == "2025/07/01(火) 00:10"
    assert shown["控え（バックアップ）"] == "2025/08/05(火) までに消えます"
    assert shown["残した記録: 請求の記録"] == "法人税法施行規則 第59条\n2033/02/28(月) まで"
    assert "消去した情報の内容を記していません" in said("personal.erased", ERASED)


def test_nothing_is_kept_without_a_ground_and_nothing_is_certified_of_nothing():
    with pytest.raises(ValueError, match="ground"):
        said("personal.erased", ERASED, kept=[("請求の記録", " ", None)])
    with pytest.raises(ValueError, match="nothing"):
        said("personal.erased", ERASED, erased=[])


def test_a_leak_is_told_with_what_the_law_names():
    shown = facts("personal.leaked", LEAKED)
    assert shown["分かった日時"] == "2026/02/10(火) 09:10"
    assert "誤ってメールで送りました" in shown["起きたこと"]
    assert shown["個人情報の項目"] == "お名前、電話番号"
    assert shown["該当する方の人数"] == "2人"
    assert {"原因", "二次被害のおそれ", "対応と再発の防止", "公表"} <= set(shown)
    text = said("personal.leaked", LEAKED)
    assert "個人情報の管理責任者: 保護責任者 大野 恵" in text
    assert "個人情報の保護に関する法律 第26条第1項ただし書" in text


def test_the_person_it_is_about_reads_no_number_of_others():
    shown = compose("personal.leaked", LEAKED | {"to_person": True}, SENDER)
    assert "該当する方の人数" not in dict(shown.facts)
    assert shown.clauses[-1] == "個人情報の保護に関する法律 第26条第2項"
    assert facts("personal.leaked", LEAKED, people=None)["該当する方の人数"] == "調査中"


@pytest.mark.parametrize("name", ["happened", "cause", "further_harm", "items", "measures"])
def test_a_leak_is_not_told_by_halves(name):
    blank = " " if isinstance(LEAKED[name], str) else []
    with pytest.raises(ValueError, match="law asks"):
        said("personal.leaked", LEAKED, **{name: blank})


@pytest.mark.parametrize("message", ["registration.completed", "registration.received", "agreement.support_id"])
def test_words_come_as_facts_and_a_misspelt_one_is_told(message):
    with pytest.raises(TypeError, match="numbr"):
        compose(message, CONTEXTS[message] | {"words": PACK | {"numbr": "x"}}, SENDER)
