"""Editions of terms as they are worked on and as they were published. Written by this package's own modules only."""

import hashlib

from django.conf import settings
from django.db import models


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


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()
