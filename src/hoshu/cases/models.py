"""Storage of cases. Written by this package's own modules only."""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat, LPad

from hoshu.cases.words import (
    Backup,
    CauseCode,
    Channel,
    Collection,
    CooperationKind,
    Erasure,
    EventKind,
    ExchangedPart,
    Outcome,
    RulingAbout,
    State,
    StatementKind,
    StepKind,
    SuspendedPart,
)
from hoshu.files.prose import ProseCharField, ProseField, ProseJSONField

OPEN = ~Q(state__in=State.finished())


class ForceMajeure(models.Model):
    """不可抗力事由: an event for whose delays neither side is liable (IX-FM-01, 第4章 14.)."""

    cause = ProseCharField("原因", max_length=120)
    started_at = models.DateTimeField("開始")
    ended_at = models.DateTimeField("終了", null=True)
    recorded_by = models.CharField("記録した人", max_length=120)

    def __str__(self) -> str:
        return self.cause


class Case(models.Model):
    """障害受付: one call about one unit, from the ringing phone to its end. No call is ever deleted.

    Without a tenant the unit is not known yet, and only staff see the row.
    """

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="cases", db_index=False)
    number = models.GeneratedField(
        # Also unique in the order of arrival, without a counter that calls would wait for.
        expression=Concat(Value("F"), LPad(Cast(F("id"), models.CharField()), 7, Value("0"))),
        output_field=models.CharField("受付番号", max_length=20),
        db_persist=True,
    )
    device = models.ForeignKey("contracts.Device", models.PROTECT, null=True, related_name="cases", db_index=False)
    agreement = models.ForeignKey("contracts.Agreement", models.PROTECT, null=True, related_name="cases")
    service = models.CharField("サービス", max_length=40)
    edition = models.CharField("約款の版", max_length=40, blank=True)

    # The call as it came
    channel = models.CharField("受付経路", max_length=10, choices=Channel.choices)
    received_at = models.DateTimeField("受付日時")
    opened_by = models.CharField("受け付けた人", max_length=120)
    caller_name = ProseCharField("お名前", max_length=80, blank=True)
    caller_company = ProseCharField("会社名", max_length=120, blank=True)
    caller_phone = models.CharField("電話番号", max_length=40, blank=True)
    caller_email = models.EmailField("メール", blank=True)
    told = ProseField("お申し出の内容", blank=True)

    # The six pieces of information (IX-FLT-03), in their order
    reported_as = models.CharField("お申し出の製造番号", max_length=80, blank=True)
    reported_serial = models.CharField(max_length=80, blank=True, editable=False)
    """`reported_as` as numbers are stored and searched (see `contracts.serials`)."""
    serial_confirmed = models.BooleanField("製造番号の読み合わせ済み", default=False)
    identified = models.BooleanField("故障した機器を特定済み", default=True)
    site_address = ProseCharField("設置場所の住所", max_length=200, blank=True)
    site_contact = ProseCharField("ご担当者", max_length=80, blank=True)
    site_phone = models.CharField("ご担当者の電話番号", max_length=40, blank=True)
    symptoms = models.JSONField("障害状況", default=list)
    symptom_note = ProseField("障害状況の補足", blank=True)
    evidence = ProseJSONField("確証情報", default=dict)
    """Kind of evidence → what the customer found."""
    software_version = ProseCharField("ソフトウェアのバージョン", max_length=40, blank=True)
    backup = models.CharField("コンフィグのバックアップ", max_length=10, choices=Backup.choices, blank=True)
    backup_date = models.DateField("バックアップの日付", null=True)

    # What else decides
    occurred_on = models.DateField("障害の発生日", null=True)
    """As the customer says; counts for a recurrence before the day of the call (OR-59)."""
    in_japan = models.BooleanField("国内", default=True)
    site_matches = models.BooleanField("登録の設置場所と一致", null=True)
    mounted_cm = models.PositiveIntegerField("設置の高さ(cm)", null=True)
    conditions_breached = models.BooleanField("使用条件の違反", null=True)

    # The warranty card, where the terms know a free warranty beside the service (VA-WAR-03)
    warranty_card_shown = models.BooleanField("保証書のご提示", null=True)
    warranty_numbers = models.CharField("保証書の番号", max_length=200, blank=True)
    """As read from the card, one or several."""
    warranty_until = models.DateField("保証の期限", null=True)
    """The last day of the free warranty as the card says it."""
    warranty_dealer = ProseCharField("取り次いだ販売店", max_length=120, blank=True)

    # The present answer; earlier ones stand in the decisions about this number
    outcome = models.CharField("判定", max_length=12, choices=Outcome.choices, blank=True)
    entitlement = models.ForeignKey("decisions.Decision", models.PROTECT, null=True, related_name="+")
    attend_from = models.DateTimeField("次の対応時間", null=True)
    """When work may begin by the plan's hours; never a promise of arrival (IX-WIN-08)."""
    attend_until = models.DateTimeField("対応時間の終わり", null=True)
    """When that window closes; none where it never does."""
    planned_level = models.PositiveSmallIntegerField("予定の作業範囲", null=True)

    # What people decided
    dispatch = models.BooleanField("派遣する", null=True)
    dispatch_reason = ProseField("派遣の判断の理由", blank=True)
    dispatched_by = models.CharField("派遣を判断した人", max_length=120, blank=True)
    dispatch_decided_at = models.DateTimeField("派遣の判断日時", null=True)
    planned_start = models.DateTimeField("訪問の予定", null=True)
    override_reason = ProseField("対応時間外とした理由", blank=True)
    assignee = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", db_index=False)
    force_majeure = models.ForeignKey(ForceMajeure, models.PROTECT, null=True, related_name="cases")

    # Where it stands: computed by `progress.settle` at each change
    state = models.CharField("状態", max_length=10, choices=State.choices)
    due_at = models.DateTimeField("次の期限", null=True)
    due_for = models.CharField("次にすること", max_length=40, blank=True)

    # The end, and the guarantee that starts with it (IX-GUA-01)
    finished_at = models.DateTimeField("終了日時", null=True)
    level_done = models.PositiveSmallIntegerField("行った作業範囲", null=True)
    restoration = models.ForeignKey("decisions.Decision", models.PROTECT, null=True, related_name="+")
    """The answer that named the level carried out, with its clause."""
    report = ProseField("作業内容", blank=True)
    """What was done, for the customer: it holds no cause (IX-PRE-06)."""
    reperform_until = models.DateField("やり直しの期限", null=True)
    earlier = models.ForeignKey("self", models.PROTECT, null=True, related_name="recurrences")
    same_fault = models.BooleanField("同じ障害", null=True)
    same_cause = models.BooleanField("同じ原因", null=True)
    reperformance = models.ForeignKey("decisions.Decision", models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            # "What must be done next?", for all, in one state, and for one person.
            models.Index(fields=["due_at", "id"], name="case_open_by_due", condition=OPEN),
            models.Index(fields=["state", "due_at", "id"], name="case_by_state"),
            models.Index(fields=["assignee", "due_at"], name="case_of_person", condition=OPEN),
            models.Index(fields=["-received_at", "-id"], name="case_by_arrival"),
            models.Index(fields=["tenant", "-id"], name="case_by_tenant"),
            models.Index(fields=["device", "-id"], name="case_by_device"),
            # Calls that wait for a registration of this number (IX-SVC-02).
            models.Index(fields=["reported_serial"], name="case_unmatched", condition=Q(device=None)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="case_number_once"),
            models.CheckConstraint(condition=Q(device=None) | Q(tenant__isnull=False), name="case_unit_has_tenant"),
            models.CheckConstraint(
                condition=Q(dispatch=None) | ~Q(dispatch_reason=""), name="dispatch_decided_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=State.finished()) | Q(finished_at__isnull=False), name="finished_case_has_moment"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CaseEvent(models.Model):
    """What happened in a case: when, who, what. Only ever added."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    at = models.DateTimeField("日時")
    actor = models.CharField("担当", max_length=120)
    kind = models.CharField("種類", max_length=12, choices=EventKind.choices)
    text = ProseField("内容")
    internal = models.BooleanField("社内のみ", default=False)
    """True: no customer is shown it."""

    def __str__(self) -> str:
        return self.text[:40]


class CaseFile(models.Model):
    """A file of a case, of the kind that its purpose names.

    A configuration is loaded only once somebody declared it the latest (IX-WRK-05).
    """

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="files")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    added_at = models.DateTimeField("受領日時")
    file_date = models.DateField("ファイルの日付", null=True)
    latest_declared_by = ProseCharField("最新と申告した人", max_length=80, blank=True)
    latest_declared_at = models.DateTimeField("最新と申告された日時", null=True)
    readable = models.BooleanField("読み込める", null=True)
    finding = ProseCharField("確認の結果", max_length=200, blank=True)

    def __str__(self) -> str:
        return str(self.file)


class Ruling(models.Model):
    """A person's decision where the terms leave it to one, with the finding behind it. Only ever added.

    IX-CHG-09, IX-PRE-03: what counts is the last ruling on each subject.
    """

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="rulings")
    about = models.CharField("対象", max_length=12, choices=RulingAbout.choices)
    serve = models.BooleanField("対応する")
    finding = ProseField("確認したこと")
    evidence = ProseField("根拠", blank=True)
    at = models.DateTimeField("日時")
    actor = models.CharField("判断した人", max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(finding=""), name="ruling_with_finding"),
            models.CheckConstraint(condition=~Q(actor=""), name="ruling_with_author"),
        ]

    def __str__(self) -> str:
        return f"{self.get_about_display()}: {'対応する' if self.serve else '対応しない'}"


class ExclusionTag(models.Model):
    """除外作業: a code of 第3章 5. on a case, with finding and evidence; withdrawn with a reason (IX-EXC-00)."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="exclusions")
    code = models.CharField("コード", max_length=12)
    as_cause = models.BooleanField("障害の原因として")
    """True: the fault itself comes from it; False: only a piece of work that was asked for is left out."""
    finding = ProseField("確認したこと")
    evidence = ProseField("根拠", blank=True)
    failed_part = ProseCharField("故障した部位", max_length=80, blank=True)
    decision = models.ForeignKey("decisions.Decision", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("日時")
    actor = models.CharField("付けた人", max_length=120)
    withdrawn_at = models.DateTimeField("取消日時", null=True)
    withdrawn_by = models.CharField("取り消した人", max_length=120, blank=True)
    withdrawal_reason = ProseField("取消の理由", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(finding=""), name="exclusion_with_finding"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawal_reason=""), name="exclusion_withdrawn_with_reason"
            ),
            models.UniqueConstraint(fields=["case", "code"], condition=Q(withdrawn_at=None), name="exclusion_once"),
        ]

    def __str__(self) -> str:
        return self.code


class WorkStep(models.Model):
    """One step of the work on site (IX-WRK-02): done at a moment, or skipped for a reason."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField("順序")
    kind = models.CharField("作業", max_length=20, choices=StepKind.choices)
    done_at = models.DateTimeField("実施日時", null=True)
    actor = models.CharField("実施した人", max_length=120, blank=True)
    result = ProseCharField("結果", max_length=200, blank=True)
    skipped_reason = ProseCharField("行わない理由", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], name="step_once"),
            models.CheckConstraint(condition=Q(done_at=None) | Q(skipped_reason=""), name="step_done_or_skipped"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Interruption(models.Model):
    """作業中断: from when, why, until when (IX-PRE-04 rain; IX-WIN-06 end of the window)."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="interruptions")
    started_at = models.DateTimeField("開始")
    reason = ProseCharField("理由", max_length=200)
    continues_at = models.DateTimeField("再開の予定", null=True)
    resumed_at = models.DateTimeField("再開", null=True)
    actor = models.CharField("記録した人", max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="interruption_with_reason"),
            models.UniqueConstraint(fields=["case"], condition=Q(resumed_at=None), name="interrupted_once"),
        ]

    def __str__(self) -> str:
        return self.reason


class ExchangeRecord(models.Model):
    """交換記録: what left, what came, when it was received and by whom (IX-OWN-01, IX-OWN-02, IX-DUT-01)."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="exchanges")
    part = models.CharField("交換したもの", max_length=10, choices=ExchangedPart.choices)
    unit = models.CharField("交換単位", max_length=80)
    removed_serial = models.CharField("故障品の製造番号", max_length=40)
    substitute_serial = models.CharField("代替品の製造番号", max_length=40)
    received_at = models.DateTimeField("受領日時")
    """The moment at which both units change owners (第3章 4.)."""
    received_by = ProseCharField("受領された方", max_length=80)
    erasure = models.CharField("データの消去", max_length=12, choices=Erasure.choices, blank=True)
    erasure_by = ProseCharField("消去を申告した方", max_length=80, blank=True)
    erasure_at = models.DateTimeField("消去の申告日時", null=True)
    handover_consent = models.BooleanField("消去できないままの引渡しへの同意", default=False)
    export_notice_at = models.DateTimeField("輸出管理の案内日時")
    collection = models.CharField("故障品", max_length=10, choices=Collection.choices, default=Collection.PLANNED)
    collected_at = models.DateTimeField("回収日時", null=True)
    kept_reason = ProseCharField("未回収の理由", max_length=200, blank=True)
    recorded_by = models.CharField("記録した人", max_length=120)

    class Meta:
        # Failed units that have not come back yet (IX-OWN-02).
        indexes = [models.Index(fields=["received_at"], name="uncollected", condition=~Q(collection="collected"))]
        constraints = [
            models.CheckConstraint(
                condition=~Q(removed_serial="") & ~Q(substitute_serial="") & ~Q(received_by=""),
                name="exchange_complete",
            ),
            models.CheckConstraint(
                condition=~Q(collection=Collection.COLLECTED) | Q(collected_at__isnull=False),
                name="collected_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.removed_serial} → {self.substitute_serial}"


class CooperationRequest(models.Model):
    """協力のお願い: what was asked of the customer, until when it is wished, what came back (IX-DUT-10, IX-FLT-06)."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="requests")
    kind = models.CharField("種類", max_length=15, choices=CooperationKind.choices)
    content = ProseField("内容")
    asked_at = models.DateTimeField("依頼日時")
    asked_by = models.CharField("依頼した人", max_length=120)
    wished_by = models.DateTimeField("希望の期限", null=True)
    answered_at = models.DateTimeField("回答日時", null=True)
    answer = ProseField("回答", blank=True)
    complied = models.BooleanField("協力あり", null=True)

    def __str__(self) -> str:
        return self.content[:40]


class Statement(models.Model):
    """お客様の申告・履行の記録 (IX-PRE-02, IX-DUT-02 … IX-DUT-09). Only ever added."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="statements")
    kind = models.CharField("種類", max_length=15, choices=StatementKind.choices)
    at = models.DateTimeField("日時")
    person = ProseCharField("お客様のお名前", max_length=80, blank=True)
    text = ProseField("内容")
    agreed = models.BooleanField("了承", null=True)
    recorded_by = models.CharField("記録した人", max_length=120)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="statement_with_facts")]

    def __str__(self) -> str:
        return self.text[:40]


class Suspension(models.Model):
    """サービスの中断 while access control for personal numbers is missing (IX-MYN-03, 第4章 9.(2))."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    agreement = models.ForeignKey("contracts.Agreement", models.PROTECT, related_name="suspensions")
    finding = ProseField("確認したこと")
    parts = models.JSONField("範囲")
    started_at = models.DateTimeField("開始")
    started_by = models.CharField("決めた人", max_length=120)
    notified_at = models.DateTimeField("お客様への通知", null=True)
    measure = ProseField("確認した対策", blank=True)
    ended_at = models.DateTimeField("終了", null=True)
    ended_by = models.CharField("終了した人", max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["agreement"], name="suspended_now", condition=Q(ended_at=None))]
        constraints = [
            models.CheckConstraint(condition=~Q(finding="") & ~Q(parts=[]), name="suspension_with_finding_and_scope"),
            models.CheckConstraint(condition=Q(ended_at=None) | ~Q(measure=""), name="suspension_ends_with_measure"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="suspension_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.finding[:40]

    @property
    def scope(self) -> str:
        """The parts in words."""
        return "、".join(SuspendedPart(part).label for part in self.parts)


class Cause(models.Model):
    """The internal cause of a fault: decides recurrences (IX-GUA-01), and no customer ever sees it (IX-PRE-06)."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="cause")
    code = models.CharField("原因", max_length=12, choices=CauseCode.choices)
    note = ProseField("所見", blank=True)
    at = models.DateTimeField("日時")
    actor = models.CharField("判断した人", max_length=120)

    def __str__(self) -> str:
        return self.get_code_display()
