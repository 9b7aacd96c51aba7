"""Every message that people get: its facts, its words, its purpose. Ids are stable; a new wording is a new release.

A message is a frozen class whose fields are the facts it needs, so a missing or a misspelt one is told where the
message is put, not where it is read. `REGISTRY` lists them by id.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from hoshu.notifications.notice import Action, Addressee, Notice, Rows, Sender, day, moment

SHIPPED = "出荷日"
"""The value of `purchase_basis` where no proof of purchase arrived (IX-COV-03)."""

_SHIPPED_NOTE = (
    "購入日を確認できる書類が届かなかったため、当方の出荷日を購入日としています。"
    "書類をお持ちでしたら写しをお送りください。確認のうえ訂正します。"
)


class Purpose(StrEnum):
    """第2章 個人情報: personal data is used for these four and nothing else (IX-PII-01)."""

    SERVICE = "サービスの提供"
    REGISTRATION = "登録の手続き・確認・変更"
    CORRESPONDENCE = "これらに関するご連絡"
    IMPROVEMENT = "品質向上のための調査・分析"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What every message needs: whom it is for, and the clauses it rests on in the words of the edition."""

    addressee: Addressee
    clauses: tuple[str, ...] = ()

    id: ClassVar[str]
    title: ClassVar[str]
    purpose: ClassVar[Purpose]
    confidential: ClassVar[bool] = False
    """It holds what only the addressee may read, so it is sent without a row in the outbox, which staff can read."""

    def notice(self, sender: Sender) -> Notice:
        """The message in words."""
        raise NotImplementedError


REGISTRY: dict[str, type[Facts]] = {}


def compose(message: str, context: Mapping[str, Any], sender: Sender) -> Notice:
    """The message `message` of the registry with its facts. Raises KeyError for an unknown id, TypeError for facts."""
    kind = REGISTRY[message]
    facts = dict(context)
    if isinstance(addressee := facts.get("addressee"), Mapping):
        facts["addressee"] = Addressee(**addressee)
    for field in fields(kind):
        if isinstance(facts.get(field.name), list):
            facts[field.name] = tuple(facts[field.name])
    return kind(**facts).notice(sender)


def _registered(kind: type[Facts]) -> type[Facts]:
    REGISTRY[kind.id] = kind
    return kind


@_registered
@dataclass(frozen=True, kw_only=True)
class RegistrationCompleted(Facts):
    """登録完了のお知らせ: sending it is the acceptance (IX-REG-03, IX-REG-04)."""

    number_name: str = "サービス手配番号"
    """What the service calls the number of an agreement."""
    service_number: str
    heading: str = ""
    """What the service calls this notice; empty for the usual title."""
    product: str = ""
    """Product and serial are empty while a lent machine is not named yet."""
    serial: str = ""
    plan: str
    start_weekday: str = ""
    """「月曜日」; empty for a plan without one."""
    options: tuple[tuple[str, int], ...] | None = None
    """None for a service that registers none."""
    further: Rows = ()
    """Other numbers and contents that the customer keeps: 機器管理番号, サポートID, 個別サービス."""
    starts_on: date | None
    """None while the service waits for something."""
    ends_on: date | None
    """None where there is no term."""
    shortened_by: str = ""
    """Why `ends_on` is earlier than the plan's years, where the model's support limit cuts it (IX-COV-05)."""
    purchased_on: date | None = None
    purchase_basis: str = ""
    """「領収書」「納品書」「その他」「お申し出」 or SHIPPED."""
    revision: int
    steps: tuple[str, ...] = ()
    notes_of_terms: tuple[str, ...] = ()
    """What the terms ask the customer to do and to know."""

    id = "registration.completed"
    title = "登録完了のお知らせ"
    purpose = Purpose.REGISTRATION

    @property
    def point(self) -> str:
        unit = f"機器（製造番号 {self.serial}）" if self.serial else "お申し込み"
        until = f"サポート満了日は{day(self.ends_on)}です。" if self.ends_on else ""
        return f"{unit}の登録が完了しました。{until}" if self.serial else f"{unit}を承りました。{until}"

    @property
    def facts(self) -> Rows:
        rows = (
            (self.number_name, self.service_number),
            *self.further,
            *((("サポート満了日", self._end),) if self.ends_on else ()),
            ("サービス開始日", day(self.starts_on) if self.starts_on else "準備が済みしだい始まります"),
            ("品名", self.product),
            ("製造番号", self.serial),
            ("プラン", self.plan),
            ("開始基準曜日", self.start_weekday),
            ("登録オプション", self._options),
            ("ご購入日", self._purchase),
            ("版数", str(self.revision)),
        )
        return tuple((label, text) for label, text in rows if text)

    @property
    def _end(self) -> str:
        return day(self.ends_on) + (f"（{self.shortened_by}）" if self.shortened_by else "") if self.ends_on else ""

    @property
    def _options(self) -> str:
        if self.options is None:
            return ""
        return "、".join(f"{name}×{count}" for name, count in self.options) or "なし"

    @property
    def _purchase(self) -> str:
        return f"{day(self.purchased_on)}（根拠: {self.purchase_basis}）" if self.purchased_on else ""

    @property
    def notes(self) -> tuple[str, ...]:
        shipped = (_SHIPPED_NOTE,) if self.purchase_basis == SHIPPED else ()
        return (*shipped, *self.notes_of_terms)

    def notice(self, sender: Sender) -> Notice:
        """IX-COV-09 (please check), IX-REG-14 (keep both), IX-REG-07 (what to quote), IX-SVC-03 (latest backup)."""
        return Notice(
            title=self.heading or self.title,
            reference=self.service_number,
            action=Action.CHECK,
            addressee=self.addressee,
            point=self.point,
            facts=self.facts,
            steps=self.steps,
            notes=self.notes,
            contact=(*sender.fault_contact, *sender.registration_contact),
            clauses=self.clauses,
            sender=sender,
        )


@_registered
@dataclass(frozen=True, kw_only=True)
class RegistrationChanged(RegistrationCompleted):
    """登録完了のお知らせ（変更）(IX-CHG-08)."""

    effective_on: date
    changes: tuple[str, ...]
    """What changed, a line each: 「開始基準曜日: 月曜日 → 木曜日」."""

    id = "registration.changed"
    title = "登録完了のお知らせ（変更）"

    @property
    def point(self) -> str:
        return f"登録内容の変更が完了しました。{day(self.effective_on)}から新しい内容でサービスを提供します。"

    @property
    def facts(self) -> Rows:
        changed = (("変更日", day(self.effective_on)), ("変更した内容", "\n".join(self.changes)))
        return (*changed, *super().facts)


@_registered
@dataclass(frozen=True, kw_only=True)
class RegistrationReceived(Facts):
    """The receipt with its time; the applicant's copy of the card goes along (IX-REG-11, IX-REG-12)."""

    application_number: str
    received_at: datetime
    channel: str
    numbers: Rows = ()
    """What was applied for: the number of the card, of the machine."""
    missing: tuple[str, ...] = ()
    """What is still needed, a sentence each."""

    id = "registration.received"
    title = "登録の申請を受け付けました"
    purpose = Purpose.REGISTRATION

    def notice(self, sender: Sender) -> Notice:
        return Notice(
            title=self.title,
            reference=self.application_number,
            action=Action.ACT if self.missing else Action.NONE,
            addressee=self.addressee,
            point="登録の申請を受け付けました。登録が完了しましたら、あらためてお知らせします。",
            facts=(
                ("申請番号", self.application_number),
                ("受付日時", moment(self.received_at)),
                ("受付方法", self.channel),
                *self.numbers,
            ),
            steps=self.missing,
            notes=(
                "サービスは、登録完了のお知らせをお送りした日から始まります。",
                "ご記入の内容について、当方または委託先の担当者からお尋ねすることがあります。",
            ),
            contact=sender.registration_contact,
            clauses=self.clauses,
            sender=sender,
        )


@_registered
@dataclass(frozen=True, kw_only=True)
class RegistrationRefused(Facts):
    """承諾拒絶の通知: reason, clause, and how the price comes back from the seller (IX-REG-05, IX-REG-06)."""

    application_number: str
    received_on: date
    numbers: Rows = ()
    """What was applied for: the number of the card, of the machine."""
    reason: str
    refund: bool = True
    """Whether the price comes back from the seller."""
    refund_by: date | None = None
    """By when the customer has to ask for it (VA-REG-12)."""
    seller: str = ""
    clauses: tuple[str, ...]

    id = "registration.refused"
    title = "承諾拒絶の通知"
    purpose = Purpose.REGISTRATION

    @property
    def _shop(self) -> str:
        return self.seller or "お求めになった販売店"

    def notice(self, sender: Sender) -> Notice:
        if not self.reason.strip() or not self.clauses:
            raise ValueError("a refusal needs its reason and its clause")
        return Notice(
            title=self.title,
            reference=self.application_number,
            action=Action.ACT,
            addressee=self.addressee,
            point="お申し込みいただいた登録は、次の理由により承諾できません。"
            + ("代金はご購入元から返金されます。" if self.refund else ""),
            facts=(
                ("理由", self.reason),
                ("申請番号", self.application_number),
                ("申請の受領日", day(self.received_on)),
                *self.numbers,
                *((("ご購入元", self._shop),) if self.refund else ()),
                *((("返金の期限", f"{day(self.refund_by)}（この通知の日から数えます）"),) if self.refund_by else ()),
            ),
            steps=(
                "この通知を印刷してください（添付のPDFをお使いください）。",
                "領収書など、購入を証するものをご用意ください。",
                f"両方を{self.seller or 'ご購入元'}にお渡しになり、代金の返金をお受けください。",
            )
            if self.refund
            else (),
            notes=("お送りいただいた内容と資料は保管しています。ご不明な点は、下の窓口へお尋ねください。",),
            contact=sender.registration_contact,
            clauses=self.clauses,
            sender=sender,
        )


@_registered
@dataclass(frozen=True, kw_only=True)
class RegistrationLapsed(Facts):
    """期限超過・対象外: too late to be served, and the price is not returned (IX-REG-09, IX-GEN-07)."""

    application_number: str
    received_on: date
    apply_by: date
    numbers: Rows = ()
    """What was applied for: the number of the card, of the machine."""
    reason: str

    id = "registration.lapsed"
    title = "登録の申請は対象外となりました"
    purpose = Purpose.REGISTRATION

    def notice(self, sender: Sender) -> Notice:
        return Notice(
            title=self.title,
            reference=self.application_number,
            action=Action.CHECK,
            addressee=self.addressee,
            point="申請が期限の後に届いたため、サービスを提供できません。代金の返金はありません。",
            facts=(
                ("理由", self.reason),
                ("申請番号", self.application_number),
                ("申請の期限", day(self.apply_by)),
                ("申請の受領日", day(self.received_on)),
                *self.numbers,
            ),
            notes=("お送りいただいた内容と資料は保管しています。ご不明な点は、下の窓口へお尋ねください。",),
            contact=sender.registration_contact,
            clauses=self.clauses,
            sender=sender,
        )


@_registered
@dataclass(frozen=True, kw_only=True)
class RegistrationInquiry(Facts):
    """照会: questions to the card writer; nothing entered is lost (IX-REG-15)."""

    application_number: str
    received_on: date
    numbers: Rows = ()
    questions: tuple[str, ...]
    reply_by: date | None = None

    id = "registration.inquiry"
    title = "登録内容についてのお尋ね"
    purpose = Purpose.REGISTRATION

    def notice(self, sender: Sender) -> Notice:
        by = f"{day(self.reply_by)}までに" if self.reply_by else ""
        return Notice(
            title=self.title,
            reference=self.application_number,
            action=Action.ACT,
            addressee=self.addressee,
            point=f"登録の手続きを進めるため、{by}次の{len(self.questions)}点をお知らせください。",
            facts=(
                ("申請番号", self.application_number),
                ("申請の受領日", day(self.received_on)),
                *self.numbers,
            ),
            steps=self.questions,
            notes=("ご記入いただいた内容は保管しています。書き直していただく必要はありません。",),
            contact=sender.registration_contact,
            clauses=self.clauses,
            sender=sender,
        )


@_registered
@dataclass(frozen=True, kw_only=True)
class CaseOpened(Facts):
    """障害の受付: the number, when service next works, what is still needed. No time is promised (IX-WIN-08)."""

    case_number: str
    received_at: datetime
    product: str
    serial: str
    site: str = ""
    symptom: str
    next_window: datetime | None = None
    """From when somebody can attend; not after `received_at` while the window is open, None where nobody will."""
    answer: str = ""
    """The sentence of the decision: covered or not, and why."""
    missing: tuple[str, ...] = ()

    id = "case.opened"
    title = "障害の受付"
    purpose = Purpose.SERVICE

    def notice(self, sender: Sender) -> Notice:
        return Notice(
            title=self.title,
            reference=self.case_number,
            action=Action.ACT if self.missing else Action.NONE,
            addressee=self.addressee,
            point=f"障害のご連絡を受け付けました。受付番号は {self.case_number} です。",
            facts=(
                ("受付番号", self.case_number),
                ("受付日時", moment(self.received_at)),
                ("品名", self.product),
                ("製造番号", self.serial),
                *((("設置場所", self.site),) if self.site else ()),
                ("症状", self.symptom),
                *((("ご契約の判定", self.answer),) if self.answer else ()),
                *self._window,
            ),
            steps=self.missing,
            notes=(
                "伺う時刻や復旧の時刻は、お約束しておりません。訪問する場合は、別にご連絡します。",
                "復旧には、最新の設定のバックアップとソフトウェアの版の情報が必要です。お手元にご用意ください。",
                "個人番号（マイナンバー）を含む資料は送らないでください。",
            ),
            contact=sender.fault_contact,
            clauses=self.clauses,
            sender=sender,
        )

    @property
    def _window(self) -> Rows:
        if self.next_window is None:
            return ()
        if self.next_window <= self.received_at:
            return (("対応時間", "ただいま対応時間内です"),)
        return (("次の対応時間", f"{moment(self.next_window)} から"),)


@_registered
@dataclass(frozen=True, kw_only=True)
class CaseCompleted(Facts):
    """作業の報告: symptom, work, parts, times; never the cause (IX-PRE-06)."""

    case_number: str
    received_at: datetime
    completed_at: datetime
    product: str
    serial: str
    symptom: str
    work: tuple[str, ...]
    parts: tuple[str, ...] = ()
    left_to_customer: tuple[str, ...] = ()
    recurs_until: date | None = None
    """The last day on which the same fault is put right again (IX-GUA-01)."""

    id = "case.completed"
    title = "作業完了のご報告"
    purpose = Purpose.SERVICE

    def notice(self, sender: Sender) -> Notice:
        again = f"{day(self.recurs_until)}までに同じ障害が再び起きたときは、障害受付窓口へご連絡ください。"
        return Notice(
            title=self.title,
            reference=self.case_number,
            action=Action.ACT if self.left_to_customer else Action.NONE,
            addressee=self.addressee,
            point=f"受付番号 {self.case_number} の作業が完了しました。",
            facts=(
                ("受付番号", self.case_number),
                ("受付日時", moment(self.received_at)),
                ("完了日時", moment(self.completed_at)),
                ("品名", self.product),
                ("製造番号", self.serial),
                ("症状", self.symptom),
                ("行った作業", "\n".join(self.work)),
                ("交換した部品", "\n".join(self.parts) or "なし"),
            ),
            steps=self.left_to_customer,
            notes=(
                *((again,) if self.recurs_until else ()),
                "障害の原因についてのご報告は行っていません。",
            ),
            contact=sender.fault_contact,
            clauses=self.clauses,
            sender=sender,
        )


@_registered
@dataclass(frozen=True, kw_only=True)
class DeviceExchanged(Facts):
    """The registration follows the substitute; dates, plan and revision stay (IX-OWN-03)."""

    service_number: str
    product: str
    old_serial: str
    new_serial: str
    exchanged_at: datetime
    ends_on: date

    id = "device.exchanged"
    title = "製造番号が変わりました"
    purpose = Purpose.CORRESPONDENCE

    def notice(self, sender: Sender) -> Notice:
        return Notice(
            title=self.title,
            reference=self.service_number,
            action=Action.CHECK,
            addressee=self.addressee,
            point=f"機器の交換により、登録の製造番号が {self.new_serial} に変わりました。",
            facts=(
                ("サービス手配番号", f"{self.service_number}（変わりません）"),
                ("新しい製造番号", self.new_serial),
                ("これまでの製造番号", self.old_serial),
                ("品名", self.product),
                ("交換日時", moment(self.exchanged_at)),
                ("サポート満了日", f"{day(self.ends_on)}（変わりません）"),
            ),
            steps=("次に障害が起きたときは、新しい製造番号をお伝えください。",),
            notes=("プラン、版数、登録のオプションは変わりません。お手続きは不要です。",),
            contact=(*sender.fault_contact, *sender.registration_contact),
            clauses=self.clauses,
            sender=sender,
        )


@_registered
@dataclass(frozen=True, kw_only=True)
class AccountInvitation(Facts):
    """Somebody may log in; they ask for the link with which they set a password, so none stands here."""

    login: str
    role: str
    link: str
    """The page on which one asks for that link."""

    id = "account.invitation"
    title = "ご利用開始のご案内"
    purpose = Purpose.SERVICE

    def notice(self, sender: Sender) -> Notice:
        return Notice(
            title=self.title,
            action=Action.ACT,
            addressee=self.addressee,
            point=f"{sender.name}の保守サイトをご利用いただけるようになりました。パスワードを決めてください。",
            facts=(("ログイン名", self.login), ("役割", self.role)),
            steps=(
                "下のページを開き、ログイン名のメールアドレスを入力してください。",
                "届いたメールのリンクから、15文字以上のパスワードを決めてください。",
            ),
            link=("パスワードを決める", self.link),
            notes=("お心当たりがないときは、このメールを削除してください。",),
            contact=sender.registration_contact,
            clauses=self.clauses,
            sender=sender,
        )


@_registered
@dataclass(frozen=True, kw_only=True)
class PasswordReset(Facts):
    """Somebody asked for a new password."""

    login: str
    link: str
    valid_hours: int

    id = "account.password_reset"
    title = "パスワードの再設定"
    purpose = Purpose.SERVICE
    confidential = True

    def notice(self, sender: Sender) -> Notice:
        return Notice(
            title=self.title,
            action=Action.ACT,
            addressee=self.addressee,
            point="パスワードを再設定するには、下のリンクを開いてください。",
            facts=(("ログイン名", self.login), ("リンクの期限", f"このメールが届いてから{self.valid_hours}時間")),
            link=("新しいパスワードを決める", self.link),
            notes=("お心当たりがないときは、このメールを削除してください。パスワードは変わりません。",),
            contact=sender.registration_contact,
            clauses=self.clauses,
            sender=sender,
        )


@_registered
@dataclass(frozen=True, kw_only=True)
class ChangeForm(Facts):
    """The change form, filled with what is registered, goes along (IX-CHG-06)."""

    service_number: str
    ends_on: date | None
    revision: int

    id = "change.form"
    title = "お客様登録カード〈変更申請用〉をお送りします"
    purpose = Purpose.REGISTRATION

    def notice(self, sender: Sender) -> Notice:
        return Notice(
            title=self.title,
            reference=self.service_number,
            action=Action.ACT,
            addressee=self.addressee,
            point="登録内容を変更するための記入用カードをお送りします。変わるところを記入してください。",
            facts=(
                ("サービス手配番号", self.service_number),
                *((("サポート満了日", day(self.ends_on)),) if self.ends_on else ()),
                ("版数", str(self.revision)),
            ),
            steps=("添付のカードに記入し、控えを取ってください。", "登録受付の窓口へ、メールでお送りください。"),
            notes=("変更が済みましたら、登録完了のお知らせ（変更）をお送りします。",),
            contact=sender.registration_contact,
            clauses=self.clauses,
            sender=sender,
        )


@_registered
@dataclass(frozen=True, kw_only=True)
class ChangeRefused(Facts):
    """A change that cannot be made, with its reason and clause (OR-44)."""

    request_number: str
    number_name: str = "サービス手配番号"
    service_number: str
    reason: str

    id = "change.refused"
    title = "変更の申請をお受けできません"
    purpose = Purpose.REGISTRATION

    def notice(self, sender: Sender) -> Notice:
        return Notice(
            title=self.title,
            reference=self.request_number,
            action=Action.CHECK,
            addressee=self.addressee,
            point="お申し込みの変更は、次の理由によりお受けできません。登録の内容は、今のまま変わりません。",
            facts=(
                ("理由", self.reason),
                ("変更申請番号", self.request_number),
                (self.number_name, self.service_number),
            ),
            notes=("お申し込みの内容は保管しています。ご不明な点は、下の窓口へお尋ねください。",),
            contact=sender.registration_contact,
            clauses=self.clauses,
            sender=sender,
        )


@_registered
@dataclass(frozen=True, kw_only=True)
class AgreementExpiring(Facts):
    """The end comes near; from when a further year can be bought, where it can (IX-EXT-05)."""

    number_name: str = "サービス手配番号"
    service_number: str
    product: str = ""
    serial: str = ""
    ends_on: date
    days_left: int
    kit_from: date | None = None
    """From when an extension kit is sold; None where the service has none, or it is not sold for this machine."""

    id = "agreement.expiring"
    title = "サポート満了日のお知らせ"
    purpose = Purpose.CORRESPONDENCE

    def notice(self, sender: Sender) -> Notice:
        kit = f"延長キットは、{day(self.kit_from)}からお求めいただけます。" if self.kit_from else ""
        return Notice(
            title=self.title,
            reference=self.service_number,
            action=Action.CHECK,
            addressee=self.addressee,
            point=f"サポート満了日は{day(self.ends_on)}です（あと{self.days_left}日）。{kit}",
            facts=tuple(
                (label, text)
                for label, text in (
                    (self.number_name, self.service_number),
                    ("品名", self.product),
                    ("製造番号", self.serial),
                    ("サポート満了日", day(self.ends_on)),
                )
                if text
            ),
            notes=("機種によっては延長できないことがあります。詳しくは、下の窓口へお尋ねください。",)
            if self.kit_from
            else ("続けてご利用になるときは、下の窓口へお尋ねください。",),
            contact=sender.registration_contact,
            clauses=self.clauses,
            sender=sender,
        )


@_registered
@dataclass(frozen=True, kw_only=True)
class DataCheckDue(Facts):
    """Once a year: does what is registered still hold? (MM-CND-29)"""

    number_name: str = "契約番号"
    service_number: str
    registered: Rows
    pending: tuple[str, ...] = ()
    """Numbers of the changes that are asked for and not applied yet."""

    id = "agreement.data_check"
    title = "登録内容のご確認のお願い"
    purpose = Purpose.REGISTRATION

    def notice(self, sender: Sender) -> Notice:
        waiting = f"変更の申請（{'、'.join(self.pending)}）は手続き中で、下の内容にはまだ入っていません。"
        return Notice(
            title=self.title,
            reference=self.service_number,
            action=Action.ACT,
            addressee=self.addressee,
            point="登録の内容に変わりがないか、年に一度のご確認をお願いします。",
            facts=((self.number_name, self.service_number), *self.registered),
            steps=(
                "変わりがなければ、契約のページで「変わりはありません」を押してください。",
                "変わっていれば、契約のページから変更を申請してください。",
            ),
            notes=(waiting,) if self.pending else (),
            contact=sender.registration_contact,
            clauses=self.clauses,
            sender=sender,
        )
