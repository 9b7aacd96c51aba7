"""契約: what happens to a registered machine and its agreement until they end."""

from dataclasses import dataclass
from datetime import date, datetime

from hoshu.notifications.messages.facts import USUAL, Facts, Purpose, Words
from hoshu.notifications.notice import Action, Notice, Rows, Sender, day, filled, moment

Choice = tuple[str, str, date | None, date | None]
"""What can be done about an end, how, from which day and until which (both included): 「延長」, 「…ください。」."""


@dataclass(frozen=True, kw_only=True)
class AgreementFacts(Facts):
    """What every message about an agreement says of it."""

    number: str
    unit: Rows
    """The machine as its service names it, the name first: ("品名", "ルーター R310"), ("製造番号", "A1234567")."""
    words: Words = USUAL

    @property
    def machine(self) -> str:
        """「ルーター R310（製造番号 A1234567）」."""
        (_, name), *others = self.unit
        told = "、".join(f"{label} {value}" for label, value in others)
        return f"{name}（{told}）" if told else name

    @property
    def rows(self) -> Rows:
        return ((self.words.number, self.number), *self.unit)


@dataclass(frozen=True, kw_only=True)
class Certificate(AgreementFacts):
    """契約証明書: what is covered for whom, from when until when. Whoever holds it can check it by its code."""

    holder: str
    plan: str
    covered: Rows = ()
    """What the plan gives: ("対応時間", "週5日 8:30～21:00")."""
    starts_on: date
    ends_on: date | None
    """None while no end is set."""
    state: str
    """「有効」, or what else it is in on the day of issue."""
    link: str

    id = "agreement.certificate"
    title = "契約証明書"
    why = "契約証明書を求められたため"
    purpose = Purpose.SERVICE

    def notice(self, sender: Sender) -> Notice:
        service = f"{self.words.service}の" if self.words.service else ""
        return Notice(
            title=self.title,
            reference=self.number,
            action=Action.NONE,
            addressee=self.addressee,
            point=f"次のとおり、{service}契約があることを証明します。",
            facts=filled(
                ("ご契約者", self.holder),
                *self.rows,
                ("プラン", self.plan),
                *self.covered,
                (self.words.starts, day(self.starts_on)),
                (self.words.ends, day(self.ends_on) if self.ends_on else "定めていません"),
                ("契約の状態", self.state),
            ),
            link=("いま保守の対象かどうかを確かめる", self.link),
            notes=("発行した日の登録の内容によります。その後に変わることがあります。",),
            contact=(*sender.registration_contact, *sender.fault_contact),
            clauses=self.clauses,
            sender=sender,
        )


@dataclass(frozen=True, kw_only=True)
class Expiring(AgreementFacts):
    """まもなく満了: how long still, and what can be done until when (IX-EXT-05, MM-TRM-03)."""

    on: date
    """The day on which this is said."""
    ends_on: date
    choices: tuple[Choice, ...] = ()
    depends_on_model: bool = False
    """An extension is not to be had for every model (IX-EXT-05)."""
    data_until: date | None = None
    """The last day on which the customer can still take its data along; they vanish at its end (MM-TRM-03)."""

    id = "agreement.expiring"
    title = "まもなく満了のお知らせ"
    why = "契約の満了が近づいたため"
    purpose = Purpose.CORRESPONDENCE

    def notice(self, sender: Sender) -> Notice:
        left = (self.ends_on - self.on).days
        if left < 0:
            raise ValueError("what has ended does not end soon")
        remaining = f"あと{left}日" if left else "本日まで"
        ends, vanish = self.words.ends, f"{day(self.data_until)} 24:00" if self.data_until else ""
        save = f"画面のデータは、{vanish}に消えます。必要なものは、それまでに保存してください。"
        return Notice(
            title=self.title,
            reference=self.number,
            action=Action.ACT if vanish else Action.CHECK,
            addressee=self.addressee,
            point=f"{self.machine}の{ends}は{day(self.ends_on)}です（{remaining}）。",
            facts=filled(
                *self.rows,
                (ends, day(self.ends_on)),
                ("残り日数", remaining),
                *((f"{what}のお手続き", _between(opens, closes)) for what, _, opens, closes in self.choices),
                ("データの保存の期限", vanish),
            ),
            steps=(
                *((save,) if vanish else ()),
                *(f"{what}をご希望のときは、{how}" for what, how, _, _ in self.choices),
            ),
            notes=(
                f"{day(self.ends_on)} 24:00を過ぎると、新しいご依頼をお受けできません。",
                *(("機種により、延長をお求めいただけないことがあります。",) if self.depends_on_model else ()),
                *(("くわしくは、下の窓口へお尋ねください。",) if self.choices else ()),
            ),
            contact=sender.registration_contact,
            clauses=self.clauses,
            sender=sender,
        )


@dataclass(frozen=True, kw_only=True)
class Expired(AgreementFacts):
    """満了: the service has ended; what still can be done, and what goes on."""

    ends_on: date
    choices: tuple[Choice, ...] = ()
    remarks: tuple[str, ...] = ("満了日までにお受けしたご依頼は、引き続き対応します。",)
    """What holds after the end in the terms of the service (VA-TRM-08)."""

    id = "agreement.expired"
    title = "満了のお知らせ"
    why = "契約が満了したため"
    purpose = Purpose.CORRESPONDENCE

    def notice(self, sender: Sender) -> Notice:
        return Notice(
            title=self.title,
            reference=self.number,
            action=Action.CHECK,
            addressee=self.addressee,
            point=f"{self.machine}のサービスは、{day(self.ends_on)}に満了しました。",
            facts=filled(
                *self.rows,
                (self.words.ends, day(self.ends_on)),
                *((f"{what}のお手続き", _between(opens, closes)) for what, _, opens, closes in self.choices),
            ),
            steps=tuple(f"{what}をご希望のときは、{how}" for what, how, _, _ in self.choices),
            notes=self.remarks,
            contact=sender.registration_contact,
            clauses=self.clauses,
            sender=sender,
        )


@dataclass(frozen=True, kw_only=True)
class SupportIdIssued(Facts):
    """サポートIDのお知らせ: with it the service can be used; for which agreements it counts (VA-REG-05, VA-REG-06)."""

    support_id: str
    usable_from: date
    covered: tuple[str, ...]
    """The agreements that it covers, a line each."""
    administrator: str = ""
    added: bool = False
    """It was known already, and now covers more (VA-REG-06)."""
    words: Words = USUAL

    id = "agreement.support_id"
    title = "サポートIDのお知らせ"
    why = "サポートIDを発行したか、対象の契約を加えたため"
    purpose = Purpose.SERVICE

    def notice(self, sender: Sender) -> Notice:
        if not self.covered:
            raise ValueError("a support id covers something")
        issued = "に、新しい契約を加えました" if self.added else "を発行しました"
        return Notice(
            title=f"{self.words.service} {self.title}".strip(),
            reference=self.support_id,
            action=Action.CHECK,
            addressee=self.addressee,
            point=f"サポートID {self.support_id} {issued}。{day(self.usable_from)}からお使いいただけます。",
            facts=filled(
                ("サポートID", self.support_id),
                ("お使いいただける日", f"{day(self.usable_from)} から"),
                ("対象の契約", "\n".join(self.covered)),
                ("利用管理者", self.administrator),
            ),
            steps=("お問い合わせのときと、サポートの画面に入るときに、サポートIDをお示しください。",),
            notes=("サポートIDは、社外の方に知らせないでください。",),
            contact=(*sender.fault_contact, *sender.registration_contact),
            clauses=self.clauses,
            sender=sender,
        )


@dataclass(frozen=True, kw_only=True)
class ParcelSent(Facts):
    """発送のお知らせ: what is on its way, with whom, under which number (VA-REG-08)."""

    reference: str
    """The number of the matter that it belongs to."""
    contents: tuple[str, ...]
    sent_on: date
    carrier: str
    tracking_number: str = ""
    arrives_on: date | None = None
    destination: str
    steps: tuple[str, ...] = ()
    """What to do with it, a sentence each."""

    id = "agreement.parcel"
    title = "発送のお知らせ"
    why = "お送りする品を発送したため"
    purpose = Purpose.SERVICE

    def notice(self, sender: Sender) -> Notice:
        first, *others = self.contents
        return Notice(
            # Several parcels may leave on one day: the subject says which this is.
            title=f"{first}{'ほか' if others else ''}の{self.title}",
            reference=self.reference,
            action=Action.CHECK,
            addressee=self.addressee,
            point=f"次の品を、{day(self.sent_on)}に発送しました。届きましたら、中をお確かめください。",
            facts=filled(
                ("お送りした品", "\n".join(self.contents)),
                ("発送日", day(self.sent_on)),
                ("運送会社", self.carrier),
                ("お問い合わせ番号", self.tracking_number),
                ("お届けの予定", day(self.arrives_on) if self.arrives_on else ""),
                ("お届け先", self.destination),
            ),
            steps=self.steps,
            notes=("予定の日を過ぎても届かないときは、下の窓口へお知らせください。",),
            contact=sender.registration_contact,
            clauses=self.clauses,
            sender=sender,
        )


@dataclass(frozen=True, kw_only=True)
class ReplacementSent(AgreementFacts):
    """代替装置の送付のお知らせ: a lent machine is replaced, and how (MM-RMA-02 ④)."""

    exchange_on: date | None
    """The day that was agreed; None where none was."""
    collect_by: date

    id = "agreement.replacement"
    title = "代替装置をお送りします"
    why = "貸出機の交換のために、代替装置を送るため"
    purpose = Purpose.SERVICE

    def notice(self, sender: Sender) -> Notice:
        return Notice(
            title=self.title,
            reference=self.number,
            action=Action.ACT,
            addressee=self.addressee,
            point=f"{self.machine}を交換するため、代替装置をお送りします。",
            facts=filled(
                *self.rows,
                ("交換の予定日", day(self.exchange_on) if self.exchange_on else ""),
                ("交換前の機器の引き取り", f"{day(self.collect_by)} まで"),
            ),
            steps=(
                "代替装置が届きましたら、中をお確かめのうえ、取扱説明書にそって設置してください。",
                "交換前の機器は、引き取りに伺う運送会社へお渡しください。",
                "足りないものや傷みがあるときは、下の窓口へお知らせください。",
            ),
            notes=("ご契約の内容は変わりません。お渡しいただいた機器の中の情報は消去します。",),
            contact=(*sender.fault_contact, *sender.registration_contact),
            clauses=self.clauses,
            sender=sender,
        )


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
    why = "修理で本体を交換し、製造番号が変わったため"
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


def _between(opens: date | None, closes: date | None) -> str:
    """「2025/02/28(金) から 2025/05/31(土) まで」."""
    return " ".join([*([f"{day(opens)} から"] if opens else ()), *([f"{day(closes)} まで"] if closes else ())])
