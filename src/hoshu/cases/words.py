"""The words of a case: each choice with its Japanese name, and the clause where one stands behind it."""

from django.db.models import TextChoices


class Channel(TextChoices):
    """How the call arrived (IX-FLT-01)."""

    PHONE = "phone", "電話"
    EMAIL = "email", "メール"
    PORTAL = "portal", "お客様画面"
    OTHER = "other", "その他"


class State(TextChoices):
    """Where a case stands; the comment names who acts next."""

    UNMATCHED = "unmatched", "未照合"  # the desk finds the registration, or the caller reads the label
    ISOLATING = "isolating", "切り分け未了"  # the customer finds out which unit failed
    ASKING = "asking", "情報待ち"  # the customer gives information
    DECIDING = "deciding", "判断待ち"  # the desk decides
    ARRANGING = "arranging", "手配待ち"  # the dispatcher plans the visit
    PLANNED = "planned", "訪問予定"  # the engineer goes
    WORKING = "working", "作業中"  # the engineer works
    PAUSED = "paused", "中断"  # the engineer resumes
    COMPLETED = "completed", "完了"  # nobody
    CLOSED = "closed", "派遣せず終了"  # nobody

    @classmethod
    def finished(cls) -> list[str]:
        """States in which nobody acts any more."""
        return [cls.COMPLETED, cls.CLOSED]


class Outcome(TextChoices):
    """The answer of the terms on this request, in the words of the decision interface."""

    COVERED = "covered", "対象"
    CHARGEABLE = "chargeable", "有償"
    EXCLUDED = "excluded", "対象外"
    NOT_COVERED = "not_covered", "期間外"
    ON_HOLD = "on_hold", "保留"
    REFUSED = "refused", "受付拒否"

    @classmethod
    def served(cls) -> list[str]:
        """Outcomes under which somebody may come, so that everything has to be known."""
        return [cls.COVERED, cls.CHARGEABLE, cls.ON_HOLD]


class Symptom(TextChoices):
    """③ 障害状況 (IX-FLT-03-3)."""

    NO_POWER = "no_power", "電源が入らない"
    REBOOTS = "reboots", "リブートする"
    NO_LINK = "no_link", "リンクアップしない"
    NO_TRAFFIC = "no_traffic", "通信できない"
    ERRORS = "errors", "エラーが頻発する"
    TIMEOUTS = "timeouts", "pingが時々タイムアウトする"
    OTHER = "other", "その他"


class Evidence(TextChoices):
    """④ 確証情報: why the customer takes it for a hardware fault (IX-FLT-03-4)."""

    POWER = "power", "局電源の状況"
    LED = "led", "LEDの点灯状況"
    CABLE = "cable", "ケーブル断の有無"
    SETTINGS = "settings", "設定情報の誤りの有無"
    LOG = "log", "ログ情報の分析の有無"
    OTHER = "other", "その他"


class Backup(TextChoices):
    """⑥ The customer's latest configuration backup (IX-FLT-03-6, IX-SVC-03); unanswered counts as not provided."""

    FILE = "file", "ファイルを受領済み"
    ON_SITE = "on_site", "訪問時に渡す"
    NONE = "none", "ない"
    UNREADABLE = "unreadable", "読み込めない"


class EventKind(TextChoices):
    OPENED = "opened", "受付"
    MATCHED = "matched", "照合"
    INFORMATION = "information", "情報の追記"
    JUDGED = "judged", "判定"
    RULING = "ruling", "判断"
    EXCLUSION = "exclusion", "除外作業"
    CONTACT = "contact", "連絡"
    COOPERATION = "cooperation", "協力のお願い"
    STATEMENT = "statement", "お客様の申告"
    DISPATCH = "dispatch", "派遣の判断"
    VISIT = "visit", "訪問の予定"
    WORK = "work", "作業"
    EXCHANGE = "exchange", "交換"
    COMPLETED = "completed", "完了"
    CLOSED = "closed", "終了"
    RECURRENCE = "recurrence", "再発"
    NOTE = "note", "メモ"


class RulingAbout(TextChoices):
    """What a person decides where the terms leave it to one, with the clause that does so."""

    SITE = "site", "登録と違う設置場所"  # 第3章 7. (IX-CHG-09)
    CONDITIONS = "conditions", "使用条件の違反"  # 第3章 1.(3) (IX-PRE-03)
    EVIDENCE = "evidence", "情報がそろわない派遣判断"  # 第3章 6.(6) (OR-46)
    EXCLUSION = "exclusion", "除外作業"  # 第3章 5. (OR-51)
    OTHER = "other", "その他"


class StepKind(TextChoices):
    """The work on site in its order (IX-WRK-02)."""

    ARRIVAL = "arrival", "到着"
    MOVED_AWAY = "moved_away", "業務の退避と作業用PCの準備(お客様)"
    REMOVAL = "removal", "故障品の取外し"
    EXCHANGE = "exchange", "代替品との交換"
    RECEIPT = "receipt", "代替品の受領(お客様)"
    INSTALL_SOFTWARE = "install_software", "ソフトウェアの導入"
    INSTALL_CONFIG = "install_config", "コンフィグの読み込み"
    BROUGHT_BACK = "brought_back", "業務の復帰(お客様)"
    COLLECTION = "collection", "故障品の回収"
    REPORT_SIGNED = "report_signed", "作業報告書への署名"


class CooperationKind(TextChoices):
    """What the provider may ask of the customer (IX-DUT-10, IX-FLT-06), with its clause."""

    MATERIALS = "materials", "資料と情報の提供"  # 第4章 4.(2)①
    COMMUNICATION = "communication", "通信環境の用意"  # 第4章 4.(2)②
    STOPPING = "stopping", "対象製品の停止"  # 第4章 4.(2)③
    INFORMATION = "information", "その他の情報"  # 第3章 6.(7)


class StatementKind(TextChoices):
    """What the customer declared or was found to have (not) done."""

    IDENTIFIED = "identified", "故障した機器の特定"  # 第3章 1.(2)
    JAPANESE = "japanese", "対応は日本語である旨の案内"  # 第3章 1.(1)
    TEMPORARY = "temporary", "復旧までの代替手段"  # 第3章 6.(2)
    EQUIPMENT = "equipment", "作業用機材の準備"  # 第3章 6.(4)
    ENTRY = "entry", "入館の条件"  # 第3章 6.(5)
    SAFETY_RULES = "safety_rules", "安全衛生の規則"  # 第3章 6.(5)
    LATEST_BACKUP = "latest_backup", "最新のバックアップである旨の申告"  # 第3章 2.(3)②
    CAUSE_ASKED = "cause_asked", "原因の照会"  # 第3章 1.(6)
    EXPENSE_CLAIM = "expense_claim", "費用の請求"  # 第3章 6.(5)
    MONEY_CLAIM = "money_claim", "やり直し以外の請求"  # 第4章 6.(2)
    DUTY = "duty", "協力事項の不履行"  # 第4章 4.(1)


class Erasure(TextChoices):
    """The customer's declaration before the failed unit changes hands (IX-DUT-01)."""

    ERASED = "erased", "消去した"
    IMPOSSIBLE = "impossible", "消去できなかった"
    NOTHING = "nothing", "該当する情報はない"


class Collection(TextChoices):
    """Where the failed unit is (IX-OWN-02)."""

    PLANNED = "planned", "回収予定"
    COLLECTED = "collected", "回収済"
    KEPT = "kept", "未回収"


class ExchangedPart(TextChoices):
    BODY = "body", "本体"
    OPTION = "option", "オプション"
    PART = "part", "部品"


class SuspendedPart(TextChoices):
    """The kinds of work a suspension covers (IX-MYN-03)."""

    ALL = "all", "サービスの全部"
    ON_SITE = "on_site", "訪問して行う作業"
    DATA = "data", "データを扱う作業"


class CauseCode(TextChoices):
    """The operator's internal cause code; no customer sees it (IX-PRE-06)."""

    POWER_UNIT = "power_unit", "電源部"
    BOARD = "board", "基板"
    PORT = "port", "ポート"
    MEMORY = "memory", "メモリ・記憶部"
    COOLING = "cooling", "冷却部"
    SOFTWARE = "software", "ソフトウェア"
    OUTSIDE = "outside", "機器の外"
    NONE_FOUND = "none_found", "再現せず"
    OTHER = "other", "その他"
