"""変更: the form that goes along, what cannot be changed, and once a year whether what is registered still holds."""

from dataclasses import dataclass
from datetime import date

from hoshu.notifications.messages.facts import Facts, Purpose
from hoshu.notifications.notice import Action, Notice, Rows, Sender, day


@dataclass(frozen=True, kw_only=True)
class ChangeForm(Facts):
    """The change form, filled with what is registered, goes along (IX-CHG-06)."""

    service_number: str
    ends_on: date | None
    revision: int

    id = "change.form"
    title = "お客様登録カード〈変更申請用〉をお送りします"
    why = "変更申請用のカードを求められたため"
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


@dataclass(frozen=True, kw_only=True)
class ChangeRefused(Facts):
    """A change that cannot be made, with its reason and clause (OR-44)."""

    request_number: str
    number_name: str = "サービス手配番号"
    service_number: str
    reason: str

    id = "change.refused"
    title = "変更の申請をお受けできません"
    why = "変更の申請を受けられないと決めたため"
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


@dataclass(frozen=True, kw_only=True)
class CustomerChanged(Facts):
    """To the former customer: another one goes on with the agreement (IX-ASG-01)."""

    number_name: str = "サービス手配番号"
    service_number: str
    new_customer: str
    since: date

    id = "change.transferred"
    title = "契約者の変更が済みました"
    why = "別のお客様が契約を引き継いだため"
    purpose = Purpose.REGISTRATION

    def notice(self, sender: Sender) -> Notice:
        return Notice(
            title=self.title,
            reference=self.service_number,
            action=Action.CHECK,
            addressee=self.addressee,
            point=f"この契約は、{day(self.since)}から{self.new_customer}様が引き継ぎました。",
            facts=(
                (self.number_name, self.service_number),
                ("新しい契約者", self.new_customer),
                ("変更日", day(self.since)),
            ),
            notes=(
                "変更日からは、この番号でのお問い合わせや修理をお受けできません。",
                "それまでの事案とお知らせは、新しい契約者には見えません。",
            ),
            contact=sender.registration_contact,
            clauses=self.clauses,
            sender=sender,
        )


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
    why = "年に一度の、登録内容の確認の日が来たため"
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
