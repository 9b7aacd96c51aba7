"""The outbox: every mail and letter that leaves, as it was written, and what became of it."""

from django.db import models
from django.db.models import F, Q

from hoshu import catalog
from hoshu.files.prose import ProseCharField, ProseField
from hoshu.notifications.messages.facts import Purpose


class Letter(models.Model):
    """A document as PDF. Kept as printed; `data` is what it was printed from."""

    class State(models.TextChoices):
        PRINTED = "printed", "作成済"
        HELD = "held", "保留"

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    name = models.CharField("種類", max_length=40)
    """A name of `letters.LETTERS`."""
    about = models.CharField("対象", max_length=60, blank=True)
    """The reference of what it is about: an application or an agreement; empty for a sheet of labels."""
    filename = models.CharField("ファイル名", max_length=130)
    data = models.JSONField("内容")
    state = models.CharField("状態", max_length=10, choices=State.choices)
    missing = models.CharField("印字できない文字", max_length=200, blank=True)
    """Characters that the letter font does not hold: nothing is printed until somebody names others for them."""
    pdf = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    release = models.CharField("作成した版", max_length=20)
    """The release of this program whose templates and font printed it: the same one prints the same bytes again."""
    created_at = models.DateTimeField("作成日時")

    class Meta:
        # "Which letter of this kind was issued last about this matter?"
        indexes = [models.Index(fields=["about", "name", "-id"], name="letter_last_issued")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="printed", pdf__isnull=False, missing="") | (Q(state="held") & ~Q(missing="")),
                name="letter_printed_or_held",
            )
        ]

    def __str__(self) -> str:
        return self.filename


class Message(models.Model):
    """One mail to one address. Its text is what was sent, word for word; a second sending is a second row."""

    class State(models.TextChoices):
        HELD = "held", "保留"  # its letter can not be printed yet
        WAITING = "waiting", "送信待ち"
        SENDING = "sending", "送信中"
        SENT = "sent", "送信済"
        BOUNCED = "bounced", "宛先不明"
        FAILED = "failed", "失敗"
        CANCELLED = "cancelled", "取消"

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    kind = models.CharField("種類", max_length=40)
    """An id of `messages.REGISTRY`."""
    purpose = models.CharField("利用目的", max_length=20)
    """The purpose of use of the personal data in it, one of `messages.Purpose` (IX-PII-01)."""
    service = models.CharField("サービス", max_length=40, blank=True)
    edition = models.CharField("約款の版", max_length=40, blank=True)
    """Of the matter it is about, where it has one."""
    purpose_code = models.CharField("約款の利用目的", max_length=20, blank=True)
    """The purpose, of those that its edition lists, for which the address is used (RC-PUR-03); empty: it lists none."""
    reason = models.CharField("送った理由", max_length=200, blank=True)
    """What made it be sent (RC-PUR-03). Empty in rows from before reasons were kept."""
    to = models.EmailField("宛先")
    subject = ProseCharField("件名", max_length=200)
    text = ProseField("本文")
    html = ProseField("本文(HTML)")
    letter = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="messages")
    about = models.CharField("対象", max_length=60, blank=True)
    """The reference of what it is about: an application, an agreement or a case."""
    key = models.CharField(max_length=120, null=True)  # noqa: DJ001  NULL: may be sent any number of times
    """What may be sent only once: a second `put` with it gives back the first row."""
    resend_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="resent_as")
    state = models.CharField("状態", max_length=10, choices=State.choices)
    created_at = models.DateTimeField("作成日時")
    attempts = models.PositiveIntegerField("試行回数", default=0)
    next_at = models.DateTimeField("次の送信", null=True)
    """When to try (again); while SENDING, when the worker that took it is taken for dead."""
    lease = models.UUIDField(null=True)
    """Who took it: only the holder may record the result."""
    sent_at = models.DateTimeField("送信日時", null=True)
    provider_id = models.CharField("送信番号", max_length=120, blank=True)
    """The Message-ID under which it went out, the same at each try, so that a receiver can tell a repetition."""
    error = models.CharField("エラー", max_length=400, blank=True)
    handled_at = models.DateTimeField("対応日時", null=True)
    """When somebody dealt with a mail that did not arrive; until then it is a task."""
    handled_by = models.CharField("対応した人", max_length=120, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="message_newest"),
            models.Index(fields=["tenant", "-created_at"], name="message_by_tenant"),
            models.Index(fields=["about", "id"], name="message_by_subject"),
            models.Index(fields=["next_at", "id"], name="message_due", condition=Q(state__in=["waiting", "sending"])),
            models.Index(
                fields=["created_at", "id"],
                name="message_unhandled",
                condition=Q(state__in=["held", "bounced", "failed"], handled_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "key"], name="message_once", nulls_distinct=False, condition=Q(key__isnull=False)
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["waiting", "sending"]) | Q(next_at__isnull=False), name="message_has_next_try"
            ),
            models.CheckConstraint(condition=~Q(state="sending") | Q(lease__isnull=False), name="message_taken_by"),
            models.CheckConstraint(condition=~Q(state="sent") | Q(sent_at__isnull=False), name="message_sent_when"),
            models.CheckConstraint(condition=Q(resend_of=None) | ~Q(resend_of=F("id")), name="message_not_itself"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def used_for(self) -> str:
        """For what the address is used, as its edition calls it, with the clause: 「運営上の連絡（第4条 (2)）」."""
        terms = catalog.edition(self.service, self.edition).use if self.purpose_code else None
        listed = terms.purpose if terms else ()
        named = (f"{one.name}（{one.clause}）" for one in listed if one.code == self.purpose_code)
        return next(named, Purpose[self.purpose].value)

    @property
    def is_task(self) -> bool:
        """Can it not go or did it not arrive, and has nobody dealt with it?"""
        stuck = {self.State.HELD, self.State.BOUNCED, self.State.FAILED}
        return self.state in stuck and self.handled_at is None
