"""What stands on お客様登録カード〈新規登録用〉, field by field, and how it may be stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hoshu.files import personal_numbers

Entries = Mapping[str, Any]
"""Field name → what was written: text, a list of ticks, or lines of options. Reading never changes them."""


@dataclass(frozen=True)
class Field:
    """One input of the form. `row` is the row of the card it belongs to, which has its number and its clause."""

    row: str
    label: str
    example: str = ""
    prose: bool = False
    """Free text, in which a personal number may hide; numbers of machines and telephones are never judged."""


FIELDS: dict[str, Field] = {
    "card_serial": Field("IX-CARD-00", "シリアル No.", "L2600001"),
    "plan_altered": Field("IX-CARD-01", "印字されたプランへの手書きの訂正"),
    "entry_date": Field("IX-CARD-02", "記入日", "2026年11月20日"),
    "start_weekday": Field("IX-CARD-03", "開始基準曜日", "火"),
    "body_serial": Field("IX-CARD-04", "本体の製造番号", "3Y000123"),
    "product": Field("IX-CARD-04", "機種"),
    "purchased": Field("IX-CARD-04", "本体のご購入日", "2026/11/1、令和8年11月1日"),
    "options": Field("IX-CARD-05", "オプション類と数量", "1"),
    "no_options": Field("IX-CARD-05", "オプションなし"),
    "share_contact": Field("IX-CARD-07", "ご連絡先は代表カードと同じ"),
    "share_site": Field("IX-CARD-07", "設置場所は代表カードと同じ"),
    "shared_card_serial": Field("IX-CARD-07", "代表カードのシリアル No.", "L2600001"),
    "contact_company": Field("IX-CARD-08", "ご連絡先の会社名", "みどり製作所株式会社", prose=True),
    "contact_department": Field("IX-CARD-08", "ご連絡先の部署", "情報システム課", prose=True),
    "contact_name": Field("IX-CARD-08", "ご連絡先のお名前", "山田 花子", prose=True),
    "contact_email": Field("IX-CARD-08", "ご連絡先のメールアドレス", "hanako@example.jp"),
    "contact_phone": Field("IX-CARD-08", "ご連絡先の電話番号", "03-0000-1234"),
    "contact_postal_code": Field("IX-CARD-08", "ご連絡先の郵便番号", "100-0001"),
    "contact_address": Field("IX-CARD-08", "ご連絡先の住所", "東京都千代田区千代田0-0", prose=True),
    "site_company": Field("IX-CARD-08R", "設置場所の会社名・建物名", "みどり製作所 仙台支店", prose=True),
    "site_person": Field("IX-CARD-08R", "設置場所のご担当者", "佐藤 一郎", prose=True),
    "site_phone": Field("IX-CARD-08R", "設置場所の電話番号", "022-000-1234"),
    "site_postal_code": Field("IX-CARD-08R", "設置場所の郵便番号", "980-0001"),
    "site_address": Field("IX-CARD-08R", "設置場所の住所", "宮城県仙台市青葉区0-0", prose=True),
    "same_writer": Field("IX-CARD-09", "ご記入者は次と同じ"),
    "writer_name": Field("IX-CARD-09", "ご記入者のお名前", "山田 花子", prose=True),
    "writer_phone": Field("IX-CARD-09", "ご記入者の電話番号", "03-0000-1234"),
    "writer_email": Field("IX-CARD-09", "ご記入者のメールアドレス", "hanako@example.jp"),
    "licence_purchased": Field("IX-REG-08", "本保守ライセンスのご購入日", "2026/11/10"),
    "owner": Field("IX-SPEC-02", "対象機器の所有者"),
    "owner_name": Field("IX-SPEC-02", "所有者の名称", "あおばリース株式会社", prose=True),
    "owner_confirmed": Field("IX-SPEC-02", "所有者についての確認"),
    "personal_numbers": Field("IX-MYN-02", "個人番号を保存する可能性"),
    "access_controls": Field("IX-MYN-02", "アクセス制御"),
}
"""Every entry there is, in the card's own order ①–⑨; after it what the card does not ask and the terms need."""

CHOICES = {
    **dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "月火水木金土日", strict=True)),
    "contact": "ご連絡先",
    "site": "設置場所",
    "same": "ご購入者と同じ",
    "other": "ご購入者と別",
    "yes": "あり",
    "no": "なし",
    "login": "ログイン認証",
    "encryption": "暗号化",
}
"""What the choices of the form are called."""


def screened(entries: Entries) -> tuple[dict[str, Any], list[str]]:
    """第4章 9.(1): the entries as they may be stored, and the labels of the fields in which a number was masked."""
    kept = {name: value for name, value in entries.items() if name in FIELDS}
    found = [name for name, value in kept.items() if FIELDS[name].prose and personal_numbers.find(value)]
    return kept | {name: personal_numbers.masked(kept[name]) for name in found}, [FIELDS[name].label for name in found]
