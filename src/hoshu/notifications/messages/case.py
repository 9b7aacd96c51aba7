"""事案: a fault was reported, the work on it is done."""

from dataclasses import dataclass
from datetime import date, datetime

from hoshu.notifications.messages.facts import Facts, Purpose
from hoshu.notifications.notice import Action, Notice, Rows, Sender, day, moment


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
    why = "障害の連絡を受け付けたため"
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
    why = "障害の作業が完了したため"
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
