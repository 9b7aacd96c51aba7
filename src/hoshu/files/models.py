"""Files that people hand over: cards, proofs of purchase, configuration backups, logs."""

from django.db import models
from django.db.models import Q

from hoshu.files.prose import ProseCharField


class StoredFile(models.Model):
    """One file and what is decided about it. Its content stands apart (`FileContent`), so that no list loads it."""

    class Purpose(models.TextChoices):
        CARD = "card", "お客様登録カード"
        PROOF = "proof", "購入日を確認できる書類"
        OWNER_CONSENT = "owner_consent", "所有者の承諾書"
        TRANSFER_CONSENT = "transfer_consent", "契約者の変更の承諾書"
        BACKUP = "backup", "設定のバックアップ"
        LOG = "log", "ログ"
        DUMP = "dump", "メモリダンプ"
        PHOTO = "photo", "写真"
        SAFETY_RULES = "safety_rules", "入館・安全の規則"
        TABLE = "table", "取り込む表"
        OTHER = "other", "その他の資料"

    class State(models.TextChoices):
        AVAILABLE = "available", "利用可"
        HELD = "held", "隔離中"
        RETURNED = "returned", "返却済"
        DESTROYED = "destroyed", "破棄済"

    class HeldFor(models.TextChoices):
        DECLARED = "declared", "個人番号を含むと連絡を受けた"
        FOUND = "found", "個人番号とみられる番号が見つかった"
        UNANSWERED = "unanswered", "個人番号を含むかの回答がない"
        REPORTED = "reported", "個人番号を含むことが後で分かった"

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    """None until it is known whose file it is: then staff only."""
    purpose = models.CharField("種類", max_length=20, choices=Purpose.choices)
    original_name = ProseCharField("元の名前", max_length=400)
    name = ProseCharField("名前", max_length=130)
    """Cleaned (see `files.names`), with an ending that fits the content."""
    media_type = models.CharField("形式", max_length=100)
    pages = models.IntegerField("ページ数", null=True)
    size = models.IntegerField("大きさ")
    sha256 = models.CharField(max_length=64)
    declared_personal_number = models.BooleanField("個人番号を含むとの申告", null=True)
    state = models.CharField("状態", max_length=10, choices=State.choices)
    held_for = models.CharField("隔離の理由", max_length=10, choices=HeldFor.choices, blank=True)
    arrived_at = models.DateTimeField("到着日時")
    arrived_by = models.CharField("登録者", max_length=120)
    decided_at = models.DateTimeField("処置日時", null=True)
    decided_by = models.CharField("処置した人", max_length=120, blank=True)
    note = ProseCharField("処置の内容", max_length=400, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "-arrived_at"], name="file_by_tenant"),
            models.Index(fields=["arrived_at"], name="file_held", condition=Q(state="held")),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(state="held") | ~Q(held_for=""), name="file_held_for_a_reason"),
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "destroyed"]) | (Q(decided_at__isnull=False) & ~Q(note="")),
                name="file_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def waits_for(self) -> str:
        """Who has to act next; empty where nobody has."""
        if self.state != self.State.HELD:
            return ""
        return "お客様の回答" if self.held_for == self.HeldFor.UNANSWERED else "返却か破棄の判断"


class FileContent(models.Model):
    """The bytes. The database gives them out only while the file is AVAILABLE and erases them when it ends.

    That is row-level security and a trigger (migration 0001), not a habit of this program: held unreadable means that
    no screen, job or mistake of ours can read it (IX-MYN-04). It has no tenant of its own: it is seen with its file.
    """

    file = models.OneToOneField(StoredFile, models.PROTECT, primary_key=True, related_name="stored")
    content = models.BinaryField()

    def __str__(self) -> str:
        return str(self.file_id)
