"""Storage of what is sold, applied for, agreed and installed. Written by this package's own modules only."""

from django.db import models
from django.db.models import F, Q


class Product(models.Model):
    """機種: a model of a device (IX-GEN-03, IX-COV-05, IX-PRE-05, IX-WRK-01, IX-WRK-03). The operator's data."""

    service = models.CharField("サービス", max_length=40)
    name = models.CharField("品名", max_length=80)
    code = models.CharField("品名コード", max_length=40, unique=True)
    model_code = models.CharField("型番", max_length=40, blank=True)
    registers_options = models.BooleanField("オプションを登録する機種", default=False)
    """ix: the 3000 series (card field ⑤)."""
    end_of_sale = models.DateField("新規販売終了日", null=True, blank=True)
    support_limit = models.DateField("保守対応期限(明示)", null=True, blank=True)
    """A date the operator recorded prevails over the computed limit."""
    kit_sales_stopped = models.DateField("延長キット販売終了日", null=True, blank=True)
    exchange_units = models.JSONField("交換単位", default=list)
    equivalents = models.JSONField("同等品", default=list)
    software_versions = models.JSONField("ソフトウェアの版", default=list)

    def __str__(self) -> str:
        return self.name


class Option(models.Model):
    """オプション機器 on the operator's list of supported options (IX-GEN-06)."""

    code = models.CharField("品名コード", max_length=40, unique=True)
    name = models.CharField("品名", max_length=80)
    products = models.ManyToManyField(Product, related_name="options")

    def __str__(self) -> str:
        return self.name


class Shipment(models.Model):
    """出荷記録: which unit left the factory when; the fallback for a missing proof of purchase (IX-COV-03)."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="shipments")
    serial = models.CharField("製造番号", max_length=40)
    shipped_on = models.DateField("出荷日")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["serial", "product"], name="shipment_once")]

    def __str__(self) -> str:
        return self.serial


class Licence(models.Model):
    """本保守ライセンス in the operator's stock: what is pre-printed on its card (IX-PLAN-02, IX-REG-10, IX-CARD-00)."""

    class State(models.TextChoices):
        ISSUED = "issued", "カード発行済"
        USED = "used", "登録済"
        REFUSED = "refused", "承諾拒絶"  # from the refusal on: its price goes back, so it cannot be registered again
        REFUNDED = "refunded", "返金済"
        LAPSED = "lapsed", "期限超過・対象外"

    service = models.CharField("サービス", max_length=40)
    family = models.CharField("製品区分", max_length=40)
    plan = models.CharField("プラン", max_length=20)
    card_serial = models.CharField("シリアル No.", max_length=40, unique=True)
    card_deadline = models.DateField("お手続期限", null=True)
    registers_options = models.BooleanField("オプション欄のあるカード", default=False)
    seller = models.CharField("ご購入元", max_length=120, blank=True)
    sold_on = models.DateField("販売日", null=True)
    """As the seller reported it; the day from which the customer counts is the one on the application."""
    price_yen = models.PositiveIntegerField("価格(円)", null=True)
    state = models.CharField("状態", max_length=10, choices=State.choices, default=State.ISSUED)

    def __str__(self) -> str:
        return self.card_serial


class Application(models.Model):
    """登録申請: one card, from the first typed letter to its acceptance or refusal (IX-REG-02)."""

    class State(models.TextChoices):
        """Who acts next stands behind each state."""

        DRAFT = "draft", "下書き"  # the applicant or clerk goes on typing
        RECEIVED = "received", "申請受領"  # a clerk looks at it
        CHECKING = "checking", "確認中"  # the clerk who took it decides
        ASKING = "asking", "照会中"  # the card writer answers
        COMPLETED = "completed", "登録完了"  # nobody
        REFUSED = "refused", "承諾拒絶"  # the seller refunds
        LAPSED = "lapsed", "期限超過・対象外"  # nobody

    class Channel(models.TextChoices):
        POST = "post", "郵送"
        EMAIL = "email", "メール"
        WEB = "web", "ウェブ"
        OTHER = "other", "その他"

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="applications")
    number = models.CharField("申請番号", max_length=20, unique=True)
    service = models.CharField("サービス", max_length=40)
    edition = models.CharField("約款の版", max_length=40)
    licence = models.ForeignKey(Licence, models.PROTECT, null=True, related_name="applications")
    state = models.CharField("状態", max_length=10, choices=State.choices, default=State.DRAFT)
    channel = models.CharField("受付経路", max_length=10, choices=Channel.choices)
    received_at = models.DateTimeField("到着日時", null=True)
    answer_by = models.DateField("回答期限", null=True)
    """The last day on which a refusal may reach the customer; the next due date of the clerk's list."""
    entries = models.JSONField("記入内容", default=dict)
    """Field name → what stands there now, as typed."""
    first_entries = models.JSONField("受領時の記入内容", default=dict)
    version = models.PositiveIntegerField(default=1)
    """Raised at every save: who saves over a newer version is told instead (nothing is lost)."""
    created_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    created_at = models.DateTimeField("作成日時")
    updated_at = models.DateTimeField("更新日時")
    decided_at = models.DateTimeField("決定日時", null=True)
    decided_by = models.CharField("決定した人", max_length=120, blank=True)
    reason = models.TextField("理由", blank=True)

    class Meta:
        indexes = [
            # The clerk's list: open ones by due date.
            models.Index(
                fields=["answer_by", "id"],
                name="application_open",
                condition=~Q(state__in=["completed", "refused", "lapsed", "draft"]),
            ),
            models.Index(fields=["tenant", "-id"], name="application_by_tenant"),
        ]

    def __str__(self) -> str:
        return self.number


class ApplicationEvent(models.Model):
    """A turn in the life of an application: who, when, from what to what, why (IX-REG-02)."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    application = models.ForeignKey(Application, models.PROTECT, related_name="events")
    at = models.DateTimeField("日時")
    actor = models.CharField("担当", max_length=120)
    role = models.CharField("役割", max_length=120, blank=True)
    """In which role the actor did it (IX-GEN-02)."""
    state = models.CharField("状態", max_length=10, choices=Application.State.choices)
    note = models.TextField("内容", blank=True)

    def __str__(self) -> str:
        return f"{self.application} {self.get_state_display()}"


class ParkedEntries(models.Model):
    """What a person typed while somebody else saved a newer version: kept until they choose, field by field."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    application = models.ForeignKey(Application, models.PROTECT, related_name="parked")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    based_on = models.PositiveIntegerField("元の版")
    entries = models.JSONField("記入内容")
    at = models.DateTimeField("日時")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "user"], name="parked_once")]

    def __str__(self) -> str:
        return f"{self.application} {self.user}"


class ApplicationFile(models.Model):
    """A file that came with an application: the card as scanned, the proof of purchase (IX-REG-12, IX-REG-13)."""

    class Kind(models.TextChoices):
        CARD = "card", "お客様登録カード"
        RECEIPT = "receipt", "領収書"
        DELIVERY_NOTE = "delivery_note", "納品書"
        OTHER_PROOF = "other_proof", "その他の購入日を確認できる書類"
        OWNER_CONSENT = "owner_consent", "所有者の承諾書"
        OTHER = "other", "その他"

    PROOFS = (Kind.RECEIPT, Kind.DELIVERY_NOTE, Kind.OTHER_PROOF)

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    application = models.ForeignKey(Application, models.PROTECT, related_name="files")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    kind = models.CharField("種類", max_length=20, choices=Kind.choices)
    date_read = models.DateField("書類の日付", null=True)
    """The purchase date a clerk read from the document."""
    read_by = models.CharField("読み取った人", max_length=120, blank=True)

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def is_proof(self) -> bool:
        """Does it show when the device was bought?"""
        return self.kind in self.PROOFS

    @property
    def pages(self) -> range:
        """The pages of the document, counted from 1."""
        return range(1, (self.file.pages or 0) + 1)


class Inquiry(models.Model):
    """照会: a question to the card writer and its answer (IX-REG-15, IX-PII-03). The refusal clock keeps running."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    application = models.ForeignKey(Application, models.PROTECT, related_name="inquiries")
    asked_at = models.DateTimeField("照会日時")
    asked_by = models.CharField("照会した人", max_length=120)
    question = models.TextField("照会内容")
    message = models.ForeignKey("notifications.Message", models.PROTECT, null=True, related_name="+")
    """The mail that asked; none where somebody asked by telephone."""
    answered_at = models.DateTimeField("回答日時", null=True)
    answer = models.TextField("回答", blank=True)
    changed = models.JSONField("訂正した欄", default=list)
    """Names of the fields that were corrected by this answer; what stood there before is in `first_entries`."""

    def __str__(self) -> str:
        return self.question[:40]


class Refusal(models.Model):
    """承諾拒絶: why, by whom, in time or late, and the refund that the seller pays for it (IX-REG-05, IX-REG-06)."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    application = models.ForeignKey(Application, models.PROTECT, related_name="refusals")
    reason = models.TextField("理由")
    clause = models.CharField("条項", max_length=40)
    proposed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("起票日時")
    late = models.BooleanField("期限後の拒絶")
    by_post = models.BooleanField("郵送", default=False)
    approved_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    """The second person, whom a late refusal needs before it is sent."""
    withdrawn_at = models.DateTimeField("取り下げ日時", null=True)
    """When the second person did not agree; the proposal stays in the records."""
    notice = models.ForeignKey("notifications.Message", models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField("通知日時", null=True)
    refund_reported_on = models.DateField("返金の報告日", null=True)
    refund_proof = models.BooleanField("購入を証するものの提示", null=True)
    """Without a proof of purchase the refund is reported incomplete, and the licence stays refused."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application"], condition=Q(withdrawn_at=None), name="refusal_once"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")), name="refusal_by_two_persons"
            ),
            models.CheckConstraint(
                condition=Q(late=False) | Q(sent_at=None) | Q(approved_by__isnull=False), name="late_refusal_approved"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}"


class Device(models.Model):
    """対象機器: the registered body. Its serial may change by exchange; its cover follows (IX-OWN-03)."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="devices")
    product = models.ForeignKey(Product, models.PROTECT, related_name="devices")
    serial = models.CharField("製造番号", max_length=40)
    """The present one, normalised; every earlier one stands in DeviceSerial."""
    purchased_on = models.DateField("ご購入日")
    owner = models.CharField("所有者", max_length=120, blank=True)
    """Empty where the customer owns it (IX-SPEC-02)."""
    mounted_cm = models.PositiveIntegerField("設置の高さ(cm)", null=True)
    may_hold_personal_numbers = models.BooleanField("個人番号を保存する可能性", null=True)
    access_controls = models.JSONField("アクセス制御", default=list)
    """What the customer declared to be in place: `login`, `encryption` (IX-MYN-02)."""
    declared_on = models.DateField("個人番号の申告日", null=True)

    class Meta:
        indexes = [models.Index(fields=["tenant", "id"], name="device_by_tenant")]

    def __str__(self) -> str:
        return self.serial

    @property
    def access_controlled(self) -> bool | None:
        """第4章 9.(2): is a number that the device may hold protected? None where nothing was declared."""
        return None if self.may_hold_personal_numbers is None else bool(self.access_controls)


class DeviceSerial(models.Model):
    """Which serial a device had from when until when (half-open moments)."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    device = models.ForeignKey(Device, models.PROTECT, related_name="serials")
    serial = models.CharField("製造番号", max_length=40)
    as_written = models.CharField("記入のまま", max_length=80, blank=True)
    valid_from = models.DateTimeField("開始")
    valid_until = models.DateTimeField("終了", null=True)

    class Meta:
        indexes = [models.Index(fields=["serial"], name="device_by_serial", opclasses=["text_pattern_ops"])]
        constraints = [
            # One body is never under two covers at once (IX-GEN-06).
            models.UniqueConstraint(fields=["serial"], condition=Q(valid_until=None), name="serial_registered_once")
        ]

    def __str__(self) -> str:
        return self.serial


class Agreement(models.Model):
    """A registered licence: what the customer is owed, under the edition it accepted (IX-REG-03, IX-REG-04)."""

    class State(models.TextChoices):
        ACTIVE = "active", "有効"  # expiry is a date, not a state
        UNNOTIFIED = "unnotified", "お知らせ不達"  # the notice bounced: not accepted until it is sent again (OR-28)
        SUSPENDED = "suspended", "中断"
        STOPPED = "stopped", "利用中止"
        TERMINATED = "terminated", "終了"

    class Basis(models.TextChoices):
        RECEIPT = "receipt", "領収書"
        DELIVERY_NOTE = "delivery_note", "納品書"
        OTHER_PROOF = "other_proof", "その他の書類"
        SHIPPED = "shipped", "出荷日"

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="agreements")
    number = models.CharField("サービス手配番号", max_length=20, unique=True)
    service = models.CharField("サービス", max_length=40)
    edition = models.CharField("約款の版", max_length=40)
    plan = models.CharField("プラン", max_length=20)
    licence = models.OneToOneField(Licence, models.PROTECT, related_name="agreement")
    application = models.OneToOneField(Application, models.PROTECT, related_name="agreement")
    device = models.ForeignKey(Device, models.PROTECT, related_name="agreements")
    state = models.CharField("状態", max_length=12, choices=State.choices, default=State.ACTIVE)
    accepted_at = models.DateTimeField("承諾日時")
    """When the completion notice was sent."""
    purchased_on = models.DateField("ご購入日")
    purchase_basis = models.CharField("購入日の根拠", max_length=20, choices=Basis.choices)
    counted_from = models.DateField("起点")
    starts_on = models.DateField("提供開始日")
    ends_on = models.DateField("サポート満了日")
    capped_by = models.CharField("短縮の理由", max_length=20, blank=True)
    support_limit = models.DateField("保守対応期限", null=True)
    coverage = models.ForeignKey("decisions.Decision", models.PROTECT, related_name="+")
    """The stored answer that gave these dates."""

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "-id"], name="agreement_by_tenant"),
            # "What expires next?"
            models.Index(fields=["ends_on", "id"], name="agreement_by_end"),
        ]

    def __str__(self) -> str:
        return self.number


class CustomerNote(models.Model):
    """お客様メモ: the customer's own note on an agreement (IX-DOC-03). The database shows it to nobody else."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="note")
    text = models.TextField("メモ", blank=True)
    updated_at = models.DateTimeField("更新日時")

    def __str__(self) -> str:
        return f"{self.agreement}"


class Revision(models.Model):
    """版: the changeable content of an agreement from a day on; 1 at registration, +1 at each change notice."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField("版数")
    effective_on = models.DateField("適用日")
    start_weekday = models.CharField("開始基準曜日", max_length=3, blank=True)
    options = models.JSONField("オプション", default=list)
    """List of {code, name, quantity}."""
    notice = models.ForeignKey("notifications.Message", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "number"], name="revision_once")]

    def __str__(self) -> str:
        return f"{self.agreement} 第{self.number}版"


class Party(models.Model):
    """ご連絡先・設置場所・ご記入者 of one revision; a copy of its own even where a card refers to another (OR-37)."""

    class Kind(models.TextChoices):
        CONTACT = "contact", "ご連絡先"
        SITE = "site", "設置場所"
        WRITER = "writer", "ご記入者"

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="parties")
    kind = models.CharField("種類", max_length=10, choices=Kind.choices)
    company = models.CharField("会社名", max_length=120, blank=True)
    department = models.CharField("部署", max_length=120, blank=True)
    name = models.CharField("お名前", max_length=80)
    email = models.EmailField("メール", blank=True)
    phone = models.CharField("電話番号", max_length=40, blank=True)
    phone_digits = models.CharField(max_length=20, blank=True, editable=False)
    postal_code = models.CharField("郵便番号", max_length=8, blank=True)
    address = models.CharField("住所", max_length=200, blank=True)
    source_card = models.CharField("参照元のシリアル No.", max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["phone_digits"], name="party_by_phone", condition=~Q(phone_digits=""))]
        constraints = [models.UniqueConstraint(fields=["revision", "kind"], name="party_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"


class Consent(models.Model):
    """同意記録: who accepted which edition's clauses for whom, when, how (IX-GEN-04, IX-SPEC-02, IX-ASF-01)."""

    class Item(models.TextChoices):
        READ_TERMS = "read_terms", "第1章・第3章・第4章を読みました"
        SPECIFICATION = "specification", "サービス仕様（第3章）に同意します"
        CONDITIONS = "conditions", "サービス実施条件（第4章）に同意します"
        ANTISOCIAL = "antisocial", "反社会的勢力にあたらないことを表明します"
        EXPORT = "export", "輸出関連法令を守ります"
        PERSONAL_INFORMATION = "personal_information", "個人情報の取扱いを確かめました"
        OWNER = "owner", "所有者の了承を得ました"
        CARD = "card", "カードの記入と送付による確認"

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    application = models.ForeignKey(Application, models.PROTECT, related_name="consents")
    service = models.CharField("サービス", max_length=40)
    edition = models.CharField("約款の版", max_length=40)
    person = models.CharField("同意した人", max_length=80)
    at = models.DateTimeField("日時")
    channel = models.CharField("経路", max_length=10, choices=Application.Channel.choices)
    item = models.CharField("内容", max_length=40, choices=Item.choices)
    clauses = models.JSONField("条項", default=list)

    def __str__(self) -> str:
        return f"{self.person} {self.get_item_display()}"


class EditionConsent(models.Model):
    """Which edition an agreement is under from when, and how that came about. Never changed: only added to."""

    class How(models.TextChoices):
        EXPLICIT = "explicit", "登録のときに承諾"
        DEEMED = "deemed", "約款の定めによる同意"

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="edition_consents")
    edition = models.CharField("約款の版", max_length=40)
    accepted_on = models.DateField("同意した日")
    """The first day under the edition."""
    how = models.CharField("同意の形", max_length=10, choices=How.choices)
    about = models.CharField("根拠", max_length=60)
    """The application it was accepted with, or the clause by which it counts as accepted."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "edition"], name="edition_accepted_once")]

    def __str__(self) -> str:
        return f"{self.agreement} {self.edition}"


class PublicCode(models.Model):
    """The code on a label or certificate: it leads to a page that says whether the machine is covered, and no more.

    Nobody can guess it, and it never changes: a label that is printed again bears the same.
    """

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="public_code")
    token = models.CharField(max_length=40, unique=True)
    created_at = models.DateTimeField("発行日時")

    def __str__(self) -> str:
        return f"{self.agreement}"
