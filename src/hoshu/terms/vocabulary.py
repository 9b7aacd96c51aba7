"""The facts that several questions share, once, with the words people use for them."""

from collections.abc import Mapping

from .facts import BOOL, DATE, HOURS, MOMENT, TEXT, WEEKDAY, Fact, Kind, list_of, record, whole_number

SHARED: Mapping[str, Fact] = {
    "at": Fact("判断する日時", MOMENT),
    "purchased": Fact("対象機器の購入日", DATE),
    "purchase_proof": Fact("購入日の証明の有無", BOOL),
    "shipped": Fact("出荷日", DATE),
    "registered": Fact("登録完了のお知らせの送信日", DATE),
    "card_deadline": Fact("お手続期限", DATE),
    "card_received": Fact("カードの受領日", DATE),
    "pack_purchased": Fact("ライセンス（パック）の購入日", DATE),
    "application_received": Fact("申し込みの受領日", DATE),
    "end_of_sale": Fact("新規販売終了日", DATE),
    "support_limit": Fact("保守対応期限", DATE),
    "extension_kits": Fact("延長キットの数", Kind(whole_number(0, 50), "0以上50以下の整数で指定してください。")),
    "ended_early": Fact("途中で終わった日", DATE),
    "coverage_end": Fact("サポート満了日", DATE),
    "refused_on": Fact("承諾を断った日", DATE),
    "start_weekday": Fact("開始基準曜日", WEEKDAY),
    "weekday_changes": Fact(
        "開始基準曜日の変更",
        list_of(record({"from": Fact("変更日", DATE), "start_weekday": Fact("変更後の開始基準曜日", WEEKDAY)})),
    ),
    "service_days": Fact("対応する曜日", list_of(WEEKDAY)),
    "spec_hours": Fact("仕様で定めた対応時間", HOURS),
    "closed_days": Fact("休業日", list_of(DATE)),
    "ground": Fact("理由", TEXT),
}


PART_NAMES: Mapping[str, str] = {
    "reception": "受付",
    "hardware": "ハードウェア",
    "software": "ソフトウェア",
    "desk": "相談窓口",
    "vendor": "提供者",
    "mail": "メール",
    "alarm_call": "通報の連絡",
}
"""The parts of a service that have hours or an end of their own, by their codes."""


def shared(*names: str, **own: Fact) -> Mapping[str, Fact]:
    """The facts of a topic: shared ones by name, its own spelled out."""
    return {name: SHARED[name] for name in names} | own
