"""契約: what happens to a registered machine and its agreement until they end."""

from dataclasses import dataclass
from datetime import date, datetime

from hoshu.notifications.messages.facts import Facts, Purpose
from hoshu.notifications.notice import Action, Notice, Sender, day, moment


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
