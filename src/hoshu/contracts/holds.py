"""What stands in the way of an application apart from its entries, each with its clause and what to do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from hoshu import catalog
from hoshu.contracts import contact_checks
from hoshu.contracts.form import Form, field_of, printed_deadline
from hoshu.contracts.models import Agreement, Application, ApplicationFile, Licence, Product, Suspicion
from hoshu.dates import said
from hoshu.decisions.record import Answer
from hoshu.japan.addresses import Place


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Something other than an entry that stands in the way; a `clearable` one is for a person to decide."""

    code: str
    message: str
    clause: str
    clearable: bool = False
    application: str = ""
    agreement: str = ""
    """The number of what it is about."""


@dataclass(frozen=True, kw_only=True)
class Purchase:
    """IX-COV-03: the date that counts as purchase of the device, and on what ground."""

    day: date
    basis: str
    shipped_on: date | None = None

    @property
    def proven(self) -> bool:
        return self.basis not in (Agreement.Basis.SHIPPED, Agreement.Basis.DECLARED)


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What is known about an application when holds are looked for."""

    application: Application
    edition: catalog.Edition
    form: Form
    licence: Licence | None
    used_by: Agreement | None
    """The agreement that used up the licence."""
    sent_too: str
    """The number of another application about the same licence; empty where there is none."""
    suspicion: Suspicion | None
    """What is suspected about the number of the licence that is written."""
    plan_altered: bool
    product: Product | None
    shipped_models: int
    """How many models with this 製造番号 left the factory."""
    files: Sequence[ApplicationFile]
    purchase: Purchase | None
    running_under: Agreement | None
    registration: Answer | None
    contact: contact_checks.Answer | None
    """What the contact said about the form; None where it is not asked."""
    nothing_left: bool
    """Is no day left on which the service could be used?"""

    def clause_of_field(self, *fills: str) -> str:
        """The clause of the first of these fields that the form has."""
        found = [at for each in fills if (at := field_of(self.edition, each))]
        return found[0].clause if found else self.terms.clause

    def clause_of_check(self, fact: str) -> str:
        """The clause by which the terms look at a fact of an application."""
        checks = self.edition.registration.check if self.edition.registration else ()
        return next((check.clause for check in checks if check.fact == fact), self.terms.clause)

    @property
    def terms(self) -> catalog.ApplicationTerms:
        assert self.edition.application is not None
        return self.edition.application

    @property
    def applied_by(self) -> str:
        """The clause by which an application is accepted."""
        return self.edition.registration.application.clause if self.edition.registration else self.terms.clause


def holds(matter: Matter) -> list[Hold]:
    """Everything that stands in the way, in the order in which a clerk clears it."""
    return [*_of_licence(matter), *_of_unit(matter), *_of_papers(matter), *_of_contact(matter), *_of_time(matter)]


def is_on_record(application: Application, files: Sequence[ApplicationFile]) -> bool:
    """第3章 前文 (IX-SPEC-01): an application stands in the records; for paper its scan."""
    web = application.channel == Application.Channel.WEB
    return web or any(kept.kind == ApplicationFile.Kind.CARD for kept in files)


def unread_proofs(files: Sequence[ApplicationFile]) -> list[ApplicationFile]:
    """Proofs of purchase from which nobody has read the date yet."""
    return [kept for kept in files if kept.kind in ApplicationFile.PROOFS and not kept.date_read]


def _of_licence(matter: Matter) -> Iterator[Hold]:
    if matter.suspicion is not None:
        yield Hold(
            code="suspected",
            message="この番号は、偽造などの疑いで調査中です。疑いが解けるまで登録できません。",
            clause=matter.clause_of_field("licence.serial"),
        )
    licence = matter.licence
    if licence is None:
        return
    if licence.state != Licence.State.ISSUED:
        yield Hold(
            code="licence_used",
            message=f"このライセンスは「{licence.get_state_display()}」のため、登録できません。",
            clause=matter.clause_of_check("already_registered"),
            agreement=matter.used_by.number if matter.used_by else "",
        )
    printed = printed_deadline(matter.edition)
    if licence.card_deadline is None and printed is not None:
        yield Hold(
            code="card_deadline",
            message="お手続期限が発行の記録にありません。カードの印字を確かめて、記録を補ってください。",
            clause=printed.clause,
        )
    if matter.sent_too:
        yield Hold(
            code="sent_twice",
            message="同じ番号の申請がもう一件あります。どちらで進めるかを決めてください。",
            clause=matter.clause_of_check("already_registered"),
            application=matter.sent_too,
        )
    if matter.plan_altered:
        yield Hold(
            code="plan_altered",
            message="プランに手書きの訂正があります。印字のとおりに登録することをご記入者に伝えてください。",
            clause=matter.clause_of_field("plan.altered"),
            clearable=True,
        )


def _of_unit(matter: Matter) -> Iterator[Hold]:
    body = field_of(matter.edition, "device.serial")
    if matter.form.serial and matter.product is None and body and not matter.form.of(body.name):
        message = "この製造番号の出荷記録がありません。番号を確かめるか、機種を選んでください。"
        if matter.shipped_models > 1:
            message = "同じ製造番号の機種が二つ以上あります。機種を選んでください。"
        elif field_of(matter.edition, "device.model"):
            message = "この型名は、機種の一覧にありません。型名を確かめるか、機種を登録してください。"
        yield Hold(code="product", message=message, clause=matter.clause_of_field("device.serial"))
    if matter.product and matter.licence and matter.product.service != matter.licence.service:
        yield Hold(
            code="other_service",
            message=f"{matter.product.name}は、このライセンスの対象機種ではありません。",
            clause=matter.applied_by,
        )
    if matter.running_under:
        yield Hold(
            code="already_registered",
            message="この機器は別の有効な契約に登録されています。重ねて登録することはできません。",
            clause=matter.clause_of_check("already_registered"),
            agreement=matter.running_under.number,
        )
    if matter.form.place is Place.UNDECIDED:
        yield Hold(
            code="place",
            message="船舶・大使館・基地などへの設置です。日本国内として扱うかを決めてください。",
            clause=matter.clause_of_check("installed_in_japan"),
            clearable=True,
        )


def _of_papers(matter: Matter) -> Iterator[Hold]:
    form, purchase, unread = matter.form, matter.purchase, unread_proofs(matter.files)
    proof = matter.terms.proof.clause if matter.terms.proof else matter.terms.clause
    if not is_on_record(matter.application, matter.files):
        yield Hold(
            code="no_application",
            message=f"届いた{matter.terms.paper_name}の写しがありません。スキャンした画像かPDFを付けてください。",
            clause=matter.applied_by,
        )
    for kept in unread:
        message = "購入日の書類がまだ読み取られていません。書類の日付を入力してください。"
        if kept.file.state != "available":
            message = "購入日の書類は個人番号のおそれがあるため開けません。送り直しをお願いしてください。"
        yield Hold(code="unread_proof", message=message, clause=proof)
    unproven = matter.terms.unproven
    if unproven and purchase is None and form.serial and matter.product and not unread:
        yield Hold(
            code="purchase_unknown",
            message="購入日の書類も出荷日も見つかりません。製造番号と機種をご記入者に確かめてください。",
            clause=unproven.clause,
        )
    if purchase and purchase.proven and form.purchased_on and purchase.day != form.purchased_on:
        yield Hold(
            code="dates_differ",
            message=f"書類の日付は{said(purchase.day)}、記入されたご購入日は{said(form.purchased_on)}です。"
            "ご記入者に確かめて、ご購入日を書類の日付に直してください。",
            clause=proof,
        )


def _of_contact(matter: Matter) -> Iterator[Hold]:
    """MM-FLW-02: the owner of the address has not said yet that it is right, or says that it is not."""
    found, rule = matter.contact, matter.terms.contact_confirms
    if found is None or rule is None or found.state == "confirmed":
        return
    if found.state == "disputed":
        message = "お客様から「違う」とお返事があります。差し戻すか、直して確認のメールを送り直してください。"
    elif found.state == "changed":
        message = "お客様が確かめた後に、記入が変わっています。変わったところをお客様に確かめてください。"
    else:
        message = "お客様の確認がまだありません。電話などで確かめたときは、その内容を入力してください。"
    yield Hold(code=f"contact_{found.state}", message=message, clause=rule.clause, clearable=found.state != "disputed")


def _of_time(matter: Matter) -> Iterator[Hold]:
    terms, found = matter.edition.registration, matter.registration
    if terms is None:
        return
    if matter.nothing_left:
        yield Hold(
            code="nothing_left",
            message="ご利用いただける日が一日も残っていません。承諾はできません。",
            clause=terms.nothing_left.clause if terms.nothing_left else terms.application.clause,
        )
    if found is None:
        return
    if found.values["outcome"] == "accept_late" and terms.late is not None:
        yield Hold(
            code="late",
            message=f"{_limits(terms)}を過ぎた申請です。承諾する場合は理由を残してください。",
            clause=terms.late.clause,
            clearable=True,
        )
    for check in terms.check:
        if check.person_decides and check.flag in found.values["flags"]:
            yield Hold(code=check.flag, message=check.says, clause=check.clause, clearable=True)


def _limits(terms: catalog.RegistrationTerms) -> str:
    """The last days for an application in words: ライセンス（パック）の購入日から30日."""
    return "、".join(f"{deadline.label}から{deadline.text}" for deadline in terms.deadline)
