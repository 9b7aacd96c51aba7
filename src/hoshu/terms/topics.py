"""Every topic of the engine, once. A new one is a module of that name with its `TOPIC`, and its name here."""

from collections.abc import Iterator, Mapping
from importlib import import_module

from .topic import Topic

LABELS: Mapping[str, str] = {
    "coverage": "提供期間",
    "registration": "登録の承諾",
    "window": "対応時間",
    "entitlement": "対応の可否",
    "restoration": "復旧の範囲",
    "fee": "作業の料金",
    "alarm": "通報への対応",
    "software_support": "ソフトウェアの支援",
    "upgrade": "新しい版の提供",
    "change": "登録内容の変更",
    "extension": "期間の延長",
    "refund": "返金",
    "terms_change": "約款の変更",
    "reperformance": "作業のやり直し",
    "confidentiality": "秘密の扱い",
    "damages": "損害の賠償",
    "costs": "費用の負担",
    "transfer": "権利の譲渡",
    "ending": "契約の終了",
    "handover": "個人番号を含む資料の扱い",
    "inquiry": "問い合わせの期限",
    "billing": "利用料の請求",
    "insurance": "付帯の保険",
    "failure_level": "障害のレベル",
    "slo": "稼働率",
    "maintenance": "保守のお知らせ",
    "desk_scope": "相談窓口の範囲",
    "rating": "アラートの重要度",
    "alert_mail": "アラートのメール",
    "stop_notice": "停止のお知らせ",
    "heartbeat": "機器の動作の判定",
    "traffic": "検知の対象の通信",
    "retention": "検知の情報の保存",
    "average": "ほかの会社との比較",
    "replacement_age": "機器の交換の時期",
    "erase": "情報の破棄",
    "telemetry": "収集できる情報",
    "contact": "接続の向き",
    "admission": "報告の受け入れ",
    "use": "情報の利用目的",
    "disclosure": "情報の開示",
}
"""What people call each question, by its name."""


class _Topics(Mapping[str, Topic]):
    """Topics by name. Each is imported when it is first asked for, as a command asks one or two of them."""

    def __getitem__(self, name: str) -> Topic:
        if name not in LABELS:
            raise KeyError(name)
        topic: Topic = import_module(f"{__package__}.{name}").TOPIC
        return topic

    def __contains__(self, name: object) -> bool:
        return name in LABELS

    def __iter__(self) -> Iterator[str]:
        return iter(LABELS)

    def __len__(self) -> int:
        return len(LABELS)


TOPICS: Mapping[str, Topic] = _Topics()
