"""登録: from the receipt of an application to its acceptance or refusal, and what changes later."""

from dataclasses import dataclass
from datetime import date, datetime

from hoshu.notifications.messages.facts import USUAL, Facts, Purpose, Words
from hoshu.notifications.notice import Action, Notice, Rows, Sender, day, filled, moment

SHIPPED = "出荷日"
"""The value of `purchase_basis` where no proof of purchase arrived (IX-COV-03)."""

_SHIPPED_NOTE = (
    "購入日を確認できる書類が届かなかったため、当方の出荷日を購入日としています。"
    "書類をお持ちでしたら写しをお送りください。確認のうえ訂正します。"
)


@dataclass(frozen=True, kw_only=True)
class RegistrationCompleted(Facts):
    """登録完了のお知らせ: sending it is the acceptance (IX-REG-03, IX-REG-04; VA-REG-09; SP-REG-07, SP-REG-08)."""

    service_number: str
    heading: str = ""
    """What the service calls this notice; empty for the usual title."""
    product: str = ""
    serial: str = ""
    """Both empty while a lent machine is not named yet."""
    plan: str
    start_weekday: str = ""
    """「月曜日」; empty for a plan without one."""
    options: tuple[tuple[str, int], ...] | None = None
    """None where the service registers none."""
    starts_on: date | None
    """None while the service waits for something."""
    ends_on: date | None
    """None while no end is set."""
    shortened_by: str = ""
    """Why `ends_on` is earlier than the plan's years, where the model's support limit cuts it (IX-COV-05)."""
    purchased_on: date | None = None
    """None where the period does not count from a purchase."""
    purchase_basis: str = ""
    """「領収書」「納品書」「その他」 or SHIPPED."""
    more: Rows = ()
    """What else a service registers: ("型番", "N8100-2558")."""
    labels: tuple[str, ...] = ()
    """The numbers of the labels that are enclosed."""
    asked: tuple[str, ...] = ()
    """What the terms ask the customer to do."""
    remarks: tuple[str, ...] = ()
    """What they want the customer to know."""
    revision: int
    words: Words = USUAL

    id = "registration.completed"
    title = "登録完了のお知らせ"
    why = "登録の申請を承諾したため"
    purpose = Purpose.REGISTRATION

    @property
    def point(self) -> str:
        words = self.words
        if self.ends_on is not None:
            then = f"{words.ends}は{day(self.ends_on)}です。"
        else:
            then = f"{day(self.starts_on)}からサービスを提供します。" if self.starts_on else ""
        if not self.serial:
            return f"{words.service or words.unit}のお申し込みを承りました。{then}"
        return f"{words.unit}（{words.serial} {self.serial}）の登録が完了しました。{then}"

    @property
    def facts(self) -> Rows:
        words, options = self.words, self.options
        ends = day(self.ends_on) if self.ends_on else ""
        why = f"（{self.shortened_by}）" if self.shortened_by else ""
        chosen = "" if options is None else "、".join(f"{name}×{count}" for name, count in options) or "なし"
        bought = f"{day(self.purchased_on)}（根拠: {self.purchase_basis}）" if self.purchased_on else ""
        return filled(
            (words.number, self.service_number),
            (words.ends, ends and ends + why),
            (words.starts, day(self.starts_on) if self.starts_on else "準備が済みしだい始まります"),
            ("品名", self.product),
            (words.serial, self.serial),
            ("プラン", self.plan),
            *self.more,
            ("開始基準曜日", self.start_weekday),
            ("登録オプション", chosen),
            ("ご購入日", bought),
            ("版数", str(self.revision)),
        )

    @property
    def steps(self) -> tuple[str, ...]:
        """IX-COV-09 (please check), IX-REG-14 (keep both), IX-REG-07, VA-REG-07 (what to quote), VA-LBL-02 (labels)."""
        which = "、".join(self.labels)
        stick = f"同封の機器管理ラベル（{which}）を、機器の見やすいところに、はがれないように貼ってください。"
        return (*((stick,) if self.labels else ()), *self.asked)

    @property
    def notes(self) -> tuple[str, ...]:
        shipped = (_SHIPPED_NOTE,) if self.purchase_basis == SHIPPED else ()
        return (*shipped, *self.remarks)

    def notice(self, sender: Sender) -> Notice:
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


@dataclass(frozen=True, kw_only=True)
class RegistrationChanged(RegistrationCompleted):
    """登録完了のお知らせ（変更）(IX-CHG-08)."""

    effective_on: date
    changes: tuple[str, ...]
    """What changed, a line each: 「開始基準曜日: 月曜日 → 木曜日」."""

    id = "registration.changed"
    title = "登録完了のお知らせ（変更）"
    why = "登録の内容を変更したため"

    @property
    def point(self) -> str:
        return f"登録内容の変更が完了しました。{day(self.effective_on)}から新しい内容でサービスを提供します。"

    @property
    def facts(self) -> Rows:
        changed = (("変更日", day(self.effective_on)), ("変更した内容", "\n".join(self.changes)))
        return (*changed, *super().facts)


@dataclass(frozen=True, kw_only=True)
class RegistrationReceived(Facts):
    """登録受付のお知らせ: the receipt with its time (VA-REG-04), perhaps with a copy of the card (IX-REG-11)."""

    application_number: str
    received_at: datetime
    channel: str
    numbers: Rows = ()
    """What was applied for: the number of the card, of the machine."""
    units: tuple[str, ...] = ()
    """The machines of one application, a line each, where it may name several."""
    missing: tuple[str, ...] = ()
    """What is still needed, a sentence each."""
    words: Words = USUAL

    id = "registration.received"
    title = "登録受付のお知らせ"
    why = "登録の申請が届いたため"
    purpose = Purpose.REGISTRATION

    def notice(self, sender: Sender) -> Notice:
        return Notice(
            title=f"{self.words.service} {self.title}".strip(),
            reference=self.application_number,
            action=Action.ACT if self.missing else Action.NONE,
            addressee=self.addressee,
            point="登録の申請を受け付けました。登録が完了しましたら、あらためてお知らせします。",
            facts=filled(
                ("申請番号", self.application_number),
                ("受付日時", moment(self.received_at)),
                ("受付方法", self.channel),
                *self.numbers,
                ("登録する機器", "\n".join(self.units)),
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


@dataclass(frozen=True, kw_only=True)
class RegistrationRefused(Facts):
    """承諾拒絶の通知: reason, clause, and how the price comes back from the seller (IX-REG-05, -06, SP-REG-10)."""

    application_number: str
    received_on: date
    numbers: Rows = ()
    """What was applied for: the number of the card, of the machine."""
    reason: str
    refund_by: date | None = None
    """By when the customer has to ask for the price (VA-REG-12)."""
    seller: str = ""
    clauses: tuple[str, ...]
    words: Words = USUAL

    id = "registration.refused"
    title = "承諾拒絶の通知"
    why = "登録の申請を承諾しないと決めたため"
    purpose = Purpose.REGISTRATION

    def notice(self, sender: Sender) -> Notice:
        if not self.reason.strip() or not self.clauses:
            raise ValueError("a refusal needs its reason and its clause")
        return Notice(
            title=self.title,
            reference=self.application_number,
            action=Action.ACT,
            addressee=self.addressee,
            point="お申し込みいただいた登録は、次の理由により承諾できません。代金はご購入元から返金されます。",
            facts=filled(
                ("理由", self.reason),
                ("申請番号", self.application_number),
                ("申請の受領日", day(self.received_on)),
                *self.numbers,
                ("ご購入元", self.seller or "お求めになった販売店"),
                ("返金の期限", f"{day(self.refund_by)}（この通知の日から数えます）" if self.refund_by else ""),
            ),
            steps=(
                "この通知を印刷してください（添付のPDFをお使いください）。",
                "領収書など、購入を証するものをご用意ください。",
                f"両方を{self.seller or 'ご購入元'}にお渡しになり、代金の返金をお受けください。",
            ),
            notes=("お送りいただいた内容と資料は保管しています。ご不明な点は、下の窓口へお尋ねください。",),
            contact=sender.registration_contact,
            clauses=self.clauses,
            sender=sender,
        )


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
    why = "申請が期限に間に合わず、対象外としたため"
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
    why = "申請の内容に、お尋ねすることがあるため"
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


@dataclass(frozen=True, kw_only=True)
class RegistrationReturned(Facts):
    """差戻し: the application goes back to be put right, point by point; what was entered stays."""

    application_number: str
    received_on: date
    items: tuple[tuple[str, str], ...]
    """The field and what to put right in it, with an example: ("製造番号", "…例: 1234567")."""
    send_by: date | None = None
    """The last day on which it may arrive again."""
    link: str = ""
    """The page on which the applicant goes on."""

    id = "registration.returned"
    title = "申請の差戻しのお知らせ"
    why = "申請に直していただくところがあるため"
    purpose = Purpose.REGISTRATION

    def notice(self, sender: Sender) -> Notice:
        if not self.items:
            raise ValueError("an application is returned for something")
        by = f"{day(self.send_by)}までに" if self.send_by else ""
        return Notice(
            title=self.title,
            reference=self.application_number,
            action=Action.ACT,
            addressee=self.addressee,
            point=f"直していただきたいところが{len(self.items)}点あるため、申請をお戻しします。",
            facts=filled(
                ("申請番号", self.application_number),
                ("申請の受領日", day(self.received_on)),
                ("送り直しの期限", day(self.send_by) if self.send_by else ""),
            ),
            steps=(
                *(f"「{field}」を直してください。{what}" for field, what in self.items),
                f"直しおわりましたら、{by}もう一度お送りください。",
            ),
            link=("申請の続きを開く", self.link) if self.link else None,
            notes=("ご記入いただいた内容は保管しています。ほかのところを書き直していただく必要はありません。",),
            contact=sender.registration_contact,
            clauses=self.clauses,
            sender=sender,
        )


@dataclass(frozen=True, kw_only=True)
class RegistrationDeclined(Facts):
    """お断り: an application to a service for which nobody has paid yet, so that nothing is returned."""

    application_number: str
    received_on: date
    reason: str
    possible: tuple[str, ...] = ()
    """What the applicant can do instead, a sentence each."""
    clauses: tuple[str, ...]
    words: Words = USUAL

    id = "registration.declined"
    title = "お申し込みをお受けできないお知らせ"
    why = "申し込みを受けられないと決めたため"
    purpose = Purpose.REGISTRATION

    def notice(self, sender: Sender) -> Notice:
        if not self.reason.strip() or not self.clauses:
            raise ValueError("a refusal needs its reason and its clause")
        return Notice(
            title=self.title,
            reference=self.application_number,
            action=Action.CHECK,
            addressee=self.addressee,
            point="お申し込みは、次の理由によりお受けできません。",
            facts=filled(
                ("理由", self.reason),
                ("サービス", self.words.service),
                ("申請番号", self.application_number),
                ("申請の受領日", day(self.received_on)),
            ),
            notes=(
                *self.possible,
                "お送りいただいた内容と資料は保管しています。ご不明な点は、下の窓口へお尋ねください。",
            ),
            contact=sender.registration_contact,
            clauses=self.clauses,
            sender=sender,
        )


@dataclass(frozen=True, kw_only=True)
class RegistrationToConfirm(Facts):
    """お申し込み内容の確認: the contact looks at what was applied for in its name and says yes or no (MM-FLW-02)."""

    application_number: str
    service: str
    seller: str
    """Empty where it comes through nobody."""
    link: str
    last_day: date

    id = "registration.to_confirm"
    title = "お申し込み内容の確認"
    why = "お名前で申し込みがあり、ご本人の確認が要るため"
    purpose = Purpose.REGISTRATION
    sealed = True

    def notice(self, sender: Sender) -> Notice:
        through = f"{self.seller}を通して、" if self.seller else ""
        return Notice(
            title=self.title,
            reference=self.application_number,
            action=Action.ACT,
            addressee=self.addressee,
            point=f"{through}{self.service}のお申し込みをいただきました。内容が正しいかをお確かめください。",
            facts=filled(
                ("申請番号", self.application_number),
                ("販売店", self.seller),
                ("リンクの期限", f"{day(self.last_day)}まで"),
            ),
            steps=(
                "下のページを開き、内容と同意の項目をお読みください。",
                "正しいときは「内容は正しい」を、違うところがあるときは、その内容を送ってください。",
            ),
            link=("内容を確かめる", self.link),
            notes=(
                "お返事をいただくまで、お申し込みは受理されません。",
                "お心当たりがないときは、開いたページで「申し込んでいない」とお知らせください。",
            ),
            contact=sender.registration_contact,
            clauses=self.clauses,
            sender=sender,
        )
