"""Storage of the registers of personal information. Written by this package's own modules only."""

from django.db import models
from django.db.models import Q

from hoshu.files.prose import ProseCharField, ProseField
from hoshu.privacy.words import (
    Channel,
    CopyKind,
    DisclosureKind,
    EntryKind,
    LeakCause,
    LeakStepKind,
    RequestKind,
    RequestState,
    StepKind,
)


class LedgerEntry(models.Model):
    """同意の台帳: what the confirmations of a form and the editions of an agreement do not say (MM-DOC-09, RC-PII-04).

    Only ever added: a correction and a withdrawal are rows of their own that point at the earlier one.
    """

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    agreement = models.ForeignKey("contracts.Agreement", models.PROTECT, null=True, related_name="+")
    kind = models.CharField("種類", max_length=12, choices=EntryKind.choices)
    item = models.CharField("内容", max_length=40, blank=True)
    """The id of a confirmation, or the code of a purpose."""
    service = models.CharField("サービス", max_length=40)
    edition = models.CharField("約款の版", max_length=40)
    sha256 = models.CharField(max_length=64)
    """Of the edition's text: the words that were shown cannot be exchanged later."""
    person = ProseCharField("同意した人", max_length=80)
    text = ProseField("文面")
    clauses = models.JSONField("条項", default=list)
    at = models.DateTimeField("日時")
    until = models.DateField("期限", null=True)
    channel = models.CharField("経路", max_length=10, choices=Channel.choices)
    mandate = ProseCharField("代理の根拠", max_length=200, blank=True)
    evidence = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    recipient = ProseCharField("開示する相手", max_length=120, blank=True)
    purpose = ProseCharField("目的", max_length=120, blank=True)
    items = models.JSONField("項目", default=list)
    earlier = models.ForeignKey("self", models.PROTECT, null=True, related_name="later")
    """The row that this one corrects or withdraws."""
    consent = models.ForeignKey("contracts.Consent", models.PROTECT, null=True, related_name="+")
    """The confirmation of a form that this row corrects or withdraws."""
    recorded_at = models.DateTimeField("記録日時")
    recorded_by = models.CharField("記録した人", max_length=120)

    class Meta:
        indexes = [
            # "What did this customer agree to?" and "… under this agreement?"
            models.Index(fields=["tenant", "-at", "-id"], name="ledger_by_tenant"),
            models.Index(fields=["agreement", "id"], name="ledger_by_agreement"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["withdrawal", "correction"])
                | Q(earlier__isnull=False, consent=None)
                | Q(earlier=None, consent__isnull=False),
                name="ledger_points_at_one",
            ),
            models.UniqueConstraint(fields=["consent"], condition=Q(kind="withdrawal"), name="consent_withdrawn_once"),
            models.UniqueConstraint(fields=["earlier"], condition=Q(kind="withdrawal"), name="entry_withdrawn_once"),
            # The first use decides; later ones are further evidence of another kind.
            models.UniqueConstraint(
                fields=["agreement", "edition", "item"], condition=Q(kind="by_use"), name="used_once_each_way"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.text}"


class PersonRequest(models.Model):
    """お申し出: somebody asks what is held of a person, to correct or erase it (IX-PII-04, VA-REG-16, VA-PRI-05)."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    kind = models.CharField("種類", max_length=10, choices=RequestKind.choices)
    state = models.CharField("状態", max_length=10, choices=RequestState.choices)
    requester = ProseCharField("お申し出の方", max_length=80)
    relation = ProseCharField("ご本人との関係", max_length=80)
    channel = models.CharField("経路", max_length=10, choices=Channel.choices)
    identified_by = ProseCharField("本人確認の方法", max_length=200, blank=True)
    """Empty until somebody made sure who asks; nothing is shown before."""
    identified_at = models.DateTimeField("本人確認の日時", null=True)
    name = ProseCharField("対象の方のお名前", max_length=80, blank=True)
    email = models.EmailField("対象の方のメール", blank=True)
    phone = models.CharField("対象の方の電話番号", max_length=40, blank=True)
    asked = ProseField("お申し出の内容")
    received_at = models.DateTimeField("受付日時")
    received_by = models.CharField("受け付けた人", max_length=120)
    answer = ProseField("回答", blank=True)
    answered_at = models.DateTimeField("回答日時", null=True)
    answered_by = models.CharField("回答した人", max_length=120, blank=True)
    exported_at = models.DateTimeField("書き出し日時", null=True)
    erased_at = models.DateTimeField("消去日時", null=True)
    erased = models.JSONField("消去したもの", default=dict)
    """Name of a table → how many rows; what stayed stands under `kept` with its reason."""

    class Meta:
        indexes = [
            # "Which requests wait?"
            models.Index(fields=["received_at", "id"], name="request_open", condition=Q(state__in=["held", "open"])),
            models.Index(fields=["tenant", "-id"], name="request_by_tenant"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="held") | Q(state="declined") | Q(identified_at__isnull=False, identified_by__gt=""),
                name="request_identified_first",
            ),
            models.CheckConstraint(
                condition=~Q(name="", email="", phone="") | ~Q(kind__in=["see", "correct", "erase"]),
                name="request_names_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"お申し出 {self.pk}"


class ErasedRow(models.Model):
    """消去の記録: that what was personal in one row is gone, since when and why; the row itself stays."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    table = models.CharField("表", max_length=63)
    row_id = models.BigIntegerField()
    at = models.DateTimeField("日時")
    request = models.ForeignKey(PersonRequest, models.PROTECT, null=True, related_name="+")
    run = models.ForeignKey("privacy.RetentionRun", models.PROTECT, null=True, related_name="+")
    destruction = models.ForeignKey("contracts.Destruction", models.PROTECT, null=True, related_name="+")

    class Meta:
        # "Was this row erased already?"
        indexes = [models.Index(fields=["table", "row_id"], name="erased_row")]
        constraints = [
            models.CheckConstraint(
                condition=Q(request__isnull=False, run=None, destruction=None)
                | Q(request=None, run__isnull=False, destruction=None)
                | Q(request=None, run=None, destruction__isnull=False),
                name="erased_for_one_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}"


class RetentionRule(models.Model):
    """保存期間: how long a category is kept after its end, where the operator sets it; the newest of each counts."""

    category = models.CharField("区分", max_length=20)
    months = models.PositiveSmallIntegerField("保存する月数")
    reason = ProseCharField("理由", max_length=200)
    set_at = models.DateTimeField("設定日時")
    set_by = models.CharField("設定した人", max_length=120)

    def __str__(self) -> str:
        return f"{self.category} {self.months}"


class RetentionRun(models.Model):
    """保存期間の点検: what is over its time on a day, and what of it was erased. A dry run only counts."""

    as_of = models.DateField("基準日")
    dry = models.BooleanField("試行")
    started_at = models.DateTimeField("開始")
    started_by = models.CharField("実行した人", max_length=120)
    finished_at = models.DateTimeField("終了", null=True)
    found = models.JSONField("対象", default=dict)
    """Category → how many rows were over their time when it began."""
    done = models.JSONField("消去", default=dict)
    """Category → how many rows are erased so far: an interrupted run goes on where it stopped."""
    kept = models.JSONField("残すもの", default=dict)

    class Meta:
        indexes = [models.Index(fields=["-as_of", "-id"], name="retention_newest")]

    def __str__(self) -> str:
        return f"{self.as_of:%Y-%m-%d}"


class Disclosure(models.Model):
    """開示の台帳: to whom what is shown, on what ground (RC-PII-04, IX-CONF-04, VA-CNF-05, SP-CNF-06, VA-CNF-06)."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    agreement = models.ForeignKey("contracts.Agreement", models.PROTECT, null=True, related_name="+")
    kind = models.CharField("種類", max_length=14, choices=DisclosureKind.choices)
    recipient = ProseCharField("開示する相手", max_length=120)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    """The subcontractor, where it is one."""
    ground = ProseCharField("根拠", max_length=200)
    """The law or order, the contract with its number, or the consent."""
    clause = models.CharField("条項", max_length=60, blank=True)
    items = models.JSONField("項目")
    reason = ProseField("必要な理由")
    demanded_at = models.DateTimeField("求めを受けた日時", null=True)
    at = models.DateTimeField("記録日時")
    actor = models.CharField("記録した人", max_length=120)
    content_sha256 = models.CharField(max_length=64, blank=True)
    """Of what was given, where it was a table."""

    class Meta:
        indexes = [models.Index(fields=["tenant", "-id"], name="disclosure_by_tenant")]

    def __str__(self) -> str:
        return f"{self.recipient}"


class DisclosureStep(models.Model):
    """A step on the way to a disclosure, with its time. Only ever added."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    disclosure = models.ForeignKey(Disclosure, models.PROTECT, related_name="steps")
    kind = models.CharField("段階", max_length=10, choices=StepKind.choices)
    at = models.DateTimeField("日時")
    text = ProseField("内容", blank=True)
    irregular = models.BooleanField("手順の抜け", default=False)
    """Disclosed without the steps before it: an incident somebody has to look into."""
    decision = models.ForeignKey("decisions.Decision", models.PROTECT, null=True, related_name="+")
    actor = models.CharField("記録した人", max_length=120)
    actor_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["disclosure"], condition=Q(kind="disclosed"), name="disclosed_once")
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Leak(models.Model):
    """漏えい等の台帳: an incident with personal information, or the suspicion of one (VA-PRI-07, RC-PII-05)."""

    found_at = models.DateTimeField("知った日時")
    """From this moment the periods of the law run."""
    how = ProseField("見つかった経緯")
    what = ProseField("起きたこと")
    cause = models.CharField("原因", max_length=10, choices=LeakCause.choices)
    malicious = models.BooleanField("不正の目的のおそれ")
    reportable = models.BooleanField("委員会への報告の対象")
    why_reportable = ProseCharField("報告の対象とした理由・しない理由", max_length=200)
    items = models.JSONField("漏えいした項目")
    measures = ProseField("対策", blank=True)
    recorded_at = models.DateTimeField("記録日時")
    recorded_by = models.CharField("記録した人", max_length=120)
    closed_at = models.DateTimeField("終結日時", null=True)

    class Meta:
        indexes = [models.Index(fields=["found_at", "id"], name="leak_open", condition=Q(closed_at=None))]
        constraints = [
            models.CheckConstraint(condition=Q(closed_at=None) | Q(measures__gt=""), name="leak_closed_with_measures")
        ]

    def __str__(self) -> str:
        return f"漏えい等 {self.pk}"


class LeakStep(models.Model):
    """What was done about a leak, whom it told, when. Only ever added."""

    leak = models.ForeignKey(Leak, models.PROTECT, related_name="steps")
    kind = models.CharField("種類", max_length=12, choices=LeakStepKind.choices)
    at = models.DateTimeField("日時")
    whom = ProseCharField("相手", max_length=120, blank=True)
    text = ProseField("内容")
    actor = models.CharField("記録した人", max_length=120)

    def __str__(self) -> str:
        return self.get_kind_display()


class LeakCustomer(models.Model):
    """A customer whose data are concerned: told without delay, once (VA-PRI-07)."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    leak = models.ForeignKey(Leak, models.PROTECT, related_name="customers")
    told_at = models.DateTimeField("連絡した日時", null=True)
    told_whom = ProseCharField("連絡した方", max_length=120, blank=True)
    told_text = ProseField("連絡の内容", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["leak", "tenant"], name="leak_customer_once")]

    def __str__(self) -> str:
        return f"{self.leak} {self.tenant}"


class LeakPerson(models.Model):
    """A person concerned, as the records knew them when the leak was recorded."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    leak = models.ForeignKey(Leak, models.PROTECT, related_name="persons")
    name = ProseCharField("お名前", max_length=80, blank=True)
    email = models.EmailField("メール", blank=True)
    phone = models.CharField("電話番号", max_length=40, blank=True)
    source = models.CharField("記録の場所", max_length=60)
    message = models.ForeignKey("notifications.Message", models.PROTECT, null=True, related_name="+")
    told_at = models.DateTimeField("通知した日時", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["leak", "tenant", "name", "email"], name="leak_person_once")]

    def __str__(self) -> str:
        return self.name or self.email


class DataAccess(models.Model):
    """取扱いの記録: who opened or copied entrusted data for what (VA-PRI-01, VA-PRI-02, MM-CND-14)."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    kind = models.CharField("取扱い", max_length=10, choices=CopyKind.choices)
    about = models.CharField("事案・契約の番号", max_length=60)
    purpose = ProseCharField("目的", max_length=120)
    place = ProseCharField("複製の場所", max_length=120, blank=True)
    at = models.DateTimeField("日時")
    actor = models.CharField("取り扱った人", max_length=120)

    class Meta:
        indexes = [models.Index(fields=["tenant", "-id"], name="access_by_tenant")]
        constraints = [models.CheckConstraint(condition=~Q(about=""), name="access_with_reference")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.about}"
