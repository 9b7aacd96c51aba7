"""The answers somebody acted on."""

from django.db import models


class Decision(models.Model):
    """One answer of the terms on which somebody acted. Never changed: the runtime login may only add."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="decisions")
    at = models.DateTimeField("日時")
    actor = models.CharField("判断した人", max_length=120)
    act = models.CharField("行ったこと", max_length=60)
    about = models.CharField("対象", max_length=60)
    """The reference of what was acted on: an application, an agreement or a case."""
    topic = models.CharField("問い", max_length=40)
    service = models.CharField("サービス", max_length=40)
    edition = models.CharField("版", max_length=40)
    question = models.JSONField("質問")
    answer = models.JSONField("回答")
    reasons = models.JSONField("根拠")

    class Meta:
        # "Which answers were acted on for this case?"
        indexes = [models.Index(fields=["about", "id"], name="decision_by_subject")]

    def __str__(self) -> str:
        return f"{self.about} {self.topic}"
