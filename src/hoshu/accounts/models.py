"""Who there is: the operator, organisations (the tenants), sites, people, roles and the grants between them."""

from unicodedata import normalize

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from hoshu.accounts.roles import Role


def default_reminder_days() -> list[int]:
    """How many days before the end customers are told of it, where the operator has not said otherwise."""
    return [90, 60, 30]


class Operator(models.Model):
    """The one organisation that runs this installation (ix: the Provider, 提供者). What letters and mails show.

    Empty fields stay empty: a telephone number or a responsible person is never guessed (IX-PII-05).
    """

    name = models.CharField("名称", max_length=120)
    department = models.CharField("部署", max_length=120, blank=True)
    postal_code = models.CharField("郵便番号", max_length=8, blank=True)
    address = models.CharField("住所", max_length=200, blank=True)
    registration_number = models.CharField("登録番号(T番号)", max_length=14, blank=True)
    registration_centre = models.CharField("登録受付の窓口名", max_length=120, blank=True)
    registration_email = models.EmailField("登録受付のメール", blank=True)
    fault_desk = models.CharField("障害受付窓口の名称", max_length=120, blank=True)
    fault_desk_phone = models.CharField("障害受付窓口の電話", max_length=40, blank=True)
    privacy_officer = models.CharField("個人情報の管理責任者", max_length=120, blank=True)
    services = models.JSONField("取り扱うサービス", default=list)
    label_lines = models.JSONField("機器管理ラベルの行", default=list)
    """What stands on each line of a label, as codes of `notifications.letters.labels.FACTS`; empty: the usual lines."""
    reminder_days = models.JSONField("満了のお知らせ（満了日の何日前か）", default=default_reminder_days)
    """Days before the end of an agreement on which its customer is told; empty: never."""
    demo = models.JSONField("デモの案内", default=dict)
    """What the first page of a demo offers: {"logins": [{email, name, role}], "serials": [{serial, shows}]};
    `role` as in `roles.Role`, `shows` in a few Japanese words."""

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_operator")]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A customer (the tenant of row-level security), a reseller or a subcontractor."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer", "お客様"
        RESELLER = "reseller", "販売店"
        SUBCONTRACTOR = "subcontractor", "再委託先"

    kind = models.CharField("区分", max_length=20, choices=Kind.choices)
    name = models.CharField("名称", max_length=120)
    kana = models.CharField("フリガナ", max_length=160, blank=True)
    search_name = models.CharField(max_length=300, editable=False)
    """`name` and `kana` folded for search (see `hoshu.japan.names.folded`)."""
    phone = models.CharField("電話番号", max_length=40, blank=True)
    created_at = models.DateTimeField("登録日時")

    class Meta:
        indexes = [models.Index(fields=["search_name"], name="organisation_by_name", opclasses=["text_pattern_ops"])]

    def __str__(self) -> str:
        return self.name


class NameEnding(models.Model):
    """A searched name from one of its characters to its end, for every character: a name is found by any part of it.

    The part begins an ending, and "begins with" is what an index answers behind row-level security (LIKE it does not).
    A trigger keeps the endings of every organisation, whoever writes its `search_name`.
    """

    organisation = models.ForeignKey(Organisation, models.DO_NOTHING, related_name="+")
    ending = models.CharField(max_length=300)

    class Meta:
        # "Whose name or kana holds these characters?"
        indexes = [models.Index(fields=["ending"], name="organisation_by_ending", opclasses=["text_pattern_ops"])]
        constraints = [models.UniqueConstraint(fields=["organisation", "ending"], name="name_ending_once")]

    def __str__(self) -> str:
        return self.ending


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A user who can log in; without a password only through a link."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who logs in. Without an organisation: the operator's own staff."""

    email = models.EmailField("メールアドレス", unique=True)
    name = models.CharField("お名前", max_length=80)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="users")
    is_active = models.BooleanField("利用中", default=True)
    created_at = models.DateTimeField("登録日時")
    session_round = models.PositiveIntegerField("ログインの終了回数", default=0)
    """Raised to end every session of this person at once."""
    secret_question = models.CharField("秘密の質問", max_length=80, blank=True)
    secret_answer = models.CharField("秘密の質問の答え", max_length=128, blank=True)
    """Hashed like a password. Asked besides the mailed link, never enough by itself (VA-REG-19)."""

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    def __str__(self) -> str:
        return self.name

    # A password typed in full width, or on a phone that composes its letters, is the same password.
    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password and normalize("NFKC", raw_password))

    def check_password(self, raw_password: str) -> bool:
        return super().check_password(normalize("NFKC", raw_password))

    def get_session_auth_hash(self) -> str:
        """A session holds while neither the password nor `session_round` changed."""
        return salted_hmac("hoshu.session", f"{self.session_round}:{self.password}", algorithm="sha256").hexdigest()


class Assignment(models.Model):
    """A role somebody has, from a day and perhaps until a day (both in Japan, `valid_until` included)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="assignments")
    role = models.CharField("役割", max_length=20, choices=Role.choices)
    valid_from = models.DateField("開始日")
    valid_until = models.DateField("終了日", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "valid_from"], name="assignment_once"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="assignment_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class DataContract(models.Model):
    """A subcontractor's contract that imposes data-protection and confidentiality duties (IX-PII-02, IX-CONF-05).

    The day after `valid_until` its people see nothing any more.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="data_contracts")
    reference = models.CharField("契約番号", max_length=80)
    scope = models.CharField("範囲", max_length=200)
    parent = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="sub_contracts")
    """The subcontractor one tier above; none for the first tier (IX-SUB-01)."""
    tier = models.PositiveSmallIntegerField("次数", default=1)
    valid_from = models.DateField("開始日")
    valid_until = models.DateField("終了日")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="data_contract_in_order"),
            models.CheckConstraint(
                condition=Q(tier=1, parent=None) | Q(tier__gt=1, parent__isnull=False), name="tier_has_its_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Grant(models.Model):
    """A reseller or subcontractor may see one customer, from a day until a day (included)."""

    grantee = models.ForeignKey(Organisation, models.PROTECT, related_name="grants")
    tenant = models.ForeignKey(Organisation, models.PROTECT, related_name="granted_to")
    valid_from = models.DateField("開始日")
    valid_until = models.DateField("終了日", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["grantee", "tenant", "valid_from"], name="grant_once")]

    def __str__(self) -> str:
        return f"{self.grantee} → {self.tenant}"


class SellerPage(models.Model):
    """販売店の申込ページ: a public address under which a seller takes applications for a service (MM-SUP-03)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="pages")
    service = models.CharField("サービス", max_length=40)
    code = models.CharField("申込ページのコード", max_length=20, unique=True)
    product_name = models.CharField("商品名", max_length=80)
    """What the seller calls what it sells."""
    is_open = models.BooleanField("受付中", default=True)
    created_at = models.DateTimeField("登録日時")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "service"], name="seller_page_once")]

    def __str__(self) -> str:
        return self.product_name


class ApiToken(models.Model):
    """A key for programs. Only its hash is kept; the key is shown once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField("用途", max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField("発行日時")
    expires_at = models.DateTimeField("期限", null=True, blank=True)
    revoked_at = models.DateTimeField("失効日時", null=True, blank=True)
    last_used_at = models.DateTimeField("最終利用", null=True, blank=True)
    free_at = models.DateTimeField(null=True, editable=False)
    """When the calls so far are paid off at the allowed rate (see `accounts.tokens`)."""

    def __str__(self) -> str:
        return self.name


class SetupLink(models.Model):
    """The one-time link with which a new installation gets its first administrator."""

    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"


class HistoryEntry(models.Model):
    """Who changed what, written by a trigger on every tracked table: bulk and raw SQL are caught too.

    The runtime login can read it and nothing else.
    """

    at = models.DateTimeField("日時")
    actor = models.CharField("操作者", max_length=120)
    table = models.CharField("表", max_length=63)
    row_id = models.BigIntegerField()
    tenant_id = models.BigIntegerField(null=True)
    action = models.CharField("操作", max_length=6)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        # "What happened to this row?"
        indexes = [models.Index(fields=["table", "row_id", "id"], name="history_of_row")]

    def __str__(self) -> str:
        return f"{self.action} {self.table} {self.row_id}"
