"""Facts for each message and letter, all invented."""

from datetime import date, datetime

from hoshu.catalog import edition
from hoshu.dates import JST
from hoshu.notifications.messages import SHIPPED
from hoshu.notifications.notice import Addressee, Sender

IX = edition("ix", "2022-10").application
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=JST)

SENDER = Sender(
    name="株式会社みなと保守サービス",
    department="ネットワーク保守部",
    postal_code="105-0000",
    address="東京都港区海辺1-2-3 みなとビル5階",
    registration_number="T8700110005901",
    registration_centre="お客様登録受付センター",
    registration_email="touroku@example.jp",
    fault_desk="みなと障害受付窓口",
    fault_desk_phone="03-0000-1234",
    privacy_officer="保護責任者 大野 恵",
)
ADDRESSEE = Addressee(
    organisation="青葉商事株式会社",
    department="情報システム部",
    person="𠮷田 花子",
    postal_code="980-0000",
    address="宮城県仙台市青葉区一番町1-2-3\n青葉ビル3階",
)

COMPLETED = {
    "addressee": ADDRESSEE,
    "clauses": ["第2章 前文", "第4章 1.(2)"],
    "service_number": "S-000123",
    "product": "ルーター R310",
    "serial": "A1234567",
    "plan": "週5日・8:30～21:00・3年",
    "start_weekday": "月曜日",
    "options": [("増設回線カード", 2)],
    "starts_on": date(2026, 11, 20),
    "ends_on": date(2029, 11, 30),
    "purchased_on": date(2026, 11, 10),
    "purchase_basis": SHIPPED,
    "revision": 1,
    "asked": list(IX.notice_steps),
    "remarks": list(IX.notice_notes),
}
REFUSED = {
    "addressee": ADDRESSEE,
    "clauses": ["第4章 1.(3)"],
    "application_number": "A-000045",
    "received_on": date(2026, 11, 1),
    "numbers": [("カードのシリアル No.", "L-100200"), ("製造番号", "A1234567")],
    "reason": "お知らせいただいた製造番号の機器が、このライセンスの対象ではないため",
    "seller": "若葉電器",
}
CHANGED = COMPLETED | {
    "revision": 2,
    "effective_on": date(2026, 12, 1),
    "changes": ["開始基準曜日: 月曜日 → 木曜日", "増設回線カード: 1 → 2"],
}

PACK = {
    "service": "映像サーバ サポートパック",
    "number": "機器管理番号",
    "unit": "映像サーバ",
    "quoted": "機器管理番号",
    "starts": "サービス提供日",
    "ends": "提供終了日",
}
"""The words of a service that is not the network service."""

COMPLETED_PACK = {
    "addressee": ADDRESSEE,
    "clauses": ["第2章 4."],
    "service_number": "DK000123",
    "product": "映像サーバ 4K",
    "serial": "1234567",
    "plan": "平日・3年",
    "options": None,
    "starts_on": date(2026, 1, 13),
    "ends_on": date(2029, 1, 9),
    "more": [("型名", "N8100-2558"), ("サポートID", "S12345678")],
    "labels": ["DK000123", "DK000124"],
    "asked": [
        "登録の内容に誤りがないか、お確かめください。",
        "障害のときは、障害受付窓口に機器管理番号をお伝えください。",
    ],
    "remarks": ["登録の内容が変わるときは、30日前までにお知らせください。"],
    "revision": 1,
    "words": PACK,
}
CERTIFICATE = {
    "addressee": ADDRESSEE,
    "number": "S-000123",
    "unit": [("品名", "ルーター R310"), ("製造番号", "A1234567")],
    "words": {"service": "ネットワーク保守ライセンス"},
    "holder": "青葉商事株式会社",
    "plan": "週5日・8:30～21:00・3年",
    "covered": [("設置場所", "宮城県仙台市青葉区一番町1-2-3")],
    "starts_on": date(2026, 11, 20),
    "ends_on": date(2029, 11, 30),
    "state": "有効",
    "link": "https://hoshu.example.jp/c/k7m2p9qx4wv8t3znyh6bda/",
}
EXPIRING = {
    "addressee": ADDRESSEE,
    "clauses": ["第1章 3."],
    "number": "S-000045",
    "unit": [("品名", "ルーター R310"), ("製造番号", "A1234567")],
    "on": date(2025, 2, 28),
    "ends_on": date(2025, 5, 31),
    "choices": [
        ("延長", "延長キットをご購入ください。", date(2025, 2, 28), date(2025, 5, 31)),
        ("更新", "新しいライセンスをご購入ください。", None, None),
    ],
    "depends_on_model": True,
}
EXPIRED = {
    "addressee": ADDRESSEE,
    "number": "S-000045",
    "unit": [("品名", "ルーター R310"), ("製造番号", "A1234567")],
    "ends_on": date(2025, 5, 31),
    "choices": [("更新", "新しいライセンスをご購入ください。", None, None)],
}
SUPPORT_ID = {
    "addressee": ADDRESSEE,
    "clauses": ["第2章 2."],
    "support_id": "S12345678",
    "usable_from": date(2026, 1, 13),
    "covered": ["DK000123 映像サーバ 4K（2029/01/09(火) まで）", "DK000124 映像サーバ 4K（2029/01/09(火) まで）"],
    "administrator": "佐藤 花子 様",
    "words": PACK,
}
PARCEL = {
    "addressee": ADDRESSEE,
    "reference": "A-000045",
    "contents": ["機器管理ラベル 2枚", "ご利用の手引き 1冊"],
    "sent_on": date(2026, 1, 13),
    "carrier": "みなと宅配便",
    "tracking_number": "0000-1234-5678",
    "arrives_on": date(2026, 1, 15),
    "destination": "宮城県仙台市青葉区一番町1-2-3 青葉ビル3階",
    "steps": ["機器管理ラベルを、機器の見やすいところに貼ってください。"],
}
ERASED = {
    "addressee": ADDRESSEE,
    "clauses": ["7.8"],
    "reference": "M-000012",
    "occasion": "契約の終了",
    "occurred_on": date(2025, 6, 30),
    "erased": [
        ("申請の内容", 3, "消去"),
        ("アカウント", 2, "消去"),
        ("検知の記録", 12_345, "消去"),
        ("お預かりした書類", 1, "返却"),
    ],
    "finished_at": datetime(2025, 7, 1, 0, 10, tzinfo=JST),
    "copies_until": date(2025, 8, 5),
    "kept": [
        ("請求の記録", "法人税法施行規則 第59条", date(2033, 2, 28)),
        ("保険の案件 1件", "案件が終わっていないため", None),
    ],
}
LEAKED = {
    "addressee": ADDRESSEE,
    "clauses": ["第3章 1.8(7)"],
    "reference": "P-000003",
    "found_at": datetime(2026, 2, 10, 9, 10, tzinfo=JST),
    "happened": "2026/02/09(月) 17:40ごろ、作業の報告書を、ほかのお客様1社へ誤ってメールで送りました。",
    "items": ["お名前", "電話番号"],
    "people": 2,
    "cause": "宛先を選ぶときの確認が足りませんでした。",
    "further_harm": "いまのところ確かめられていません。",
    "measures": ["送り先のお客様に削除をお願いし、削除を確かめました。", "送る前に、別の担当者が宛先を確かめます。"],
    "announced": "公表していません",
    "advice": ["心当たりのない電話には、出る前に番号をお確かめください。"],
}
RECEIPT = {
    "addressee": ADDRESSEE,
    "application_number": "A-000047",
    "received_at": datetime(2026, 1, 8, 11, 0, tzinfo=JST),
    "channel": "画面からの申請",
    "units": ["映像サーバ 4K（製造番号 1234567）", "映像サーバ 4K（製造番号 1234568）"],
    "words": PACK,
}
RETURNED = {
    "addressee": ADDRESSEE,
    "application_number": "A-000048",
    "received_on": date(2026, 1, 8),
    "items": [("製造番号", "7けたで入力してください。例: 1234567"), ("ご購入日", "書類の日付と違っています。")],
    "send_by": date(2026, 1, 22),
    "link": "https://hoshu.example.jp/portal/applications/A-000048/",
}
DECLINED = {
    "addressee": ADDRESSEE,
    "clauses": ["7.2"],
    "application_number": "A-000049",
    "received_on": date(2026, 1, 8),
    "reason": "設置場所が日本国内ではないため",
    "possible": ["日本国内に設置する機器は、あらためてお申し込みいただけます。"],
    "words": {"service": "見守りサービス"},
}

CONTEXTS = {
    "registration.completed": COMPLETED,
    "registration.changed": CHANGED,
    "registration.received": {
        "addressee": ADDRESSEE,
        "application_number": "A-000045",
        "received_at": NOW,
        "channel": "画面からの申請",
        "numbers": [("カードのシリアル No.", "L-100200"), ("製造番号", "A1234567")],
        "missing": ["購入日を確認できる書類の写しをお送りください。"],
    },
    "registration.refused": REFUSED,
    "registration.lapsed": {
        "addressee": ADDRESSEE,
        "clauses": ["第2章 1.(1)"],
        "application_number": "A-000046",
        "received_on": date(2026, 11, 1),
        "apply_by": date(2026, 9, 30),
        "numbers": [("カードのシリアル No.", "L-100201"), ("製造番号", "1043-22")],
        "reason": "申請が期限の後に届いたため",
    },
    "registration.inquiry": {
        "addressee": ADDRESSEE,
        "application_number": "A-000045",
        "received_on": date(2026, 11, 1),
        "numbers": [("カードのシリアル No.", "L-100200")],
        "questions": ["開始基準曜日はどの曜日ですか。", "設置場所の郵便番号をお知らせください。"],
        "reply_by": date(2026, 11, 27),
    },
    "registration.returned": RETURNED,
    "registration.declined": DECLINED,
    "agreement.certificate": CERTIFICATE,
    "agreement.support_id": SUPPORT_ID,
    "agreement.parcel": PARCEL,
    "agreement.replacement": {
        "addressee": ADDRESSEE,
        "clauses": ["8.3"],
        "number": "MM0000012",
        "unit": [("品名", "みまもり装置 60"), ("製造番号", "ZA0001")],
        "exchange_on": date(2026, 12, 5),
        "collect_by": date(2026, 12, 18),
    },
    "agreement.expiring": EXPIRING,
    "agreement.expired": EXPIRED,
    "personal.erased": ERASED,
    "personal.leaked": LEAKED,
    "agreement.cancelled": {
        "addressee": ADDRESSEE,
        "clauses": ["第4章 3."],
        "number_name": "サービス手配番号",
        "service_number": "S-000123",
        "service": "ネットワーク保守ライセンス",
        "ended_by": "customer",
        "last_day": date(2026, 12, 31),
        "effective_at": datetime(2027, 1, 1, tzinfo=JST),
    },
    "agreement.ending_soon": {
        "addressee": ADDRESSEE,
        "clauses": ["7.8"],
        "number_name": "契約番号",
        "service_number": "S-000124",
        "service": "見守りサービス",
        "ended_by": "customer",
        "last_day": date(2026, 12, 31),
        "effective_at": datetime(2027, 1, 1, tzinfo=JST),
        "data_vanishes": True,
    },
    "service.ended": {
        "addressee": ADDRESSEE,
        "clauses": ["第3条", "第11条"],
        "number_name": "契約番号",
        "service_number": "S-000125",
        "service": "リモートケア 基本サービス",
        "ended_at": datetime(2026, 4, 1, tzinfo=JST),
        "stopped": ["サービス提供"],
        "going_on": ["運営上の連絡"],
        "held": [("連絡先、設置場所、管理者", 2)],
        "remarks": ["もう一度お使いになるときは、新しくお申し込みください。"],
    },
    "change.form": {
        "addressee": ADDRESSEE,
        "clauses": ["第2章 2.(1)"],
        "service_number": "A-000045",
        "ends_on": date(2028, 5, 31),
        "revision": 1,
    },
    "change.refused": {
        "addressee": ADDRESSEE,
        "clauses": ["第2章 2.注意事項"],
        "request_number": "A-000047",
        "service_number": "A-000045",
        "reason": "登録した本体は変更できません。",
    },
    "change.transferred": {
        "addressee": ADDRESSEE,
        "clauses": ["第4章 10."],
        "service_number": "A-000045",
        "new_customer": "若葉工業株式会社",
        "since": date(2025, 10, 1),
    },
    "agreement.data_check": {
        "addressee": ADDRESSEE,
        "clauses": ["7.22"],
        "service_number": "A-000046",
        "registered": [("会社名・団体名", "青葉商事株式会社"), ("電話番号", "03-0000-0001")],
        "pending": ["A-000048"],
    },
    "case.opened": {
        "addressee": ADDRESSEE,
        "clauses": ["第3章 2.(1)"],
        "case_number": "J-000418",
        "received_at": datetime(2026, 11, 22, 3, 10, tzinfo=JST),
        "product": "ルーター R310",
        "serial": "A1234567",
        "site": "本社3階 通信室",
        "symptom": "電源が入らない",
        "next_window": datetime(2026, 11, 23, 8, 30, tzinfo=JST),
        "answer": "無償の保守の対象です。",
        "missing": ["設置場所のご担当者のお名前をお知らせください。"],
    },
    "case.completed": {
        "addressee": ADDRESSEE,
        "case_number": "J-000418",
        "received_at": datetime(2026, 11, 22, 3, 10, tzinfo=JST),
        "completed_at": datetime(2026, 11, 23, 11, 40, tzinfo=JST),
        "product": "ルーター R310",
        "serial": "B7654321",
        "symptom": "電源が入らない",
        "work": ["本体を代替機と交換しました。", "お預かりした設定を読み込みました。"],
        "parts": ["本体（代替機 B7654321）"],
        "left_to_customer": ["業務の通信をお確かめください。"],
        "recurs_until": date(2027, 2, 23),
    },
    "device.exchanged": {
        "addressee": ADDRESSEE,
        "service_number": "S-000123",
        "product": "ルーター R310",
        "old_serial": "A1234567",
        "new_serial": "B7654321",
        "exchanged_at": datetime(2026, 11, 23, 11, 40, tzinfo=JST),
        "ends_on": date(2029, 11, 30),
    },
    "account.invitation": {
        "addressee": ADDRESSEE,
        "login": "sato@example.jp",
        "role": "お客様（管理者）",
        "link": "https://hoshu.example.jp/account/password/reset/",
    },
    "registration.to_confirm": {
        "addressee": ADDRESSEE,
        "clauses": ["8.1 ①"],
        "application_number": "A-000045",
        "service": "みまもりサービス",
        "seller": "若葉電器",
        "link": "https://hoshu.example.jp/confirm/key/",
        "last_day": date(2026, 12, 4),
    },
    "account.login_changed": {
        "addressee": ADDRESSEE,
        "login": "shin@example.jp",
        "link": "https://hoshu.example.jp/account/password/reset/",
    },
    "account.password_reset": {
        "addressee": ADDRESSEE,
        "login": "sato@example.jp",
        "link": "https://hoshu.example.jp/account/password/reset/key/1-abc/",
        "valid_hours": 3,
    },
}

SHEET = {
    "reference": "申請番号 A-000045",
    "sections": [
        ("受付", [("受付日時", "2026/11/20(金) 10:00"), ("受付方法", "画面からの申請")]),
        ("① ライセンス", [("種類", "週5日・半日・3年"), ("シリアル No.", "L-100200")]),
        ("④ 本体", [("製造番号", "A1234567"), ("ご購入日", "2026/11/10(火)")]),
    ],
    "notes": ["この控えは、受け付けた内容をそのまま記したものです。"],
}
LABEL = {
    "lines": [
        ("受付窓口", "0120-000-000"),
        ("型名", "N8100-2558"),
        ("製造番号", "1234567"),
        ("提供終了日", "2030/04/01"),
        ("機器管理番号", "DK000123"),
    ],
    "number": "DK000123",
    "link": "https://hoshu.example.jp/c/k7m2p9qx4wv8t3znyh6bda/",
}
LABELS = [LABEL | {"number": f"DK0001{number}"} for number in range(23, 26)]
LETTERS = {
    "label": {"labels": [LABEL]},
    "label_sheet": {"labels": LABELS, "grid": "21", "first": 5},
    "completion": COMPLETED,
    "change": CHANGED,
    "refusal": REFUSED,
    "receipt": RECEIPT,
    "returned": RETURNED,
    "declined": DECLINED,
    "certificate": CERTIFICATE,
    "support_id": SUPPORT_ID,
    "shipment": PARCEL,
    "expiry_reminder": EXPIRING,
    "expired": EXPIRED,
    "destruction_certificate": ERASED,
    "leak_notice": LEAKED,
    "card_copy": SHEET,
    "change_form": SHEET,
    "case_sheet": SHEET,
    "work_report": SHEET,
}
