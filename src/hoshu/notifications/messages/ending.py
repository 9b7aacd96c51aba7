"""契約の終了: what is said when an agreement is ended before its time, before its data vanishes, and at the end."""

from dataclasses import dataclass
from datetime import date, datetime

from hoshu.dates import JST
from hoshu.notifications.messages.facts import Facts, Purpose
from hoshu.notifications.notice import Action, Notice, Sender, day, filled, moment


@dataclass(frozen=True, kw_only=True)
class _Ending(Facts):
    """What both messages about the end of an agreement say."""

    number_name: str
    service_number: str
    service: str
    ended_by: str
    """`customer` or `provider`."""
    part: str = ""
    """What people call the part of the service that ends; empty where all of it does (VA-TRM-06)."""
    suspended: bool = False
    """Only the use is stopped; the agreement stands."""
    last_day: date
    effective_at: datetime
    refund: bool | None = False
    """None while a person decides about it."""
    data_vanishes: bool = False
    """The terms destroy the customer's data with the end of the use (MM-TRM-03)."""

    purpose = Purpose.SERVICE

    @property
    def point(self) -> str:
        """What happens, in one sentence."""
        raise NotImplementedError

    def notice(self, sender: Sender) -> Notice:
        until = moment(self.effective_at) if self.effective_at.astimezone(JST).hour else f"{day(self.last_day)} 24:00"
        money = "担当者が判断し、ご連絡します" if self.refund is None else "ありません"
        steps = ("必要なデータを、最後の日までに画面から保存してください。",) if self.data_vanishes else ()
        notes = ("利用の終わりとともに、お預かりしたお客様の情報を消します。消した後は元に戻せません。",)
        return Notice(
            title=self.title,
            reference=self.service_number,
            action=Action.ACT if self.data_vanishes else Action.CHECK,
            addressee=self.addressee,
            point=self.point,
            facts=(
                ("サービス", f"{self.service}（{self.part}）" if self.part else self.service),
                (self.number_name, self.service_number),
                ("利用できなくなる日時" if self.suspended else "ご利用いただける期限", until),
                ("代金の返金", "お返しします" if self.refund else money),
            ),
            steps=steps,
            notes=notes if self.data_vanishes else (),
            contact=sender.registration_contact,
            clauses=self.clauses,
            sender=sender,
        )


@dataclass(frozen=True, kw_only=True)
class AgreementCancelled(_Ending):
    """契約の終了のお知らせ: what was ended, by whom, until when it can be used (IX-TRM-04, MM-TRM-03)."""

    id = "agreement.cancelled"
    title = "契約の終了のお知らせ"
    why = "契約の終了か、利用の停止が決まったため"

    @property
    def point(self) -> str:
        if self.suspended:
            return "ご契約のサービスの利用を停止します。"
        if self.ended_by == "customer":
            return f"利用の中止を承りました。{day(self.last_day)}までご利用いただけます。"
        if self.part:
            return f"ご契約のサービスのうち、{self.part}だけを終了します。ほかは今のとおりご利用いただけます。"
        return f"ご契約のサービスを終了します。ご利用は{day(self.last_day)}までです。"


@dataclass(frozen=True, kw_only=True)
class AgreementEndingSoon(_Ending):
    """ご利用の終わりが近づいています: the data is to be saved before it vanishes (MM-TRM-03)."""

    id = "agreement.ending_soon"
    title = "ご利用の終わりが近づいています"
    why = "お預かりしたデータが消える日が近づいたため"

    @property
    def point(self) -> str:
        return f"ご契約のサービスは、{day(self.last_day)}で終わります。"


@dataclass(frozen=True, kw_only=True)
class ServiceEnded(Facts):
    """サービス終了のお知らせ: nothing runs any more; what stops, what goes on, what is still held (RC-SUR-02)."""

    number_name: str
    service_number: str
    """Of the agreement that ended last."""
    service: str
    ended_at: datetime
    stopped: tuple[str, ...] = ()
    """Purposes for which nothing is used any more."""
    going_on: tuple[str, ...] = ()
    """Purposes that stay."""
    held: tuple[tuple[str, int], ...] = ()
    """Kind of information, how many records of it."""
    remarks: tuple[str, ...] = ()
    """What the terms say about works, the customer's own records and using the service again."""

    id = "service.ended"
    title = "サービス終了のお知らせ"
    why = "サービスの終わりの日時が来たため"
    purpose = Purpose.CORRESPONDENCE

    def notice(self, sender: Sender) -> Notice:
        return Notice(
            title=self.title,
            reference=self.service_number,
            action=Action.CHECK,
            addressee=self.addressee,
            point=f"{self.service}のご利用は、{moment(self.ended_at)}に終わりました。ありがとうございました。",
            facts=filled(
                ("サービス", self.service),
                (self.number_name, self.service_number),
                ("終わった日時", moment(self.ended_at)),
                ("情報を使わなくなる目的", "\n".join(self.stopped)),
                ("情報を引き続き使う目的", "\n".join(self.going_on)),
                ("お預かりしている情報", "\n".join(f"{kind} {count:,}件" for kind, count in self.held)),
            ),
            notes=self.remarks,
            contact=sender.registration_contact,
            clauses=self.clauses,
            sender=sender,
        )
