"""The names of the decision interface in Japanese, for pages that show a stored question and answer."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from hoshu import catalog
from hoshu.cases.words import Outcome
from hoshu.contracts.fields import FIELDS
from hoshu.web.common.formats import japanese_moment, yen

NAMES = {
    "accepted": "承諾の日時",
    "accepted_at": "承諾の日時",
    "agreed_until": "書面で定めた期限",
    "agreed_years": "書面で定めた年数",
    "allowed": "できる",
    "already_registered": "別のライセンスに登録済み",
    "answer_by": "回答期限",
    "application_received": "申し込みの受領日",
    "applied": "申し込みの記録",
    "apply_by": "申し込みの期限",
    "approved": "承諾",
    "array_running": "ディスクアレイが動いている",
    "at": "判断した日時",
    "attend_by": "到着の目安",
    "attend_from": "対応できる日時",
    "basis": "根拠",
    "billed": "請求するもの",
    "binds_existing": "契約済みの方への適用",
    "bodies": "本体の台数",
    "borne_by_customer": "お客様の負担",
    "buyable": "購入できる",
    "by": "期限",
    "by_approval": "承認が必要",
    "by_law": "法律による承継",
    "cancelled": "解約日",
    "cap": "期間を短くした理由",
    "cap_yen": "賠償の上限",
    "card_deadline": "お手続期限",
    "card_received": "カードの受領日",
    "cause": "故障の原因",
    "channel": "申し込みの方法",
    "checked": "変更有無の印",
    "claim_by": "請求の期限",
    "claimed": "請求・連絡を受けた日",
    "closed_days": "休業日",
    "closes_at": "終わる日時",
    "code": "型番",
    "conditions_breached": "指定の条件を外れた使用",
    "confidential": "秘密にあたる",
    "config_backup_available": "コンフィグのバックアップ",
    "config_backup_readable": "バックアップを読み取れる",
    "consent": "承諾の日",
    "consent_written": "書面による承諾",
    "contract_start": "契約の開始日",
    "cooperation_open": "残っている協力事項",
    "counted_from": "起点",
    "coverage": "提供期間",
    "coverage_end": "サポート満了日",
    "customer_pays": "お客様が負担する費用",
    "day_off": "休業日にあたる期限",
    "days_used": "利用した日数",
    "decision": "担当者の判断",
    "device_number_known": "機器の番号がわかる",
    "document_by": "書面で示す期限",
    "documented": "書面などで示された日",
    "earliest_safe": "間に合う最も早い日",
    "edition": "約款の版",
    "effective": "適用する日",
    "end": "満了日",
    "end_of_sale": "新規販売終了日",
    "ended_early": "途中で終わった日",
    "ended_part": "途中で終わった範囲",
    "ends": "終わる日時",
    "evidence": "証憑",
    "exception": "例外にあたる事情",
    "exception_proved": "例外の証明",
    "expenses": "費用の種類",
    "extension_kits": "延長キットの数",
    "failed": "再び故障した日",
    "failed_disks": "故障したディスクの数",
    "flags": "確認事項",
    "form": "記入内容・示し方",
    "free": "無償",
    "from": "開始日",
    "genuine": "純正品",
    "ground": "理由",
    "hardware_fault": "ハードウェアの故障",
    "head": "損害の種類",
    "height_cm": "床からの高さ（cm）",
    "held": "確認待ちのもの",
    "held_yen": "確認待ちの金額",
    "in_japan": "日本国内にある",
    "in_time": "期限内",
    "initial_set": "初期設定の日時",
    "inquiries": "照会すること",
    "inspected": "対象機器の検収日",
    "installed_in_japan": "日本国内に設置",
    "item": "交換する部品",
    "kind": "種類",
    "kit_sales_stopped": "延長キットの販売終了日",
    "known": "知ることができた日",
    "label_attached": "ラベルが貼ってある",
    "left_to_customer": "お客様にお願いする作業",
    "level": "復旧の段階",
    "licence_keys": "ライセンスキーがそろっている",
    "lines": "内訳",
    "missing": "足りない記入",
    "needs": "必要なこと",
    "new_end": "延長後の満了日",
    "new_site_in_japan": "移転先が国内",
    "not_billed": "請求しないもの",
    "noticed": "相手に知らせた日",
    "notify_by": "届け出の期限",
    "on": "購入する日",
    "open": "いま対応時間内",
    "opens_at": "始まる日時",
    "option_lines": "変更するオプション",
    "options": "オプション",
    "out_of_hours": "時間外",
    "out_of_hours_consent": "時間外の同意",
    "outcome": "結果",
    "pack_inspected": "ライセンスの検収日",
    "pack_purchased": "ライセンスの購入日",
    "pack_returned": "返金済み",
    "paid_yen": "支払い済みの賠償額",
    "part": "窓口",
    "parts_until": "部品の保有期限",
    "payable_yen": "支払う額",
    "payer": "支払う人",
    "personal_number_unprotected": "個人番号の保護がない",
    "plan": "プラン",
    "pp_supported": "ソフトウェアの保守の対象",
    "price_yen": "ライセンスの代金",
    "production_ended": "生産終了日",
    "provisional": "仮の扱い",
    "published": "公表した日",
    "purchase_basis": "購入日の根拠",
    "purchase_proof": "購入日の証明",
    "purchased": "対象機器の購入日",
    "quantity": "数量",
    "raid": "RAID の構成",
    "reason": "返金を求める理由",
    "received": "受け取った日",
    "recur_by": "再発とみなす期限",
    "refund": "返金",
    "refused_lines": "受け付けない行",
    "refused_on": "承諾を断った日",
    "register_matches": "登録内容と同じ",
    "registered": "登録完了のお知らせの送信日",
    "registered_options": "登録済みのオプション",
    "remaining_yen": "残りの上限",
    "repair_needed": "修理が必要",
    "requested": "届け出の到着日",
    "returned": "ライセンスを返した日",
    "same_cause": "同じ原因",
    "same_failure": "同じ障害",
    "serial_known": "シリアル No. が台帳にある",
    "serial_registered": "製造番号が登録されている",
    "served": "前の作業が終わった日",
    "settings_collected": "設定情報を採取してある",
    "settings_kinds": "採取してある設定情報の種類",
    "shipped": "出荷日",
    "site_matches": "登録した設置場所と同じ",
    "soft_mirror_lost": "ソフトウェアのミラーが失われた",
    "software": "ソフトウェアの種類",
    "software_version_known": "ソフトウェアの版がわかる",
    "spec_hours": "仕様で定めた対応時間",
    "start": "開始日",
    "start_weekday": "開始基準曜日",
    "steps": "作業の順",
    "support_id": "サポート ID の状態",
    "support_limit": "保守対応期限",
    "supported": "対象の一覧にある",
    "suspended": "中断中",
    "total_yen": "合計",
    "until": "期限",
    "warranty_printed": "保証書の年月",
    "warranty_years": "保証の年数",
    "weekday_changes": "開始基準曜日の変更",
    "work": "依頼の作業",
    "yen": "金額",
}

LEVELS = {1: "交換まで", 2: "交換とソフトウェアの導入まで", 3: "コンフィグの読み込みまで"}
"""IX-WRK-04: how far the work on site goes."""

_TELLING = (
    "outcome",
    "end",
    "opens_at",
    "new_end",
    "allowed",
    "free",
    "refund",
    "until",
    "by",
    "payable_yen",
    "total_yen",
    "level",
    "confidential",
    "buyable",
    "effective",
)

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

VALUES = {
    "accept": "承諾",
    "accept_late": "承諾（期限後）",
    "address": "住所",
    "addressees": "お知らせの宛先",
    "air": "航空機",
    "allowance": "日当",
    "already_known": "すでに知っていた",
    "application": "お客様の申し込み",
    "became_public": "公になった",
    "blocked": "停止中",
    "card": "カード",
    "card_deadline_passed": "お手続期限の後",
    "communication": "通信",
    "company_name": "会社名",
    "config": "コンフィグ",
    "contact": "ご連絡先",
    "cooperation": "お客様の協力",
    "customer": "お客様",
    "decision": "担当者の判断",
    "desk": "窓口",
    "disagree_with_terms": "約款に同意しない",
    "double_charge": "二重の支払い",
    "end_of_sale": "新規販売終了",
    "ended_early": "途中終了",
    "entered_after_receipt": "記入日が受領日より後",
    "exchange": "交換",
    "ground": "近郊の交通",
    "hardware": "ハードウェア",
    "hours": "対応時間帯",
    "incomplete": "記入不足",
    "independent": "独自に作り出した",
    "install_config": "コンフィグを読み込む",
    "install_software": "ソフトウェアを入れる",
    "late": "申し込みの期限の後",
    "late_refusal": "回答期限の後の拒絶",
    "late_registration": "登録の遅れ",
    "lateness_unknown": "期限内か確かめられない",
    "lodging": "宿泊",
    "marked": "秘密の表示あり",
    "measure": "設置の高さの測定",
    "media": "媒体・消耗品",
    "no_served_day": "提供できる日がない",
    "not_approved": "承諾がない",
    "not_serve": "対応しない",
    "option_not_covered": "対象でないオプション",
    "oral": "口頭",
    "other": "その他",
    "outage": "利用できなかった期間",
    "outside_japan": "日本国外に設置",
    "pack": "保守ライセンス",
    "parts_retention": "部品の保有期間の終了",
    "phone": "電話番号",
    "proof": "購入日の書類",
    "provider": "提供者",
    "purchase_after_receipt": "購入日が受領日より後",
    "reception": "受付",
    "refuse": "拒絶",
    "refused_by_operator": "承諾の拒絶",
    "restore_factory": "工場出荷の状態に戻す",
    "second_body": "本体が2台以上",
    "seller": "ご購入元",
    "serial": "製造番号の確認",
    "serial_unknown": "シリアル No. が台帳にない",
    "serve": "対応する",
    "service_days": "対応日",
    "shared_card_is_itself": "代表カードがこのカード自身",
    "ship": "船舶",
    "shipped": "出荷日",
    "site": "設置場所の確認",
    "software": "ソフトウェア",
    "stopped_using": "利用の中止",
    "suspend": "休止",
    "terminated": "解約",
    "third_party": "第三者から得た",
    "transfer": "権利の譲渡",
    "unit": "対象機器",
    "unknown": "不明",
    "unmarked": "秘密の表示なし",
    "utilities": "電気・光熱",
    "valid": "有効",
    "web": "ウェブ",
    "years": "年数",
    **dict(Outcome.choices),
    **{code: f"{day}曜日" for code, day in zip(_WEEK, "月火水木金土日", strict=True)},
}


def pairs(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Facts or an answer as (name, value) in Japanese, in their own order; no line for missing grounds."""
    return [(_label(name), shown(name, value)) for name, value in values.items() if (name, value) != ("basis", None)]


def gist(answer: Mapping[str, Any]) -> str:
    """An answer without an outcome in one line: its first date, moment or amount that says something."""
    for name in _TELLING:
        if answer.get(name) is not None:
            return f"{_label(name)}: {shown(name, answer[name])}"
    return ""


def _label(name: str) -> str:
    if name in NAMES:
        return NAMES[name]
    return FIELDS[name].label if name in FIELDS else name


def shown(name: str, value: Any) -> str:
    """One value: dates, moments and money as people write them, codes as words."""
    if value is None:
        return "なし"
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if name == "level":
        return LEVELS[value]
    if isinstance(value, int):
        return yen(value) if name.endswith("yen") else str(value)
    if isinstance(value, Mapping):
        filled = {part: given for part, given in value.items() if given not in (None, "")}
        return "、".join(f"{label}: {text}" for label, text in pairs(filled))
    if isinstance(value, list):
        return "、".join(shown(name, item) for item in value) or "なし"
    text = str(value)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return japanese_moment(date.fromisoformat(text))
    if re.match(r"\d{4}-\d{2}-\d{2}T", text):
        return japanese_moment(datetime.fromisoformat(text))
    return _word(text)


def _word(code: str) -> str:
    """A code in words: of the interface, of a field, of the terms; what names an option part by part."""
    for known in (VALUES, NAMES, _terms_words()):
        if code in known:
            return known[code]
    if code in FIELDS:
        return FIELDS[code].label
    parts = re.fullmatch(r"(options)\.(.+)\.(quantity)", code) or re.fullmatch(r"(option_not_covered):(.+)", code)
    return " ".join(map(_word, parts.groups())) if parts else code


@cache
def _terms_words() -> Mapping[str, str]:
    """What the editions call the works they exclude, the costs they charge and the heads of damages they name."""
    found = {}
    for edition in catalog.every_edition():
        found |= {excluded.code: excluded.short for excluded in edition.exclusion}
        found |= {cost.code: cost.name for cost in edition.cost_item}
        found |= {head.code: head.label for head in edition.damages.head} if edition.damages else {}
    return found
