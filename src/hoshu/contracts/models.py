"""Storage of what is sold, applied for, agreed and installed. Written by this package's own modules only."""

from django.db import models
from django.db.models import F, Q

from hoshu import catalog
from hoshu.files.prose import ProseCharField, ProseField, ProseJSONField


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
    production_ended = models.DateField("生産終了日", null=True, blank=True)
    """From its day the hardware is served five more years (VA-TRM-03)."""
    parts_until = models.DateField("保守部品の保有期限", null=True, blank=True)
    """As the warranty card states it (SP-TRM-03)."""
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


class Article(models.Model):
    """商品: what a seller orders by its number (SKU), and the plan it gives a right to (VA-REG-21)."""

    sku = models.CharField("商品番号", max_length=40, unique=True)
    name = models.CharField("商品名", max_length=120)
    service = models.CharField("サービス", max_length=40)
    family = models.CharField("製品区分", max_length=40, blank=True)
    plan = models.CharField("プラン", max_length=20)
    price_yen = models.PositiveIntegerField("価格（円）", null=True)
    supported_os = models.CharField("対応OS", max_length=120, blank=True)
    registers_options = models.BooleanField("オプション欄のあるカード", default=False)
    sold_until = models.DateField("販売終了日", null=True)

    def __str__(self) -> str:
        return self.name


class Licence(models.Model):
    """A licence or pack in the operator's stock: what is printed on its card (IX-PLAN-02, IX-REG-10, IX-CARD-00)."""

    class State(models.TextChoices):
        ISSUED = "issued", "未登録"
        USED = "used", "登録済"
        RETURNED = "returned", "返品済"  # within the days of the terms, so nothing was agreed (VA-INT-02, SP-REF-01)
        REFUSED = "refused", "承諾拒絶"  # from the refusal on: its price goes back, so it cannot be registered again
        REFUNDED = "refunded", "返金済"
        LAPSED = "lapsed", "期限超過・対象外"

    service = models.CharField("サービス", max_length=40)
    family = models.CharField("製品区分", max_length=40, blank=True)
    """Empty where the edition knows no families."""
    plan = models.CharField("プラン", max_length=20)
    card_serial = models.CharField("シリアル No.", max_length=40, unique=True)
    card_deadline = models.DateField("お手続期限", null=True)
    registers_options = models.BooleanField("オプション欄のあるカード", default=False)
    article = models.ForeignKey(Article, models.PROTECT, null=True, related_name="licences")
    seller = models.CharField("ご購入元", max_length=120, blank=True)
    reseller = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    """Who sold it, where that is a reseller with a login."""
    sold_on = models.DateField("販売日", null=True)
    """As the seller reported it; the day from which the customer counts is the one on the application."""
    price_yen = models.PositiveIntegerField("価格(円)", null=True)
    state = models.CharField("状態", max_length=10, choices=State.choices, default=State.ISSUED)

    class Meta:
        indexes = [
            # "What of an article is left, and who has it?"
            models.Index(fields=["state", "article", "id"], name="licence_in_stock"),
            # "What is there of a service, the newest first?"
            models.Index(fields=["service", "-id"], name="licence_by_service"),
        ]

    def __str__(self) -> str:
        return self.card_serial


class LicenceReturn(models.Model):
    """返品: a licence or pack was brought back; also where it was not taken, or is undecided (VA-INT-02, SP-REF-01)."""

    class Reason(models.TextChoices):
        """Grounds of the question `refund`."""

        DISAGREES = "disagree_with_terms", "約款に同意できない"
        OTHER = "other", "そのほか"

    class Outcome(models.TextChoices):
        TAKEN = "taken", "返品を受け付けました"
        DECLINED = "declined", "お断りしました"
        UNDECIDED = "undecided", "判断待ち"

    licence = models.ForeignKey(Licence, models.PROTECT, related_name="returns")
    bought_on = models.DateField("ご購入日")
    """As the receipt or another proof shows it, else as the customer says."""
    returned_on = models.DateField("返品日")
    """On which it arrived."""
    reason = models.CharField("理由", max_length=20, choices=Reason.choices)
    note = ProseField("お申し出の内容", blank=True)
    proof_shown = models.BooleanField("購入の証明を確認")
    outcome = models.CharField("結果", max_length=10, choices=Outcome.choices)
    decision = models.ForeignKey("decisions.Decision", models.PROTECT, related_name="+")
    """What the terms say about it."""
    recorded_at = models.DateTimeField("記録日時")
    recorded_by = models.CharField("記録した人", max_length=120)
    settled_by = models.CharField("判断した人", max_length=120, blank=True)
    settled_because = ProseField("判断の理由", blank=True)
    paid_on = models.DateField("返金日", null=True)
    """When the price was paid back, as it was reported."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["licence"], condition=~Q(outcome="declined"), name="licence_returned_once")
        ]

    def __str__(self) -> str:
        return f"{self.licence} {self.get_outcome_display()}"


class Suspicion(models.Model):
    """疑い: a number of a licence that nobody may register before somebody has looked into it.

    It is about the number as people write it, not about a licence: a counterfeit one stands in no stock.
    """

    number = models.CharField("番号", max_length=40)
    reason = ProseField("疑う理由")
    raised_at = models.DateTimeField("記録日時")
    raised_by = models.CharField("記録した人", max_length=120)
    lifted_at = models.DateTimeField("解除日時", null=True)
    lifted_by = models.CharField("解除した人", max_length=120, blank=True)
    lifted_because = ProseField("解除の理由", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number"], condition=Q(lifted_at=None), name="suspected_once")]
        # "What was ever suspected about this number?"
        indexes = [models.Index(fields=["number", "-id"], name="suspicion_by_number")]

    def __str__(self) -> str:
        return self.number


class Application(models.Model):
    """登録申請: one licence or machine, from the first typed letter to its acceptance or refusal (IX-REG-02).

    A form about several machines is one row until it is sent, then one row for each of them under one receipt.
    """

    class State(models.TextChoices):
        """Who acts next stands behind each state."""

        DRAFT = "draft", "下書き"  # the applicant or clerk goes on typing
        SUBMITTED = "submitted", "送信済"  # whoever takes it in: the seller who checks it, or the provider
        RETURNED = "returned", "差戻し"  # the applicant corrects it
        WITHDRAWN = "withdrawn", "取下げ"  # nobody
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
    receipt = models.CharField("受付番号", max_length=20)
    """The number of the first application that was sent with it: one form, one receipt."""
    service = models.CharField("サービス", max_length=40)
    edition = models.CharField("約款の版", max_length=40)
    licence = models.ForeignKey(Licence, models.PROTECT, null=True, related_name="applications")
    reseller = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    """Through whom it comes, where a seller has to check it first (MM-SUP-03)."""
    state = models.CharField("状態", max_length=10, choices=State.choices, default=State.DRAFT)
    channel = models.CharField("受付経路", max_length=10, choices=Channel.choices)
    submitted_at = models.DateTimeField("送信日時", null=True)
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
    reason = ProseField("理由", blank=True)
    table_key = models.CharField("表の行", max_length=120, blank=True)
    """What the row of a table was about from which it came: the form and a number; empty where it came otherwise."""
    table_print = models.CharField(max_length=64, blank=True)
    """The fingerprint of that row: the same row handed over again makes nothing twice."""

    class Meta:
        constraints = [
            # "Did a row about this come in already, and did it say the same?"
            models.UniqueConstraint(
                fields=["table_key", "table_print"], condition=~Q(table_key=""), name="application_by_row"
            )
        ]
        indexes = [
            # The clerk's list: open ones by due date.
            models.Index(
                fields=["answer_by", "id"],
                name="application_open",
                condition=Q(state__in=["submitted", "received", "checking", "asking"]),
            ),
            # "Which of them wait for a representing card?", asked whenever cards arrive, thousands at a time.
            models.Index(fields=["answer_by", "id"], name="application_asking", condition=Q(state="asking")),
            models.Index(fields=["receipt", "id"], name="application_by_receipt"),
            models.Index(fields=["tenant", "-id"], name="application_by_tenant"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_state_display(self) -> str:
        """What the service calls the state (RC-GEN-08, MM-FLW-01)."""
        return state_name(self.service, self.edition, self.state)


def state_name(service: str, edition: str, state: str) -> str:
    """What a service calls a state of an application."""
    terms = catalog.edition(service, edition).application
    return (terms.states if terms else {}).get(state, Application.State(state).label)


class ApplicationEvent(models.Model):
    """A turn in the life of an application: who, when, from what to what, why (IX-REG-02)."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    application = models.ForeignKey(Application, models.PROTECT, related_name="events")
    at = models.DateTimeField("日時")
    actor = models.CharField("担当", max_length=120)
    role = models.CharField("役割", max_length=120, blank=True)
    """In which role the actor did it (IX-GEN-02)."""
    state = models.CharField("状態", max_length=10, choices=Application.State.choices)
    note = ProseField("内容", blank=True)

    def __str__(self) -> str:
        return f"{self.application} {self.get_state_display()}"

    def get_state_display(self) -> str:
        """What the service calls the state."""
        return state_name(self.application.service, self.application.edition, self.state)


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
    question = ProseField("照会内容")
    message = models.ForeignKey("notifications.Message", models.PROTECT, null=True, related_name="+")
    """The mail that asked; none where somebody asked by telephone."""
    answered_at = models.DateTimeField("回答日時", null=True)
    answer = ProseField("回答", blank=True)
    changed = models.JSONField("訂正した欄", default=list)
    """Names of the fields that were corrected by this answer; what stood there before is in `first_entries`."""

    def __str__(self) -> str:
        return self.question[:40]


class ContactCheck(models.Model):
    """お客様の確認: the contact of an application proves its address and says whether all is right (MM-FLW-02).

    The last one of an application counts. Its link is made when its mail leaves; of its key the hash is kept.
    """

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    application = models.ForeignKey(Application, models.PROTECT, related_name="contact_checks")
    email = models.EmailField("確認の宛先")
    digest = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001  NULL: no link was made yet
    asked_at = models.DateTimeField("依頼日時")
    asked_by = models.CharField("依頼した人", max_length=120)
    message = models.ForeignKey("notifications.Message", models.PROTECT, null=True, related_name="+")
    """The mail that asks; none in what was asked before mails with such a link were kept."""
    confirmed_at = models.DateTimeField("確認日時", null=True)
    disputed_at = models.DateTimeField("「違う」とお返事の日時", null=True)
    objection = ProseField("お返事の内容", blank=True)
    content = models.CharField(max_length=64, blank=True)
    """What the applicant's part of the form was when it was confirmed, as a hash: a later change shows."""

    class Meta:
        # "What did the contact of this application say last?"
        indexes = [models.Index(fields=["application", "-id"], name="contact_check_last")]
        constraints = [
            models.CheckConstraint(condition=Q(confirmed_at=None) | Q(disputed_at=None), name="contact_said_one_thing")
        ]

    def __str__(self) -> str:
        return f"{self.application}"


class Refusal(models.Model):
    """承諾拒絶: why, by whom, in time or late, and the refund that the seller pays for it (IX-REG-05, IX-REG-06)."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    application = models.ForeignKey(Application, models.PROTECT, related_name="refusals")
    reason = ProseField("理由")
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
    purchased_on = models.DateField("ご購入日", null=True)
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


class SupportId(models.Model):
    """サポートID: with it, a customer's people ask for support (VA-REG-05, SP-SID-01)."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="support_ids")
    code = models.CharField("サポートID", max_length=40, unique=True)
    issued_at = models.DateTimeField("発行日時")
    blocked_at = models.DateTimeField("停止日時", null=True)
    blocked_for = ProseCharField("停止の理由", max_length=200, blank=True)

    def __str__(self) -> str:
        return self.code


class Agreement(models.Model):
    """What a customer is owed for one machine, under the edition it accepted (IX-REG-03, IX-REG-04)."""

    class State(models.TextChoices):
        ACTIVE = "active", "有効"  # expiry is a date, not a state
        UNNOTIFIED = "unnotified", "お知らせ不達"  # the notice bounced: not accepted until it is sent again (OR-28)
        SUSPENDED = "suspended", "中断"
        STOPPED = "stopped", "利用中止"
        TERMINATED = "terminated", "終了"
        TRANSFERRED = "transferred", "承継済"  # another customer goes on with it, under a number of its own (IX-ASG-01)

    class Basis(models.TextChoices):
        RECEIPT = "receipt", "領収書"
        DELIVERY_NOTE = "delivery_note", "納品書"
        OTHER_PROOF = "other_proof", "その他の書類"
        SHIPPED = "shipped", "出荷日"
        DECLARED = "declared", "お申し出"  # VA-REG-25: declared at the registration, not proven

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="agreements")
    number = models.CharField("契約番号", max_length=20, unique=True)
    """What it is called, the edition says: サービス手配番号, 契約番号 …"""
    service = models.CharField("サービス", max_length=40)
    edition = models.CharField("約款の版", max_length=40)
    plan = models.CharField("プラン", max_length=20)
    licence = models.OneToOneField(Licence, models.PROTECT, null=True, related_name="agreement")
    application = models.OneToOneField(Application, models.PROTECT, null=True, related_name="agreement")
    """None where the agreement was taken over from another book."""
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="agreements")
    """None until a lent machine is shipped."""
    belongs_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="further")
    """The agreement whose further machine this is (MM-SUP-04)."""
    reseller = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    support = models.ForeignKey(SupportId, models.PROTECT, null=True, related_name="agreements")
    device_number = models.CharField("機器管理番号", max_length=20, unique=True, null=True)  # noqa: DJ001  NULL: has none
    state = models.CharField("状態", max_length=12, choices=State.choices, default=State.ACTIVE)
    accepted_at = models.DateTimeField("承諾日時")
    """When the completion notice was sent."""
    purchased_on = models.DateField("ご購入日", null=True)
    purchase_basis = models.CharField("購入日の根拠", max_length=20, choices=Basis.choices, blank=True)
    contract_start = models.DateField("契約開始日", null=True)
    transferred_on = models.DateField("契約者となった日", null=True)
    """Where another customer had the machine and its period before: from this day on it is this one's."""
    cancelled_on = models.DateField("解約日", null=True)
    ended_at = models.DateTimeField("終了の日時", null=True)
    """Where it ends before its time: from this moment on nothing is owed."""
    installed_at = models.DateTimeField("設置日時", null=True)
    initial_set_at = models.DateTimeField("初期設定日時", null=True)
    counted_from = models.DateField("起点", null=True)
    starts_on = models.DateField("提供開始日", null=True)
    """None while the service waits for something, such as the initial setting."""
    ends_on = models.DateField("サポート満了日", null=True)
    """None where there is no term."""
    part_ends = models.JSONField("窓口ごとの満了日", default=dict)
    """Part of the service → its last day, where parts end apart (VA-TRM-03)."""
    capped_by = models.CharField("短縮の理由", max_length=20, blank=True)
    support_limit = models.DateField("保守対応期限", null=True)
    coverage = models.ForeignKey("decisions.Decision", models.PROTECT, related_name="+")
    """The stored answer that gave these dates."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on__isnull=False, ends_on__gte=F("starts_on")),
                name="agreement_in_order",
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "-id"], name="agreement_by_tenant"),
            # "What expires next?"
            models.Index(fields=["ends_on", "id"], name="agreement_by_end"),
            # "Where do the covers of one machine leave a gap, where do they overlap?"
            models.Index(fields=["device", "service", "starts_on", "id"], name="agreement_by_device"),
        ]

    def __str__(self) -> str:
        return self.number


class CustomerNote(models.Model):
    """お客様メモ: the customer's own note on an agreement (IX-DOC-03). The database shows it to nobody else."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="note")
    text = ProseField("メモ", blank=True)
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
    content = models.JSONField("そのほかの内容", default=dict)
    """Field of the form → what was entered, for what has no column of its own."""
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
        ADMINISTRATOR = "administrator", "利用管理者"
        DEPUTY = "deputy", "利用管理者代行"
        ALARM = "alarm", "通報の連絡先"
        DELIVERY = "delivery", "お届け先"

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="parties")
    kind = models.CharField("種類", max_length=20, choices=Kind.choices)
    company = models.CharField("会社名", max_length=120, blank=True)
    department = models.CharField("部署", max_length=120, blank=True)
    title = models.CharField("役職", max_length=60, blank=True)
    name = models.CharField("お名前", max_length=80, blank=True)
    email = models.EmailField("メール", blank=True)
    phone = models.CharField("電話番号", max_length=40, blank=True)
    fax = models.CharField("FAX番号", max_length=40, blank=True)
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

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="+")
    application = models.ForeignKey(Application, models.PROTECT, null=True, related_name="consents")
    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True, related_name="consents")
    """What was confirmed later than with the application."""
    service = models.CharField("サービス", max_length=40)
    edition = models.CharField("約款の版", max_length=40)
    person = ProseCharField("同意した人", max_length=80)
    at = models.DateTimeField("日時")
    channel = models.CharField("経路", max_length=10, choices=Application.Channel.choices)
    item = models.CharField("内容", max_length=40)
    """The id of a confirmation of the edition, or PAPER."""
    text = ProseField("文面", blank=True)
    """The sentence that was confirmed, word for word."""
    clauses = models.JSONField("条項", default=list)
    mandate = ProseCharField("代理の根拠", max_length=200, blank=True)
    """Where somebody else confirmed for the customer: by what authority (SP-REG-06)."""

    def __str__(self) -> str:
        return f"{self.person} {self.text}"


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


class LentUnit(models.Model):
    """貸出機: a machine of the provider that is lent to customers (MM-CND-09). Its number is what is tracked."""

    class State(models.TextChoices):
        STOCK = "stock", "在庫"
        LENT = "lent", "貸出中"
        COLLECTING = "collecting", "回収待ち"
        BACK = "back", "受領"
        MISMATCH = "mismatch", "不一致"
        ERASED = "erased", "消去済"
        SCRAPPED = "scrapped", "廃棄"

    product = models.ForeignKey(Product, models.PROTECT, related_name="lent_units")
    serial = models.CharField("製造番号", max_length=40, unique=True)
    state = models.CharField("状態", max_length=12, choices=State.choices, default=State.STOCK)
    manufactured_on = models.DateField("製造日", null=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True, related_name="lent_units")
    """Under which it is lent, or was last."""
    lent_at = models.DateTimeField("貸出日時", null=True)
    collect_by = models.DateField("回収の期限", null=True)
    back_at = models.DateTimeField("受領日時", null=True)
    erased_at = models.DateTimeField("消去日時", null=True)
    erased_by = models.CharField("消去した人", max_length=120, blank=True)
    erased_how = ProseCharField("消去の方法", max_length=120, blank=True)
    note = ProseField("所見", blank=True)

    class Meta:
        constraints = [
            # MM-TRM-04: never lent again, and never in stock, before what it held is erased.
            models.CheckConstraint(
                condition=~Q(state__in=["stock", "erased"])
                | Q(back_at=None)
                | Q(erased_at__isnull=False, erased_at__gte=F("back_at")),
                name="lent_unit_erased_first",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["lent", "collecting"]) | Q(agreement__isnull=False),
                name="lent_unit_has_borrower",
            ),
        ]
        # "Which machines are free, which are overdue?"
        indexes = [models.Index(fields=["state", "collect_by", "id"], name="lent_unit_by_state")]

    def __str__(self) -> str:
        return self.serial


class Consignment(models.Model):
    """発送: a parcel or letter to a customer: a lent machine, a user's guide, labels (MM-FLW-01, VA-REG-08)."""

    class Kind(models.TextChoices):
        UNIT = "unit", "貸出機"
        GUIDE = "guide", "ご案内一式"
        LETTER = "letter", "お知らせとラベル"
        PARTS = "parts", "不足・破損品の補充"

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="consignments")
    kind = models.CharField("種類", max_length=10, choices=Kind.choices)
    what = ProseCharField("内容", max_length=200)
    to = ProseJSONField("宛先", default=dict)
    """company, department, name, postal_code, address, phone: as they stood when it was shipped (MM-CND-30)."""
    unit = models.ForeignKey(LentUnit, models.PROTECT, null=True, related_name="consignments")
    ordered_at = models.DateTimeField("手配日時")
    shipped_at = models.DateTimeField("発送日時", null=True)
    carrier = models.CharField("配送業者", max_length=60, blank=True)
    tracking_number = models.CharField("送り状番号", max_length=40, blank=True)
    arrived_at = models.DateTimeField("到着日時", null=True)
    returned_at = models.DateTimeField("返送日時", null=True)
    """When it came back undelivered."""
    missing = ProseJSONField("不足・破損", default=list)
    """List of {part, state}: what the customer found missing or damaged (MM-FLW-04)."""

    class Meta:
        # "What is to be shipped, what is on its way?"
        indexes = [
            models.Index(fields=["ordered_at", "id"], name="consignment_open", condition=Q(shipped_at=None)),
            models.Index(fields=["agreement", "id"], name="consignment_of"),
        ]

    def __str__(self) -> str:
        return self.what


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


class Side(models.TextChoices):
    """Which of the two parties of an agreement."""

    PROVIDER = "provider", "提供者"
    CUSTOMER = "customer", "お客様"


class Demand(models.Model):
    """催告: one side asks the other to perform a duty within a period (IX-TRM-01, VA-TRN-01, SP-TRN-01)."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="demands")
    by = models.CharField("催告した側", max_length=10, choices=Side.choices)
    duty = ProseField("果たされない義務")
    clause = models.CharField("条項", max_length=40)
    facts = ProseField("事実")
    sent_on = models.DateField("催告した日")
    period_days = models.PositiveIntegerField("期間（日数）")
    period_reason = ProseField("期間の理由")
    """The terms call the period reasonable and give no number (OR-66)."""
    arrived_on = models.DateField("催告が着いた日", null=True)
    performed_on = models.DateField("果たされた日", null=True)
    minor = models.BooleanField("軽微な違反か", null=True)
    minor_reason = ProseField("軽微かどうかの理由", blank=True)
    recorded_by = models.CharField("記録した人", max_length=120)
    recorded_at = models.DateTimeField("記録日時")

    class Meta:
        indexes = [models.Index(fields=["agreement", "id"], name="demand_of")]

    def __str__(self) -> str:
        return f"{self.agreement} {self.clause}"


class Investigation(models.Model):
    """調査: on a reasonable suspicion about anti-social forces (IX-ASF-03, VA-ASF-03, SP-ASF-03). Service goes on."""

    class Outcome(models.TextChoices):
        CLEARED = "cleared", "違反なし"
        FOUND = "found", "違反あり"

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="investigations")
    by = models.CharField("調査する側", max_length=10, choices=Side.choices)
    suspicion = ProseField("疑いの根拠")
    questions = ProseField("相手への質問", blank=True)
    opened_at = models.DateTimeField("開始日時")
    opened_by = models.CharField("開始した人", max_length=120)
    answer = ProseField("相手の回答", blank=True)
    answered_on = models.DateField("回答の日", null=True)
    outcome = models.CharField("結果", max_length=10, choices=Outcome.choices, blank=True)
    finding = ProseField("結果の理由", blank=True)
    closed_at = models.DateTimeField("終了日時", null=True)
    closed_by = models.CharField("終了した人", max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["agreement", "id"], name="investigation_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="investigation_closed_with_outcome",
            )
        ]

    def __str__(self) -> str:
        return f"{self.agreement} 調査"


class WornOut(models.Model):
    """老朽化: the provider judges a machine too old to work, and both talk over how to go on (VA-SIT-02)."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="worn_out")
    judged_on = models.DateField("判断した日")
    judgement = ProseField("判断の根拠")
    judged_by = models.CharField("判断した人", max_length=120)
    talks = ProseField("協議の内容", blank=True)
    result = ProseField("協議の結果", blank=True)
    settled_on = models.DateField("決まった日", null=True)
    settled_by = models.CharField("結果を記録した人", max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["agreement", "id"], name="worn_out_of")]
        constraints = [
            models.UniqueConstraint(fields=["agreement"], condition=Q(settled_on=None), name="worn_out_talked_once"),
            models.CheckConstraint(
                condition=Q(settled_on=None) | Q(settled_on__gte=F("judged_on")) & ~Q(result=""),
                name="worn_out_settled_with_result",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {self.judged_on}"


class Breach(models.Model):
    """違反の記録: a prohibited act, a broken promise, damage to a lent machine, a misused support ID.

    MM-CND-09, MM-CND-16, MM-CND-24, SP-SID-02.
    """

    class State(models.TextChoices):
        SUSPECTED = "suspected", "疑い"
        CHECKING = "checking", "確認中"
        CONFIRMED = "confirmed", "該当"
        UNFOUNDED = "unfounded", "非該当"
        MEASURED = "measured", "措置済"

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="breaches")
    unit = models.ForeignKey(LentUnit, models.PROTECT, null=True, related_name="breaches")
    code = models.CharField("番号", max_length=40)
    """A number of a list of the edition, or the clause itself where the edition has no list."""
    text = models.CharField("内容", max_length=200)
    """The act in the words of the edition at that time."""
    clause = models.CharField("条項", max_length=40)
    found_on = models.DateField("見つかった日")
    finding = ProseField("事実")
    state = models.CharField("状態", max_length=10, choices=State.choices, default=State.SUSPECTED)
    decided_by = models.CharField("判断した人", max_length=120, blank=True)
    decided_at = models.DateTimeField("判断日時", null=True)
    decision = ProseField("判断の理由", blank=True)
    measure = ProseField("措置", blank=True)
    support = models.ForeignKey(SupportId, models.PROTECT, null=True, related_name="misuses")
    used_from = models.DateTimeField("使用の開始", null=True)
    used_until = models.DateTimeField("使用の終わり", null=True)
    effect = ProseField("影響", blank=True)
    """What a misuse of the support ID led to (SP-SID-02)."""
    damaged_party = models.CharField("損害を受けた側", max_length=120, blank=True)
    damage = ProseField("損害の内容", blank=True)
    amount_yen = models.PositiveIntegerField("損害額（円）", null=True)
    """Entered by people; nothing computes it."""
    recorded_by = models.CharField("記録した人", max_length=120)
    recorded_at = models.DateTimeField("記録日時")

    class Meta:
        indexes = [models.Index(fields=["agreement", "id"], name="breach_of")]
        constraints = [
            models.CheckConstraint(condition=~Q(code=""), name="breach_has_code"),
            models.CheckConstraint(
                condition=Q(state__in=["suspected", "checking"]) | Q(decided_at__isnull=False),
                name="breach_closed_by_decision",
            ),
            models.CheckConstraint(
                condition=Q(support=None) | Q(used_from__isnull=False) & ~Q(effect=""), name="misuse_told_whole"
            ),
            models.CheckConstraint(
                condition=Q(used_until=None) | Q(used_until__gte=F("used_from")), name="misuse_in_order"
            ),
            # No damage of the customer or of third parties is ever owed for a misuse (SP-SID-02).
            models.CheckConstraint(
                condition=Q(support=None) | Q(amount_yen=None) | Q(damaged_party="提供者"),
                name="misuse_pays_provider_alone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {self.code}"


class Discontinuation(models.Model):
    """提供終了の決定: a service or a part of it ends for everybody who has a model (VA-TRM-06, VA-TRM-07).

    One row for all; what becomes of each agreement is its own Ending. The operator's: it names no customer but in
    `left_out`.
    """

    product = models.ForeignKey(Product, models.PROTECT, related_name="discontinuations")
    ground = models.CharField("理由", max_length=30)
    """A code of `[ending]` of the edition that is about a product."""
    clause = models.CharField("条項", max_length=40)
    part = models.CharField("範囲", max_length=20, blank=True)
    """The part of the service that ends; empty: the whole of it."""
    evidence = ProseField("証拠と事実")
    wished_at = models.DateTimeField("終える日時")
    proposed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("起票日時")
    approved_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField("承認日時", null=True)
    withdrawn_at = models.DateTimeField("取り下げ日時", null=True)
    withdrawal_reason = ProseField("取り下げの理由", blank=True)
    done_at = models.DateTimeField("完了日時", null=True)
    """When its moment had come and every agreement had its ending."""
    left_out = models.JSONField("終えられなかった契約", default=dict)
    """Number of an agreement → the sentence with which its terms refused."""

    class Meta:
        constraints = [
            # One decision about a model is open at a time: pressed twice, it is the same.
            models.UniqueConstraint(
                fields=["product"], condition=Q(withdrawn_at=None, done_at=None), name="discontinued_once"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")), name="discontinued_by_two_persons"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(approved_by__isnull=False), name="discontinued_approved_first"
            ),
            models.CheckConstraint(condition=~Q(ground="") & ~Q(evidence=""), name="discontinued_for_a_ground"),
        ]

    def __str__(self) -> str:
        return f"{self.product} 提供終了"

    @property
    def state(self) -> tuple[str, str]:
        """The word and the tone of where it stands."""
        if self.withdrawn_at is not None:
            return "取り下げ", "out"
        if self.approved_at is None:
            return "承認待ち", "hold"
        return ("実施済", "ok") if self.done_at else ("決定済", "info")


class Ending(models.Model):
    """契約の終了: who ends what, on which ground, from when, decided by whom (IX-TRM-04). Expiry is a date, no row."""

    class Measure(models.TextChoices):
        END = "end", "終了"
        SUSPEND = "suspend", "利用の停止"  # where the terms let the use be stopped instead (MM-CND-27)

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="endings")
    by = models.CharField("終える側", max_length=10, choices=Side.choices)
    ground = models.CharField("理由", max_length=30)
    """A code of `[ending]` of the edition."""
    clause = models.CharField("条項", max_length=40)
    measure = models.CharField("措置", max_length=10, choices=Measure.choices, default=Measure.END)
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    """What was decided about the main agreement, where a further one follows it (MM-SUP-04)."""
    part = models.CharField("範囲", max_length=20, blank=True)
    """The part of the service that ends; empty: the whole of it."""
    scope_note = models.CharField("範囲の補足", max_length=200, blank=True)
    evidence = ProseField("証拠と事実", blank=True)
    ground_on = models.DateField("理由が生じた日", null=True)
    demand = models.ForeignKey(Demand, models.PROTECT, null=True, related_name="endings")
    investigation = models.ForeignKey(Investigation, models.PROTECT, null=True, related_name="endings")
    breach = models.ForeignKey(Breach, models.PROTECT, null=True, related_name="endings")
    discontinuation = models.ForeignKey(
        Discontinuation, models.PROTECT, null=True, related_name="endings", db_index=False
    )
    """The decision over a product from which it comes."""
    requested_on = models.DateField("申し出の日")
    wished_at = models.DateTimeField("希望の日時")
    """What was asked for; the terms may let it end later only."""
    effective_at = models.DateTimeField("効力の日時")
    """From this moment on nothing is owed; midnight where a whole last day is served."""
    last_day = models.DateField("最後の日")
    lock_accounts = models.BooleanField("アカウントを止める", default=False)
    locked = models.JSONField("止めたアカウント", default=list)
    """Ids of the people who could log in until then."""
    proposed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField("起票日時")
    needs_second = models.BooleanField("もう一人の承認が要る")
    approved_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField("決定日時", null=True)
    withdrawn_at = models.DateTimeField("取り下げ日時", null=True)
    withdrawal_reason = ProseField("取り下げの理由", blank=True)
    carried_out_at = models.DateTimeField("実施日時", null=True)
    decision = models.ForeignKey("decisions.Decision", models.PROTECT, null=True, related_name="+")
    notice = models.ForeignKey("notifications.Message", models.PROTECT, null=True, related_name="+")
    refund = models.BooleanField("返金", null=True)
    """None while a person has to decide."""
    refund_reason = ProseField("返金の判断の理由", blank=True)
    refund_by = models.CharField("返金を判断した人", max_length=120, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["agreement", "id"], name="ending_of"),
            # "What takes effect now?"
            models.Index(
                fields=["effective_at", "id"],
                name="ending_due",
                condition=Q(carried_out_at=None, withdrawn_at=None, settled_at__isnull=False),
            ),
            # "What has been carried out lately, and may have been the last of a service?"
            models.Index(fields=["carried_out_at"], name="ending_done", condition=Q(carried_out_at__isnull=False)),
            # "What waits for a second person?"
            models.Index(
                fields=["proposed_at", "id"], name="ending_proposed", condition=Q(settled_at=None, withdrawn_at=None)
            ),
            # "What became of each agreement by this decision?"
            models.Index(
                fields=["discontinuation", "id"],
                name="ending_by_decision",
                condition=Q(discontinuation__isnull=False),
            ),
        ]
        constraints = [
            # A second cancellation is answered with the first (MM-TRM-01).
            models.UniqueConstraint(
                fields=["agreement", "ground", "part", "measure"],
                condition=Q(withdrawn_at=None),
                name="ending_once",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")), name="ending_by_two_persons"
            ),
            models.CheckConstraint(
                condition=Q(needs_second=False) | Q(settled_at=None) | Q(approved_by__isnull=False),
                name="ending_approved_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} 終了"

    @property
    def state(self) -> tuple[str, str]:
        """The word and the tone of where it stands."""
        if self.withdrawn_at is not None:
            return "取り下げ", "out"
        if self.settled_at is None:
            return "承認待ち", "hold"
        return ("実施済", "ok") if self.carried_out_at else ("決定済", "info")


class DueDebt(models.Model):
    """期限の利益の喪失: a debt that falls due with a ground (IX-TRM-03, VA-TRN-03, SP-TRN-03)."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    ending = models.ForeignKey(Ending, models.PROTECT, related_name="debts")
    what = models.CharField("債務", max_length=200)
    amount_yen = models.PositiveIntegerField("金額（円）")
    due_on = models.DateField("もとの支払期日")
    falls_due_on = models.DateField("支払期日")
    decision = models.ForeignKey("decisions.Decision", models.PROTECT, related_name="+")
    paid_on = models.DateField("支払いの日", null=True)

    class Meta:
        indexes = [models.Index(fields=["ending", "id"], name="due_debt_of")]

    def __str__(self) -> str:
        return self.what


class Closing(models.Model):
    """終わりの処理: a service is over for a customer; the steps of the one run that follows, and when each was done.

    RC-SUR-02. A row for each end: who applies anew and ends again has another.
    """

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    service = models.CharField("サービス", max_length=40)
    ends_at = models.DateTimeField("終わりの日時")
    """From this moment on none of the customer's agreements under the service runs."""
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="closings")
    """The one that ended last."""
    began_at = models.DateTimeField("始めた日時")
    done = models.JSONField("済んだこと", default=dict)
    """Step → when it was done; a run that was interrupted goes on after them."""
    held = models.JSONField("残っているもの", default=dict)
    """Kind of information → how many records of it were held at the end."""
    notice = models.ForeignKey("notifications.Message", models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField("終えた日時", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "service", "ends_at"], name="closing_once"),
        ]
        indexes = [
            # "Which runs are not finished?"
            models.Index(fields=["began_at", "id"], name="closing_open", condition=Q(finished_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} 終わりの処理"


class Collection(models.Model):
    """回収: a lent machine comes back after the end or an exchange (MM-TRM-04, MM-TRM-05)."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="collections")
    unit = models.ForeignKey(LentUnit, models.PROTECT, related_name="collections")
    serial = models.CharField("製造番号", max_length=40)
    """As it was lent; the customer, who does not see the stock, reads it here."""
    requested_at = models.DateTimeField("依頼日時")
    due_on = models.DateField("回収の期限")
    pickup_on = models.DateField("引き取りの予定日", null=True)
    handed_over_at = models.DateTimeField("引き渡し日時", null=True)
    received_at = models.DateTimeField("受領日時", null=True)
    received_serial = models.CharField("届いた製造番号", max_length=40, blank=True)
    missing = models.JSONField("不足・破損", default=list)
    """List of {part, state}."""

    class Meta:
        indexes = [models.Index(fields=["agreement", "id"], name="collection_of")]
        constraints = [
            # One machine is waited for once.
            models.UniqueConstraint(fields=["unit"], condition=Q(received_at=None), name="collection_once")
        ]

    def __str__(self) -> str:
        return self.serial


class ErasureHold(models.Model):
    """残す理由: why data of an ended agreement is not destroyed yet (MM-TRM-02)."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="erasure_holds")
    code = models.CharField("種類", max_length=40)
    """A hold of `[erase]` of the edition."""
    reason = ProseField("理由")
    since = models.DateField("理由が生じた日")
    until = models.DateField("最後の日", null=True)
    """None while it is not known."""
    placed_by = models.CharField("記録した人", max_length=120)
    placed_at = models.DateTimeField("記録日時")
    released_by = models.CharField("解いた人", max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["agreement", "id"], name="erasure_hold_of")]

    def __str__(self) -> str:
        return self.reason[:40]


class Destruction(models.Model):
    """破棄の記録: what was destroyed after the end, and what stays by which law. It holds no content (MM-TRM-02)."""

    class Method(models.TextChoices):
        ERASED = "erased", "消去"
        RETURNED = "returned", "返却"
        DESTROYED = "destroyed", "廃棄"

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="destruction")
    usable_until = models.DateField("利用できた最後の日")
    method = models.CharField("方法", max_length=10, choices=Method.choices)
    how = models.CharField("方法の補足", max_length=200, blank=True)
    counts = models.JSONField("破棄した件数", default=dict)
    """Category → number of rows. What stands here is done: a job that starts anew goes on after it."""
    kept = models.JSONField("残したもの", default=list)
    """List of {category, reason, clause}."""
    backups_by = models.DateField("控えから消える日", null=True)
    started_at = models.DateTimeField("開始日時")
    started_by = models.CharField("開始した人", max_length=120)
    finished_at = models.DateTimeField("終了日時", null=True)
    certificate = models.ForeignKey("notifications.Letter", models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.agreement} 破棄"


class DataExport(models.Model):
    """データの返却: a customer took its data away (MM-TRM-03). Only what and when, not the content."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="exports")
    at = models.DateTimeField("日時")
    by = models.CharField("受け取った人", max_length=120)
    counts = models.JSONField("件数", default=dict)
    sha256 = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["agreement", "id"], name="data_export_of")]

    def __str__(self) -> str:
        return f"{self.agreement} {self.at:%Y-%m-%d}"


class UnitExchange(models.Model):
    """装置の交換: a lent machine that failed or is too old is replaced, in the eight steps of the terms (MM-RMA-02)."""

    class Outcome(models.TextChoices):
        REPLACED = "replaced", "交換済"
        RECOVERED = "recovered", "復旧"
        WITHDRAWN = "withdrawn", "取り下げ"

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="unit_exchanges")
    old_serial = models.CharField("交換前の製造番号", max_length=40)
    new_serial = models.CharField("代替装置の製造番号", max_length=40, blank=True)
    reported_at = models.DateTimeField("故障の連絡")
    report = ProseField("連絡の内容")
    judged_at = models.DateTimeField("状態の確認", null=True)
    failed = models.BooleanField("故障の判断", null=True)
    exchange_on = models.DateField("交換の予定日", null=True)
    recovery_at = models.DateTimeField("復旧作業", null=True)
    recovery = ProseField("復旧作業の内容", blank=True)
    dispatched_at = models.DateTimeField("代替装置の送付の連絡", null=True)
    parcel = models.ForeignKey(Consignment, models.PROTECT, null=True, related_name="+")
    collection = models.ForeignKey(Collection, models.PROTECT, null=True, related_name="+")
    installed_at = models.DateTimeField("設置", null=True)
    resumed_at = models.DateTimeField("利用の再開", null=True)
    closed_at = models.DateTimeField("終了", null=True)
    outcome = models.CharField("結果", max_length=10, choices=Outcome.choices, blank=True)

    class Meta:
        indexes = [models.Index(fields=["agreement", "id"], name="unit_exchange_of")]
        constraints = [
            models.UniqueConstraint(fields=["agreement"], condition=Q(closed_at=None), name="unit_exchange_once"),
            # Only what was judged to have failed is replaced (8.3).
            models.CheckConstraint(condition=Q(dispatched_at=None) | Q(failed=True), name="unit_exchange_judged_first"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {self.old_serial}"


class ChangeRequest(models.Model):
    """変更の申請: what a customer wants changed of one agreement, until a revision holds it (IX-CHG-06…08, MM-CHG-01).

    It is a form of its own that refers to the one it changes; that one never changes (RC-GEN-08).
    """

    class State(models.TextChoices):
        """Who acts next stands behind each state."""

        DRAFT = "draft", "下書き"  # whoever asks goes on typing
        SUBMITTED = "submitted", "提出"  # the desk looks at it
        CHECKING = "checking", "確認"  # whoever took it decides
        RETURNED = "returned", "差戻し"  # whoever asked corrects it
        APPLIED = "applied", "反映済"  # nobody
        WITHDRAWN = "withdrawn", "取下げ"  # nobody
        REFUSED = "refused", "受けられない"  # nobody

    class Channel(models.TextChoices):
        PORTAL = "portal", "申請画面"
        EMAIL = "email", "変更カード（メール）"
        POST = "post", "変更カード（郵送）"
        DESK = "desk", "窓口への連絡"

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    number = models.CharField("変更申請番号", max_length=20, unique=True)
    receipt = models.CharField("受付番号", max_length=20, blank=True)
    """The number of the first request of a form about several agreements (IX-CHGF-04); empty where it was about one."""
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="change_requests")
    based_on = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    """The revision that stood when it was begun."""
    state = models.CharField("状態", max_length=10, choices=State.choices, default=State.DRAFT)
    channel = models.CharField("受付経路", max_length=10, choices=Channel.choices)
    asked_by = models.CharField("申し出た方", max_length=80)
    entries = models.JSONField("変える内容", default=dict)
    """Field of the edition's form → what it shall be, as typed; only what differs from the registered content."""
    said = models.JSONField("変更について", default=dict)
    """About the change itself: `effective`, `entered`, `new_legal_entity`, `wishes`, `consent` … (see `proposal`);
    `also`, the numbers of further agreements (see `shared_changes`)."""
    version = models.PositiveIntegerField(default=1)
    """Raised at every save: who saves over a newer version is told instead (nothing is lost)."""
    parked = models.JSONField("書きかけの記入", default=dict)
    """User → what that person typed while somebody else saved, until they choose."""
    received_on = models.DateField("届いた日", null=True)
    effective_on = models.DateField("変更日", null=True)
    """As it was asked for; what holds is the day of the revision."""
    lines = models.JSONField("変更の行", default=list)
    """What was asked and answered when it was sent: {kind, name, allowed, says, clause, lines: [{label, before,
    after}]}."""
    partly = models.BooleanField("受けられない部分を除く", default=False)
    """MM-CHG-02: that what is possible shall be done although the rest is not."""
    late = models.BooleanField("遅れた届け", default=False)
    created_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField("作成日時")
    updated_at = models.DateTimeField("更新日時")
    submitted_at = models.DateTimeField("提出日時", null=True)
    decided_at = models.DateTimeField("決定日時", null=True)
    decided_by = models.CharField("決定した人", max_length=120, blank=True)
    reason = ProseField("理由", blank=True)
    clause = models.CharField("条項", max_length=60, blank=True)
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+")
    """The one that it made."""
    consent = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, related_name="+", verbose_name="承諾の書面"
    )
    """The provider's consent in writing, where the customer itself changed (IX-ASG-01)."""
    became = models.CharField("引き継いだ契約の番号", max_length=20, blank=True)
    """The agreement of the new customer. A number, as nothing of one customer points at what is another's."""
    carried_over_at = models.DateTimeField("会社の情報へ反映した日時", null=True)
    """When the customer's own name followed, which has no revisions: on the day of the change."""

    class Meta:
        indexes = [
            # "What has the desk to look at?"
            models.Index(
                fields=["submitted_at", "id"], name="change_open", condition=Q(state__in=["submitted", "checking"])
            ),
            # "What does this customer want changed?"
            models.Index(fields=["tenant", "-id"], name="change_by_tenant"),
            # "From whom did this agreement come?"
            models.Index(fields=["became"], name="change_became", condition=~Q(became="")),
            # "What came on the same form?"
            models.Index(fields=["receipt", "id"], name="change_by_receipt"),
            # "What is in force and has yet to reach the customer's own name?"
            models.Index(
                fields=["id"], name="change_to_carry_over", condition=Q(state="applied", carried_over_at=None)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="applied") | Q(revision__isnull=False) | ~Q(became=""),
                name="change_has_its_revision",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="change_refused_for_a_reason"),
        ]

    def __str__(self) -> str:
        return self.number


class ChangeEvent(models.Model):
    """A turn in the life of a change request: who, when, to what, why (MM-CHG-01)."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    request = models.ForeignKey(ChangeRequest, models.PROTECT, related_name="events")
    at = models.DateTimeField("日時")
    actor = models.CharField("担当", max_length=120)
    state = models.CharField("状態", max_length=10, choices=ChangeRequest.State.choices)
    note = ProseField("内容", blank=True)

    def __str__(self) -> str:
        return f"{self.request} {self.get_state_display()}"


class ExtensionKit(models.Model):
    """延長キット: one further year for an agreement, from the order to the new end (IX-EXT-01…04)."""

    class State(models.TextChoices):
        """Who acts next stands behind each state."""

        MISMATCH = "mismatch", "訂正待ち"  # who ordered it states the number and the last day again
        WAITING = "waiting", "販売開始待ち"  # nobody, until the sale opens
        HELD = "held", "承認待ち"  # a person of the provider decides whether it is sold
        ORDERED = "ordered", "申込済"  # it is sold
        SOLD = "sold", "購入済（手続き前）"  # the procedure lengthens the agreement
        APPLIED = "applied", "適用済"  # nobody
        REFUSED = "refused", "販売しません"  # nobody
        WITHDRAWN = "withdrawn", "取下げ"  # nobody

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    number = models.CharField("延長の申込番号", max_length=20, unique=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True, related_name="kits")
    """None while no agreement is found under the stated number."""
    state = models.CharField("状態", max_length=10, choices=State.choices)
    asked_by = models.CharField("申し込んだ方", max_length=80)
    stated_number = models.CharField("記入された契約番号", max_length=40)
    stated_end = models.DateField("記入された満了日", null=True)
    ordered_at = models.DateTimeField("申込日時")
    opens_on = models.DateField("販売開始日", null=True)
    serial = models.CharField("キットのシリアル No.", max_length=40, blank=True)
    bought_on = models.DateField("購入日", null=True)
    price_yen = models.PositiveIntegerField("価格（円）", null=True)
    approved_by = models.CharField("承認した人", max_length=120, blank=True)
    approved_for = ProseField("承認の理由", blank=True)
    end_before = models.DateField("延長前の満了日", null=True)
    end_after = models.DateField("延長後の満了日", null=True)
    """While it is not applied, the end as it was promised."""
    applied_at = models.DateTimeField("手続き完了日時", null=True)
    decision = models.ForeignKey("decisions.Decision", models.PROTECT, null=True, related_name="+")
    reason = ProseField("理由", blank=True)
    clause = models.CharField("条項", max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["serial"], condition=~Q(serial=""), name="kit_used_once"),
            models.CheckConstraint(
                condition=~Q(state="applied") | Q(end_after__gt=F("end_before"), applied_at__isnull=False),
                name="kit_lengthens",
            ),
            models.CheckConstraint(
                condition=Q(state="mismatch") | Q(state="withdrawn") | Q(agreement__isnull=False),
                name="kit_has_its_agreement",
            ),
        ]
        indexes = [
            # "Which orders has somebody to act on?"
            models.Index(
                fields=["ordered_at", "id"],
                name="kit_open",
                condition=Q(state__in=["mismatch", "waiting", "held", "ordered", "sold"]),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class DataCheck(models.Model):
    """登録内容の確認: once a year the customer is asked whether what is registered still holds (MM-CND-29)."""

    tenant = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="data_checks")
    due_on = models.DateField("確認の日")
    """The anniversary of the contract; the last day of February where it has no 29th."""
    asked_at = models.DateTimeField("お尋ねした日時")
    answered_at = models.DateTimeField("回答日時", null=True)
    answered_by = models.CharField("回答した人", max_length=120, blank=True)
    unchanged = models.BooleanField("変わりなし", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "due_on"], name="data_check_once")]

    def __str__(self) -> str:
        return f"{self.agreement} {self.due_on}"
