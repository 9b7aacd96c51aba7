"""What stands in the way of an application apart from its entries, each with its clause and what to do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from hoshu.contracts import queries
from hoshu.contracts.card import Card, shown
from hoshu.contracts.models import Agreement, Application, ApplicationFile, Licence, Product
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
        return self.basis != Agreement.Basis.SHIPPED


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What is known about an application when holds are looked for."""

    application: Application
    card: Card
    licence: Licence | None
    plan_altered: bool
    product: Product | None
    shipped_models: int
    """How many models with this 製造番号 left the factory."""
    files: Sequence[ApplicationFile]
    purchase: Purchase | None
    running_under: Agreement | None
    registration: Answer | None
    coverage: Answer | None


def holds(matter: Matter) -> list[Hold]:
    """Everything that stands in the way, in the order in which a clerk clears it."""
    return [*_of_licence(matter), *_of_unit(matter), *_of_papers(matter), *_of_time(matter)]


def is_on_record(application: Application, files: Sequence[ApplicationFile]) -> bool:
    """第3章 前文 (IX-SPEC-01): an application stands in the records; for paper its scan."""
    web = application.channel == Application.Channel.WEB
    return web or any(kept.kind == ApplicationFile.Kind.CARD for kept in files)


def unread_proofs(files: Sequence[ApplicationFile]) -> list[ApplicationFile]:
    """Proofs of purchase from which nobody has read the date yet."""
    return [kept for kept in files if kept.kind in ApplicationFile.PROOFS and not kept.date_read]


def _of_licence(matter: Matter) -> Iterator[Hold]:
    licence = matter.licence
    if licence is None:
        return
    if licence.state != Licence.State.ISSUED:
        used = queries.agreements().filter(licence=licence).first()
        yield Hold(
            code="licence_used",
            message=f"このライセンスは「{licence.get_state_display()}」のため、登録できません。",
            clause="はじめに",
            agreement=used.number if used else "",
        )
    if licence.card_deadline is None:
        yield Hold(
            code="card_deadline",
            message="お手続期限が発行の記録にありません。カードの印字を確かめて、記録を補ってください。",
            clause="第2章 1.(2)⑥",
        )
    if twin := queries.open_applications().filter(licence=licence).exclude(pk=matter.application.pk).first():
        yield Hold(
            code="sent_twice",
            message="同じカードの申請がもう一件あります。どちらで進めるかを決めてください。",
            clause="はじめに",
            application=twin.number,
        )
    if matter.plan_altered:
        yield Hold(
            code="plan_altered",
            message="プランに手書きの訂正があります。印字のとおりに登録することをご記入者に伝えてください。",
            clause="第2章 1.(2)①",
            clearable=True,
        )


def _of_unit(matter: Matter) -> Iterator[Hold]:
    if matter.card.serial and matter.product is None and not matter.card.of("body_serial"):
        message = "この製造番号の出荷記録がありません。番号を確かめるか、機種を選んでください。"
        if matter.shipped_models > 1:
            message = "同じ製造番号の機種が二つ以上あります。機種を選んでください。"
        yield Hold(code="product", message=message, clause="第2章 1.(2)④")
    if matter.product and matter.licence and matter.product.service != matter.licence.service:
        yield Hold(
            code="other_service",
            message=f"{matter.product.name}は、このライセンスの対象機種ではありません。",
            clause="第3章 前文",
        )
    if matter.running_under:
        yield Hold(
            code="already_registered",
            message="この本体は別の有効なライセンスに登録されています。重ねて登録することはできません。",
            clause="はじめに",
            agreement=matter.running_under.number,
        )
    if matter.card.place is Place.UNDECIDED:
        yield Hold(
            code="place",
            message="船舶・大使館・基地などへの設置です。日本国内として扱うかを決めてください。",
            clause="第3章 1.(1)",
            clearable=True,
        )


def _of_papers(matter: Matter) -> Iterator[Hold]:
    card, purchase, unread = matter.card, matter.purchase, unread_proofs(matter.files)
    if not is_on_record(matter.application, matter.files):
        yield Hold(
            code="no_application",
            message="届いたカードの写しがありません。スキャンした画像かPDFを付けてください。",
            clause="第3章 前文",
        )
    for proof in unread:
        message = "購入日の書類がまだ読み取られていません。書類の日付を入力してください。"
        if proof.file.state != "available":
            message = "購入日の書類は個人番号のおそれがあるため開けません。送り直しをお願いしてください。"
        yield Hold(code="unread_proof", message=message, clause="第2章 1.(4)")
    if purchase is None and card.serial and matter.product and not unread:
        yield Hold(
            code="purchase_unknown",
            message="購入日の書類も出荷日も見つかりません。製造番号と機種をご記入者に確かめてください。",
            clause="第2章 1.(6)",
        )
    if purchase and purchase.proven and card.purchased_on and purchase.day != card.purchased_on:
        yield Hold(
            code="dates_differ",
            message=f"書類の日付は{shown(purchase.day)}、カードのご購入日は{shown(card.purchased_on)}です。"
            "ご記入者に確かめて、欄④を書類の日付に直してください。",
            clause="第2章 1.(4)",
        )


def _of_time(matter: Matter) -> Iterator[Hold]:
    if matter.coverage is not None and matter.coverage.values["start"] is None:
        yield Hold(
            code="nothing_left",
            message="ご利用いただける日が一日も残っていません。承諾はできません。",
            clause="第4章 2.",
        )
    if matter.registration is not None and matter.registration.values["outcome"] == "accept_late":
        yield Hold(
            code="late",
            message="ライセンスの購入日から30日を過ぎた申請です。承諾する場合は理由を残してください。",
            clause="第2章 1.(1)",
            clearable=True,
        )
