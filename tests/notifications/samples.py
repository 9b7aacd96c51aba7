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
    "steps": list(IX.notice_steps),
    "notes_of_terms": list(IX.notice_notes),
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
    "agreement.expiring": {
        "addressee": ADDRESSEE,
        "clauses": ["第1章 3."],
        "service_number": "A-000045",
        "product": "ルーター R310",
        "serial": "A1234567",
        "ends_on": date(2027, 2, 28),
        "days_left": 90,
        "kit_from": date(2026, 11, 28),
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
LETTERS = {
    "completion": COMPLETED,
    "change": CHANGED,
    "refusal": REFUSED,
    "card_copy": SHEET,
    "change_form": SHEET,
    "case_sheet": SHEET,
    "work_report": SHEET,
}
