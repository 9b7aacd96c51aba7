"""お預かりした情報: that it was erased or given back, and that it leaked."""

from dataclasses import dataclass
from datetime import date, datetime

from hoshu.notifications.messages.facts import Facts, Purpose
from hoshu.notifications.notice import Action, Notice, Sender, day, filled, moment


@dataclass(frozen=True, kw_only=True)
class InformationErased(Facts):
    """情報の消去・返却の証明: what kind, how many, how, when; never what it said (MM-TRM-02, VA-PRI-06, VA-PRI-08)."""

    reference: str
    """The agreement, or the request, by which it was done."""
    occasion: str
    """「契約の終了」「お客様のご請求」."""
    occurred_on: date
    erased: tuple[tuple[str, int, str], ...]
    """Kind of information, how many records, in which way: ("検知の記録", 1200, "消去")."""
    finished_at: datetime
    copies_until: date | None = None
    """By when the backup copies are gone too."""
    kept: tuple[tuple[str, str, date | None], ...] = ()
    """What had to stay, why (a law, an open matter), until when: ("請求の記録", "法人税法施行規則 第59条", …)."""

    id = "personal.erased"
    title = "情報の消去・返却の証明書"
    why = "お預かりした情報を消去または返却したため"
    purpose = Purpose.CORRESPONDENCE

    def notice(self, sender: Sender) -> Notice:
        if not self.erased:
            raise ValueError("a certificate of nothing")
        if any(not why.strip() for _, why, _ in self.kept):
            raise ValueError("what is kept needs its ground")
        return Notice(
            title=self.title,
            reference=self.reference,
            action=Action.NONE,
            addressee=self.addressee,
            point="お預かりしていた情報を、次のとおり消去または返却したことを証明します。",
            facts=filled(
                ("契約・請求の番号", self.reference),
                ("きっかけ", f"{self.occasion}（{day(self.occurred_on)}）"),
                *((kind, f"{count:,}件 {how}") for kind, count, how in self.erased),
                ("終わった日時", moment(self.finished_at)),
                ("控え（バックアップ）", f"{day(self.copies_until)} までに消えます" if self.copies_until else ""),
                *((f"残した記録: {what}", f"{why}\n{_until(until)}") for what, why, until in self.kept),
            ),
            notes=(
                "この証明書には、消去した情報の内容を記していません。",
                *(("残した記録は、期限の後に消去します。ほかの目的には使いません。",) if self.kept else ()),
            ),
            contact=sender.privacy_contact,
            clauses=self.clauses,
            sender=sender,
        )


def _until(last_day: date | None) -> str:
    return f"{day(last_day)} まで" if last_day else "理由がなくなるまで"


def _counted(people: int | None) -> str:
    return "調査中" if people is None else f"{people:,}人"


@dataclass(frozen=True, kw_only=True)
class InformationLeaked(Facts):
    """個人情報の漏えい等のお知らせ (VA-PRI-07, RC-PII-05).

    個人情報の保護に関する法律 第26条: the person whom the information is about is told what 施行規則 第10条 names (what
    happened, which items, why, what harm may follow); a customer who entrusted it is told what 第9条 names: more.
    """

    reference: str
    found_at: datetime
    happened: str
    """What happened, when and how, in two or three sentences."""
    items: tuple[str, ...]
    """Kinds of personal information: 「お名前」「電話番号」; never the information itself."""
    people: int | None = None
    """How many people it is about; None while it is not known."""
    cause: str
    further_harm: str
    """What harm may follow, or that none is known."""
    measures: tuple[str, ...]
    """What was done and will be done against it, a sentence each."""
    announced: str = ""
    """Whether and where it was made public."""
    advice: tuple[str, ...] = ()
    """What the reader should do, a sentence each."""
    to_person: bool = False
    """The reader is the person the information is about; else the customer who entrusted it."""

    id = "personal.leaked"
    title = "個人情報の漏えい等のお知らせ"
    why = "個人情報の漏えい等が分かったため"
    purpose = Purpose.CORRESPONDENCE

    def notice(self, sender: Sender) -> Notice:
        if not (self.items and self.measures and all(map(str.strip, (self.happened, self.cause, self.further_harm)))):
            raise ValueError("the law asks for items, cause, harm and measures; what is not known yet is said to be so")
        law = "第26条第2項" if self.to_person else "第26条第1項ただし書"
        return Notice(
            title=self.title,
            reference=self.reference,
            action=Action.ACT if self.advice else Action.CHECK,
            addressee=self.addressee,
            point="お預かりしている個人情報が外部に漏れた、またはそのおそれがあることが分かりました。おわび申し上げます。",
            facts=filled(
                ("管理番号", self.reference),
                ("分かった日時", moment(self.found_at)),
                ("起きたこと", self.happened),
                ("個人情報の項目", "、".join(self.items)),
                ("該当する方の人数", "" if self.to_person else _counted(self.people)),
                ("原因", self.cause),
                ("二次被害のおそれ", self.further_harm),
                ("対応と再発の防止", "\n".join(self.measures)),
                ("公表", self.announced),
            ),
            steps=self.advice,
            notes=("新しいことが分かりましたら、あらためてお知らせします。",),
            contact=sender.privacy_contact,
            clauses=(*self.clauses, f"個人情報の保護に関する法律 {law}"),
            sender=sender,
        )
