"""What people call each member of an answer, and each code that a question or an answer may hold: data of `naming`.

Questions stand in `topics.LABELS`, facts carry their own names (`Fact.label`), and what an edition defines is named
there. A member of a record, or of the records of a list, is written with a dot: `deadlines.last_day`.
"""

from collections.abc import Mapping
from typing import Any

from hoshu.catalog.desk import ConditionKind
from hoshu.dates import WEEKDAY_NAMES

from .costs import KINDS
from .vocabulary import PART_NAMES

Code = str | int | None
"""None is a code as well: what it means that a member is null."""

Names = Mapping[Any, str]
"""Names by code."""

_DAY_OFF = {"day_off": "休業日にあたる期限"}

ANSWERS: Mapping[str, Mapping[str, str]] = {
    "coverage": {
        "counted_from": "起点",
        "start": "提供開始日",
        "end": "サポート満了日",
        "cap": "満了を早めたもの",
        "purchase_basis": "購入日の根拠",
        "days_used": "登録前に過ぎた日数",
        "in_time": "期限内の申し込み",
        "warranty_end": "無償保証の満了日",
        **{f"{part}_end": f"{name}の満了日" for part, name in PART_NAMES.items()},
    },
    "registration": {
        "outcome": "結果",
        "missing": "足りないもの",
        "flags": "確認事項",
        "apply_by": "申し込みの期限",
        "answer_by": "お断りを知らせる期限",
        "refund": "返金する",
        "deadlines": "期限ごとの判断",
        "deadlines.counted_from": "起点",
        "deadlines.last_day": "期限",
        "deadlines.in_time": "申し込みが期限内",
        **_DAY_OFF,
    },
    "window": {
        "open": "いま対応時間内",
        "opens_at": "対応が始まる日時",
        "closes_at": "対応が終わる日時",
        "attend_by": "着手の目標",
    },
    "entitlement": {
        "outcome": "結果",
        "attend_from": "対応できる日時",
        "out_of_hours": "時間外",
        "needs": "必要なこと",
        "customer_pays": "お客様が負担する費用",
        "basis": "対応の根拠",
        "elements": "範囲ごとの扱い",
        "elements.work": "作業",
        "elements.parts": "部品",
        "elements.consumables": "消耗品",
        "elements.travel": "出張",
        "elements.media": "記録媒体",
        "elements.settings": "設定",
        "elements.software": "ソフトウェア",
        "elements.data": "データ",
        "elements.utilities": "電気・光熱",
    },
    "restoration": {
        "steps": "作業の順",
        "left_to_customer": "お客様にお願いする作業",
        "level": "復旧の段階",
        "result": "復旧の程度",
        "table2": "システムディスクの復旧",
    },
    "fee": {
        "base_yen": "基本料金",
        "units": "追加の単位",
        "per_engineer_yen": "技術員1人の料金",
        "tax_yen": "消費税",
        "total_yen": "合計",
    },
    "alarm": {
        "acted_on": "通報に対応する",
        "call_from": "電話をかける日時",
        "retry_from": "かけ直す日時",
        "arrange_dispatch": "派遣を手配する",
        "dispatch_waits": "連絡がつくまで出発しない",
        "starts_on": "通報サービスの開始日",
        "late_minutes": "届くまでの時間（分）",
    },
    "software_support": {
        "outcome": "結果",
        "code": "お答えできない質問",
        "received_at": "受け付けた日時",
        "used": "質問の回数",
        "remaining": "残りの回数",
        "decided_by": "優先する定め",
    },
    "upgrade": {
        "supply": "お渡しする",
        "old_until": "前の版の支援の最後の日",
        "new_from": "新しい版の支援の最初の日",
        "new_until": "新しい版の支援の最後の日",
    },
    "change": {
        "allowed": "変更できる",
        "in_time": "届け出が期限内",
        "notify_by": "届け出の期限",
        "earliest_safe": "間に合う最も早い日",
        "options": "変更後のオプション",
        "options.code": "型番",
        "options.quantity": "数量",
        "inquiries": "照会するオプション",
        "refused_lines": "受け付けないオプション",
        **_DAY_OFF,
    },
    "extension": {
        "buyable": "購入できる",
        "by_approval": "承認が必要",
        "from": "販売開始日",
        "new_end": "延長後の満了日",
    },
    "refund": {"refund": "返金する", "by": "返金を求められる期限", "payer": "返金する人", **_DAY_OFF},
    "terms_change": {
        "effective": "適用する日",
        "binds_existing": "契約済みのお客様にも適用する",
        "consented": "新しい版に同意した",
    },
    "reperformance": {
        "free": "無償でやり直す",
        "provisional": "仮に扱う",
        "until": "やり直しの期限",
        "recur_by": "再発とみなす期限",
        "claim_by": "連絡の期限",
        **_DAY_OFF,
    },
    "confidentiality": {
        "confidential": "秘密情報にあたる",
        "provisional": "仮に扱う",
        "until": "秘密とする期限",
        "document_by": "書面などで示す期限",
        **_DAY_OFF,
    },
    "damages": {
        "cap_yen": "賠償の上限",
        "payable_yen": "お支払いする額",
        "remaining_yen": "残りの上限",
        "held_yen": "確認待ちの額",
        "claim_by": "請求の期限",
        "in_time": "請求が期限内",
        **_DAY_OFF,
    },
    "costs": {
        "billed": "請求するもの",
        "borne_by_customer": "お客様に直接ご負担いただくもの",
        "held": "確認待ちのもの",
        "not_billed": "請求しないもの",
        "total_yen": "請求の合計",
    },
    "transfer": {"allowed": "移転できる"},
    "ending": {
        "allowed": "終えられる",
        "from": "終えられる最初の日",
        "refund": "返金する",
        "perform_by": "催告の期間の最後の日",
        "debts_due": "債務の支払期日",
        **_DAY_OFF,
    },
    "handover": {"treatment": "扱い"},
    "inquiry": {
        "answer_due": "回答の期限の日",
        "answer_due_at": "回答の期限",
        "in_time": "回答が期限内",
        "interim_required": "一次回答が必要",
        "ask_expected_at": "回答の予定を尋ねる日時",
        "auto_close_after": "自動で終了するまでの期限",
        "remind_on": "念のためのお知らせの日",
        "same_inquiry": "同じ問合せとして続ける",
        **_DAY_OFF,
    },
    "billing": {
        "first_billed": "料金がかかり始める日",
        "usable_until": "利用できる最後の日",
        "months": "料金がかかる月",
        "free": "無償の月",
        "total_yen": "料金の合計",
    },
    "insurance": {
        "result": "支払いの見込み",
        "codes": "見込みを決めた条件",
        "period": "保険の期間",
        "period.start": "初日",
        "period.end": "末日",
        "visit_by": "駆け付けの期限",
        "last_desk_day": "相談窓口の最後の営業日",
        "pays_yen": "保険から支払われる見込みの額",
        "customer_yen": "お客様の負担",
        "uses_call": "保険の回数を使う",
        **_DAY_OFF,
    },
    "failure_level": {
        "level": "障害のレベル",
        "contact_customer": "お客様に連絡する",
        "contact_by": "連絡の目標",
        "in_time": "連絡が目標に間に合う",
    },
    "slo": {
        "availability": "稼働率（％）",
        "met": "目標を満たす",
        "total_s": "月の長さ（秒）",
        "excluded_s": "対象から除く時間（秒）",
        "down_s": "止まっていた時間（秒）",
        "state": "集計",
        "availability_excluding_unannounced": "お知らせのない作業も除いた稼働率（％）",
        "met_excluding_unannounced": "お知らせのない作業も除いて目標を満たす",
    },
    "maintenance": {
        "notice_by": "お知らせの期限",
        "in_time": "お知らせが期限内",
        "remind_on": "念のためのお知らせの日",
        "needs": "足りないもの",
        **_DAY_OFF,
    },
    "desk_scope": {"in_scope": "窓口の範囲内", "allowed": "お受けできる", "needs": "足りないもの"},
    "rating": {"mail": "メールに示す重要度", "stars": "件名の★", "follow_up": "結果を別のメールで知らせる"},
    "alert_mail": {
        "mails": "送るメール",
        "mails.at": "送る日時",
        "mails.contract": "契約",
        "mails.stars": "件名の★",
        "mails.count": "アラートの件数",
        "order": "本文に並べるアラート",
    },
    "stop_notice": {"mails": "メールを送る日時"},
    "heartbeat": {
        "state": "機器の状態",
        "judged_at": "止まったと判断する日時",
        "causes": "連絡のない時間の内訳",
        "causes.code": "原因",
        "causes.seconds": "長さ（秒）",
    },
    "traffic": {"inspected": "検査の対象になる"},
    "retention": {"keep_until": "保存の期限", "may_delete": "消してよい", **_DAY_OFF},
    "average": {"shown": "平均を表示する", "average": "各社の平均（件）", "difference": "自社との差（件）"},
    "replacement_age": {
        "replace_by": "交換の期限",
        "warn_on": "前もってお知らせする日",
        "due": "交換の時期を過ぎた",
        **_DAY_OFF,
    },
    "erase": {
        "destroy": "いま消す",
        "release": "残す理由がなくなる日",
        "destroy_from": "消す日",
        "backups_by": "控えから消す期限",
    },
    "telemetry": {
        "allowed": "受け取る項目",
        "dropped": "捨てる項目",
        "category": "項目の分類",
        "version": "項目の一覧の版",
        "only_on": "きっかけが要る項目",
    },
    "contact": {"allowed": "接続できる", "refused_keys": "送れない項目"},
    "admission": {
        "admit": "報告を受け取る",
        "late": "遅れて届いた",
        "store": "保存する",
        "code": "受け取らない理由",
    },
    "use": {"allowed": "利用できる", "needs": "足りないもの"},
    "disclosure": {"allowed": "開示できる項目", "refused": "開示できない項目", "needs": "足りないもの"},
}
"""By question: the members of its answer."""

_DAY_OF_THE_WEEK = dict(
    zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), (f"{name}曜日" for name in WEEKDAY_NAMES), strict=True)
)

SHARED_CODES: Mapping[str, str] = {
    "customer": "お客様",
    "provider": "提供者",
    "seller": "ご購入元",
    "other": "その他",
    "unknown": "不明",
    "none": "なし",
    "yes": "あり",
    "no": "なし",
    **_DAY_OF_THE_WEEK,
    **PART_NAMES,
}
"""Codes that mean the same in every question."""

_NOT_KNOWN: Names = {None: "わかりません"}
_NOT_DECIDED: Names = {None: "担当者が判断します"}
_SUPPORT_ID = {"valid": "有効", "blocked": "停止中"}
_STEPS: Names = {
    "exchange": "交換する",
    "install_software": "ソフトウェアを入れる",
    "install_config": "コンフィグを読み込む",
    "restore_factory": "工場出荷の状態に戻す",
    "restore_settings": "設定を復旧する",
    "set_address": "アドレスを設定する",
    "set_backup_software": "バックアップソフトウェアを設定する",
    "set_ups": "UPSを設定する",
    "automatic_rebuild": "ディスクアレイの自動の復旧を待つ",
    "hearing": "聞き取りをする",
}
_KEPT_ON_FILE: Names = {"name": "氏名", "address": "住所", "phone": "電話番号", "mail": "メールアドレス"}
_REPLY_KEYS: Names = {
    "result": "結果",
    "receivedAt": "受け取った日時",
    "refusedFields": "受け取らなかった項目",
    "errorCode": "エラーの番号",
    "errorText": "エラーの説明",
    "nextReportAfterSeconds": "次の報告までの秒数",
    "allowListVersion": "項目の一覧の版",
    "certificateRenewal": "証明書の更新",
}
_AMOUNT: Names = {None: "まだ決まりません"}

CODES: Mapping[str, Mapping[str, Names]] = {
    "coverage": {
        "start": {None: "提供できる日がありません"},
        "cap": {"ended_early": "途中での終了"},
        "purchase_basis": {"proof": "購入日の書類", "shipped": "出荷日"},
        "in_time": _NOT_KNOWN,
        "ended_part": {"all": "全体"},
    },
    "registration": {
        "outcome": {"accept": "承諾", "accept_late": "承諾（期限後）", "refuse": "拒絶", "incomplete": "記入不足"},
        "missing": {
            "agreement": "約款への同意",
            "antisocial_declaration": "反社会的勢力でないことの約束",
            "application": "お客様の申し込み",
            "customer": "お客様のお名前",
            "ground": "お断りの理由",
            "payment": "お支払いの確認",
            "privacy_consent": "個人情報の扱いへの同意",
        },
        "flags": {
            "already_registered": "別のライセンスに登録済み",
            "card_deadline_passed": "お手続期限の後",
            "customer_kind_unclear": "お客様の区分が不明",
            "delivery_name_differs": "お届け先の組織名が違う",
            "entered_after_receipt": "記入日が受領日より後",
            "late": "申し込みの期限の後",
            "late_refusal": "お断りの期限の後の拒絶",
            "lateness_unknown": "期限内か確かめられない",
            "model_not_listed": "対象の機種の一覧にない",
            "no_served_day": "提供できる日がない",
            "not_an_organisation": "企業や団体でない",
            "not_approved": "承諾がない",
            "not_connected": "インターネットに接続していない",
            "not_on_the_web": "ウェブの登録でない",
            "option_not_covered": "対象でないオプション",
            "other_organisation": "契約していない組織での利用",
            "outside_japan": "日本国外に設置",
            "pack_after_receipt": "ライセンスの購入日が受領日より後",
            "pack_returned": "返金済み",
            "purchase_after_receipt": "購入日が受領日より後",
            "purchase_unproven": "購入日の証明がない",
            "refused": "承諾の拒絶",
            "second_body": "本体が2台以上",
            "serial_unknown": "シリアル No. が台帳にない",
            "shared_card_is_itself": "代表カードがこのカード自身",
            "support_id_unusable": "サポートIDを確かめられない",
            "warranty_card_incomplete": "保証書の記入不足",
        },
        "deadlines.in_time": _NOT_KNOWN,
        "channel": {"web": "ウェブ", "card": "カード"},
        "support_id": _SUPPORT_ID,
        "customer_kind": {
            "company": "企業",
            "organisation": "団体",
            "individual": "個人",
            "sole_proprietor": "個人事業主",
        },
        "payment": {"confirmed": "確認済み", "deferred": "後払い", "open": "未確認"},
    },
    "window": {
        "opens_at": {None: "始まる日がありません"},
        "closes_at": {None: "終わりません（24時間）"},
    },
    "entitlement": {
        "outcome": {
            "covered": "対象",
            "chargeable": "有償",
            "excluded": "対象外",
            "not_covered": "期間外",
            "on_hold": "保留",
            "refused": "受付拒否",
        },
        "out_of_hours": _NOT_KNOWN,
        "needs": {
            "consent": "お客様のご同意",
            "cooperation": "お客様の協力",
            "decision": "担当者の判断",
            "device_number": "機器管理番号の確認",
            "estimate": "見積もり",
            "label": "機器管理ラベルの確認",
            "measure": "対策の確認",
            "registration": "登録",
            "serial": "製造番号の確認",
            "site": "設置場所の確認",
            "support_id": "サポートIDの確認",
            "warranty_card": "保証書のご提示",
        },
        "basis": {"pack": "保守ライセンス", "warranty": "無償保証", "both": "保守ライセンスと無償保証"},
        "elements": {
            "covered": "含む",
            "customer_pays": "お客様のご負担",
            "excluded": "含まない",
            "on_condition": "条件による",
        },
        "support_id": _SUPPORT_ID,
        "decision": {"serve": "対応する", "not_serve": "対応しない"},
        "expenses": KINDS,
    },
    "restoration": {
        "steps": _STEPS,
        "left_to_customer": _STEPS,
        "level": {1: "交換まで", 2: "交換とソフトウェアの導入まで", 3: "コンフィグの読み込みまで"},
        "result": {"full": "すべて", "partial": "一部", "replacement_only": "交換だけ"},
        "part": {
            "system_disk": "システムディスク",
            "mainboard": "マザーボード",
            "lan_board": "LANボード",
            "tape": "テープ装置",
            "ups": "UPS装置",
            "ups_battery": "UPS装置のバッテリー",
            "appliance_option": "専用オプション",
        },
    },
    "fee": {"basis": {"excluded": "サービスに含まない作業", "out_of_hours": "対応時間の外の作業"}},
    "alarm": {"late_minutes": _NOT_KNOWN},
    "software_support": {
        "outcome": {"accept": "受け付け", "on_hold": "保留", "refused": "お断り"},
        "used": _NOT_KNOWN,
        "remaining": {None: "回数の定めはありません"},
        "decided_by": {"spec": "製品の仕様書", "terms": "約款"},
    },
    "change": {
        "kind": {
            "site": "設置場所",
            "options": "オプション",
            "contact": "ご連絡先",
            "addressees": "お知らせの宛先",
            "company_name": "会社名",
            "address": "住所",
            "phone": "電話番号",
            "start_weekday": "開始基準曜日",
            "unit": "対象機器",
            "hours": "対応時間帯",
            "service_days": "対応日",
            "years": "年数",
            "suspend": "休止",
            "transfer": "権利の譲渡",
        },
        "in_time": {None: "期限の定めはありません"},
        "options": {None: "登録済みのオプションがわかりません"},
    },
    "refund": {
        "reason": {
            "disagree_with_terms": "約款に同意しない",
            "refused_by_operator": "承諾の拒絶",
            "stopped_using": "利用の中止",
            "terminated": "解約",
            "end_of_sale": "新規販売の終了",
            "parts_retention": "部品の保有期間の終了",
            "late_registration": "登録の遅れ",
            "outage": "利用できなかった期間",
            "double_charge": "二重の支払い",
        },
        "refund": _NOT_DECIDED,
    },
    "terms_change": {"consented": _NOT_KNOWN},
    "confidentiality": {"form": {"marked": "秘密の表示あり", "oral": "口頭", "unmarked": "秘密の表示なし"}},
    "damages": {"cap_yen": {None: "上限の定めはありません"}, "in_time": _NOT_KNOWN},
    "costs": dict.fromkeys(("lines.kind", "billed", "borne_by_customer", "held", "not_billed"), KINDS),
    "transfer": {"allowed": _NOT_DECIDED},
    "ending": {"refund": _NOT_DECIDED},
    "handover": {
        "kind": {"upload": "ファイル", "print": "印刷物", "dump": "メモリダンプ"},
        "treatment": {
            "accept": "受け取る",
            "hold_unopened": "開かずに保管する",
            "decline": "受け取らない",
            "stop": "扱いをやめる",
        },
    },
    "inquiry": {"in_time": _NOT_KNOWN, "same_inquiry": {None: "返信はありません"}},
    "billing": {"total_yen": _NOT_KNOWN},
    "insurance": {
        "result": {"payable": "支払われる見込み", "pending": "保留", "not_payable": "対象外の見込み"},
        "scan": {
            "done": "実施済み",
            "proof": "実施済み（証明あり）",
            "exempt": "窓口が免除",
            "none": "未実施",
        },
        "pays_yen": _AMOUNT,
        "customer_yen": _AMOUNT,
        "uses_call": _AMOUNT,
    },
    "failure_level": {
        "level": _NOT_DECIDED,
        "contact_customer": _NOT_DECIDED,
        "in_time": _NOT_KNOWN,
    },
    "slo": {
        "state": {"open": "確定前", "no_time": "対象の時間がない", "final": "確定"},
        "met": _AMOUNT,
        "availability": _AMOUNT,
        "met_excluding_unannounced": _AMOUNT,
        "availability_excluding_unannounced": _AMOUNT,
    },
    "maintenance": {
        "in_time": _NOT_KNOWN,
        "needs": {
            "posted": "ポータルへの掲載",
            "mailed": "メールなどの連絡",
            "reason": "理由の記録",
            "approver": "承認者の記録",
        },
    },
    "desk_scope": {
        "requester": {"administrator": "お客様の管理者", "unregistered": "登録のない人"},
        "needs": {
            "administrator": "お客様の管理者からの問い合わせ",
            "verification": "お客様の管理者であることの確認",
            "open_case": "続いている保険の件か、駆け付けの期限が残るアラート",
            "reason": "範囲外とする理由の記録",
            "approver": "承認者の記録",
        },
    },
    "traffic": {"protocol": {"arp": "ARP"}},
    "average": {"average": {None: "表示しません"}, "difference": {None: "表示しません"}},
    "replacement_age": {"due": _NOT_KNOWN},
    "erase": {"destroy_from": {None: "まだ決まりません"}, "backups_by": {None: "まだ決まりません"}},
    "contact": {
        "initiated_by": {"device": "機器", "centre": "センター"},
        "destination": {"fqdn": "名前（FQDN）", "address": "IPアドレス"},
        "answer_keys": _REPLY_KEYS,
        "refused_keys": _REPLY_KEYS,
    },
    "admission": {
        "certificate": {
            "valid": "有効",
            "expired": "期限切れ",
            "not_yet": "有効期間の前",
            "revoked": "失効",
            "foreign": "ほかの発行元",
            "wrong_usage": "用途が違う",
        },
        "sequence": {
            "new": "新しい番号",
            "repeat_same": "前と同じ番号で、同じ内容",
            "repeat_different": "前と同じ番号で、違う内容",
            "missing": "番号なし",
        },
    },
    "use": {
        "data": {"form": "申し込みなどの書類", "device": "機器"},
        "needs": {
            "deidentified": "個人を特定できない形への加工",
            "group_size": "決まった数以上のお客様の集計",
            "needed_by_service": "サービスに必要な項目であることの確認",
            "opt_in": "案内を受ける同意",
            "requested": "お客様からの求めの記録",
        },
    },
    "disclosure": {
        "recipient": {
            "organisation": "サービスを提供する組織",
            "re_subcontractor": "再委託先",
            "third_party": "第三者",
        },
        "consent.form": {"paper": "書面", "electronic": "電子的な記録"},
        "needs": {"agreement": "同等の義務を課す契約", "consent": "お客様の承諾"},
        **dict.fromkeys(("items", "needed", "consent.items", "allowed", "refused"), _KEPT_ON_FILE),
    },
}
"""By question and member, of its facts and of its answer: the codes that no edition defines.

Codes that are names of facts or of members of the answer are called as these are.
"""

UNLISTED: Mapping[str, Mapping[str, str]] = {
    "damages": {"lines.head": "分類されていない損害"},
    "traffic": {"protocol": "そのほかの種類"},
    "retention": dict.fromkeys(("holds", "holds.code"), "一覧にない理由"),
    "erase": dict.fromkeys(("holds", "holds.code"), "一覧にない理由"),
    "telemetry": {
        "fields": "一覧にない項目",
        "dropped": "一覧にない項目",
        "services": "一覧にないサービス",
        "occasions": "一覧にないきっかけ",
    },
    "contact": dict.fromkeys(("answer_keys", "refused_keys"), "一覧にない項目"),
    "use": {"purpose": "一覧にない目的"},
    "disclosure": dict.fromkeys(("items", "needed", "consent.items", "allowed", "refused"), "そのほかの項目"),
}
"""What is said instead of a code that somebody sent and nobody knows."""

RECORDS: Mapping[str, Mapping[str, str]] = {
    "form": {
        "first_time": "初めての登録",
    },
    "coverage": {"hardware_end": "ハードウェアの満了日", "software_end": "ソフトウェアの満了日"},
    "holds": {"code": "理由", "since": "理由が生じた日", "until": "最後の日"},
}
"""The members of records that the kind of a fact does not tell."""

CONDITIONS: Mapping[ConditionKind, str] = {
    "entitled": "駆け付けを利用できるアラート",
    "mail_issued": "重要アラートのメールの発行",
    "in_period": "保険の期間の中",
    "charged_month": "料金のかかる月",
    "in_use": "利用の終わる前",
    "scan": "フルスキャンの実施か証明",
    "recommended": "調査の勧め",
    "operator_listed": "紹介した業者の作業",
    "in_time": "期限までの駆け付け",
    "calls_left": "残りの回数",
    "own_network": "自ら使うネットワーク",
    "danger_evident": "明らかな不正アクセスかそのおそれ",
    "covered_cost": "補償する費用",
    "not_known_before": "前から知っていた出来事でない",
    "no_crime": "犯罪行為によらない",
    "no_violation": "法令違反などによらない",
    "mandates": "請求と受領の委任",
    "still_needed": "スキャンの後も必要な駆け付け",
}
"""Conditions of the insurance, to which an edition gives codes."""

ADMISSION: Mapping[str, str] = {
    "encryption": "通信の暗号化が足りない",
    "certificate": "証明書が有効でない",
    "identity": "機器が証明書と違う",
    "in_force": "規約が有効な期間の外",
    "sequence": "通し番号がない",
    "replay": "同じ通し番号で内容が違う",
    "before_acceptance": "規約が有効な期間の外",
    "clock": "機器の時計が進みすぎている",
    "backlog": "値が古すぎる",
}
"""Conditions of taking a report that are not met, to which an edition gives codes."""

SILENCE: Mapping[str, str] = {"centre_cause": "受信する側の停止", "open_cause": "まだ確かめられない原因"}
"""To what a stretch of silence is put down; an edition gives the codes."""

OUT_OF_HOURS = "対応時間の外の作業の料金"
"""A cost to which an edition gives a code."""

QUESTION: Mapping[str, str] = {
    "question": "質問",
    "ask": "質問の種類",
    "service": "サービス",
    "plan": "プラン",
    "edition": "版",
    "explain": "説明の指定",
    "facts": "事実",
}
"""The members of a question."""
