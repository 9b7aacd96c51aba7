"""Editions of terms as they are worked on and as they were published, and what is published beside them.

Written by this package's own modules only.
"""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Q

from hoshu.files.prose import ProseCharField, ProseField


class PublishedEdition(models.Model):
    """A published edition, word for word. Never changed or deleted: the runtime login may only add."""

    service = models.CharField("サービス", max_length=40)
    edition = models.CharField("版", max_length=40)
    in_force = models.DateField("適用開始日")
    text = models.TextField("本文")
    sha256 = models.CharField("SHA-256", max_length=64)
    published_at = models.DateTimeField("公表日時")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="公表した人"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "edition"], name="published_once"),
            models.UniqueConstraint(fields=["service", "in_force"], name="published_for_one_day"),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.edition}"


class Draft(models.Model):
    """An edition in the making: any text, also one that cannot be read yet."""

    title = models.CharField("下書きの名前", max_length=80)
    text = models.TextField("本文", blank=True)
    service = models.CharField("サービス", max_length=40, blank=True)
    """As the text says; empty while it cannot be read."""
    edition = models.CharField("版", max_length=40, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="作成した人")
    version = models.PositiveIntegerField(default=1)
    """Raised at every save: who saves over a newer version is told instead (nothing is lost)."""
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="保存した人")
    updated_at = models.DateTimeField("更新日時")

    def __str__(self) -> str:
        return self.title


class EditionSupply(models.Model):
    """When an edition was supplied to a seller (MM-DOC-01). Never changed: a seller is supplied once."""

    service = models.CharField("サービス", max_length=40)
    edition = models.CharField("版", max_length=40)
    seller = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+", verbose_name="販売店")
    supplied_at = models.DateTimeField("お渡しした日時")
    recorded_by = models.CharField("記録した人", max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "edition", "seller"], name="edition_supplied_once")]

    def __str__(self) -> str:
        return f"{self.service} {self.edition}"


class EditionOpening(models.Model):
    """The first time that a person opened an edition (MM-DOC-05): until then it is marked as new for them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    service = models.CharField("サービス", max_length=40)
    edition = models.CharField("版", max_length=40)
    opened_at = models.DateTimeField("開いた日時")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "service", "edition"], name="edition_opened_once")]

    def __str__(self) -> str:
        return f"{self.service} {self.edition}"


class DetailChange(models.Model):
    """A small change of a service that stays within its document and needs no notice (MM-OVR-11). For staff."""

    service = models.CharField("サービス", max_length=40)
    changed_on = models.DateField("変えた日")
    what = ProseCharField("変えたこと", max_length=400)
    recorded_at = models.DateTimeField("記録日時")
    recorded_by = models.CharField("記録した人", max_length=120)

    class Meta:
        indexes = [models.Index(fields=["service", "-changed_on", "-id"], name="detail_changes_of_service")]

    def __str__(self) -> str:
        return self.what


class ServiceDesk(models.Model):
    """Where the desk of a service is reached (MM-SUP-02). What is empty is told separately."""

    service = models.CharField("サービス", max_length=40, unique=True)
    phone = models.CharField("相談窓口の電話", max_length=40, blank=True)
    email = models.EmailField("相談窓口のメール", blank=True)

    def __str__(self) -> str:
        return self.service


class Work(models.Model):
    """Something published to the customers of a service: information, a document, a program (VA-PRO-02, RC-IPR-01)."""

    service = models.CharField("サービス", max_length=40)
    product_code = models.CharField("品番", max_length=40, blank=True)
    """Only for who holds this product; empty for everybody who uses the service."""
    individual_service = models.CharField("個別サービス", max_length=40, blank=True)
    """Only for who uses this service under the roof; empty for everybody."""
    title = ProseCharField("題名", max_length=200)
    version = models.CharField("版", max_length=40)
    right_holder = models.CharField("権利者", max_length=120)
    notice = models.CharField("添えた文", max_length=400)
    """What the terms say beside it, as it was when it was published."""
    text = ProseField("本文", blank=True)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name="ファイル")
    file_name = models.CharField("ファイル名", max_length=130, blank=True)
    """The file's own row is for staff only."""
    published_at = models.DateTimeField("公開日時")
    published_by = models.CharField("公開した人", max_length=120)
    withdrawn_at = models.DateTimeField("取り下げた日時", null=True)

    class Meta:
        indexes = [models.Index(fields=["service", "-published_at", "-id"], name="works_of_service")]
        constraints = [
            models.CheckConstraint(condition=~Q(right_holder=""), name="work_has_right_holder"),
            models.CheckConstraint(condition=~Q(text="") | Q(file__isnull=False), name="work_holds_something"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"


class WorkReceipt(models.Model):
    """That somebody of a customer read a work, or took its file: supplied to whom, and when. Never changed."""

    class Kind(models.TextChoices):
        READ = "read", "閲覧"
        DOWNLOADED = "downloaded", "保存"

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+", verbose_name="お客様")
    work = models.ForeignKey(Work, models.PROTECT, related_name="receipts", verbose_name="資料")
    kind = models.CharField("種類", max_length=10, choices=Kind.choices)
    person = models.CharField("閲覧した人", max_length=120)
    at = models.DateTimeField("日時")

    class Meta:
        # "Who was supplied with this work?" and "Has this customer read it?"
        indexes = [models.Index(fields=["work", "tenant", "kind", "at"], name="receipts_of_work")]

    def __str__(self) -> str:
        return f"{self.work_id} {self.kind}"


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()
