"""What the registers of personal information call things."""

from django.db.models import TextChoices


class EntryKind(TextChoices):
    """What a row of the ledger says that no confirmation of a form says."""

    EXPLICIT = "explicit", "版への同意"
    BY_USE = "by_use", "利用によるみなし同意"
    INSTALLATION = "installation", "設置時の確認"
    ACKNOWLEDGED = "acknowledged", "確認"
    MANDATE = "mandate", "代理の根拠"
    PURPOSE = "purpose", "利用目的への同意"
    MATERIAL = "material", "資料の請求"
    DISCLOSURE = "disclosure", "第三者への開示の承諾"
    WITHDRAWAL = "withdrawal", "撤回"
    CORRECTION = "correction", "訂正"


class Channel(TextChoices):
    """How it came."""

    PORTAL = "portal", "お客様の画面"
    PAPER = "paper", "書面"
    PHONE = "phone", "電話"
    MAIL = "mail", "メール"
    USE = "use", "利用"
    STAFF = "staff", "担当者の記録"


class RequestKind(TextChoices):
    """What somebody may ask about personal information (IX-PII-04, VA-REG-16, VA-PRI-05, VA-PRI-06)."""

    SEE = "see", "確認・開示"
    CORRECT = "correct", "訂正"
    ERASE = "erase", "消去"
    STOP = "stop", "利用の停止"
    REPORT = "report", "取扱いの報告"
    RETURN = "return", "返却"


class RequestState(TextChoices):
    HELD = "held", "本人確認待ち"
    OPEN = "open", "対応中"
    DONE = "done", "完了"
    DECLINED = "declined", "応じない"


class DisclosureKind(TextChoices):
    """Why something is shown to somebody outside."""

    PUBLIC_BODY = "public_body", "官公署・裁判所の求め"
    SUBCONTRACTOR = "subcontractor", "再委託先"
    THIRD_PARTY = "third_party", "第三者"
    ANONYMOUS = "anonymous", "特定できない統計"


class StepKind(TextChoices):
    """What happened with a disclosure, in order."""

    TOLD = "told", "相手方へ事前に通知"
    BARRED = "barred", "法令により通知できない"
    ASKED = "asked", "秘密としての取扱いを要請"
    APPROVED = "approved", "承認"
    DISCLOSED = "disclosed", "開示"
    REFUSED = "refused", "開示しない"


class LeakCause(TextChoices):
    MISSENT = "missent", "誤送信・誤配"
    LOST = "lost", "紛失"
    ACCESS = "access", "不正アクセス"
    THEFT = "theft", "盗難・持ち出し"
    FAULT = "fault", "プログラムの誤り"
    OTHER = "other", "その他"
    UNKNOWN = "unknown", "調査中"


class LeakStepKind(TextChoices):
    CUSTOMER = "customer", "お客様へ連絡"
    PRELIMINARY = "preliminary", "個人情報保護委員会へ速報"
    FINAL = "final", "個人情報保護委員会へ確報"
    PERSON = "person", "ご本人へ通知"
    MEASURE = "measure", "対策"
    NOTE = "note", "経過"
    CLOSED = "closed", "終結"


class CopyKind(TextChoices):
    """What was done with entrusted data."""

    OPENED = "opened", "閲覧"
    COPIED = "copied", "複製"
    RETURNED = "returned", "返却"
    ERASED = "erased", "消去"
