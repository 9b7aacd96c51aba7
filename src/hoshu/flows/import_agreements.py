"""契約の引き継ぎ: the book of agreements that another system held, running and ended, from a table.

Each row is judged by the terms it accepted at the time; what they answer is recorded with its reasons. A day of the
other system that differs is told, and stands only where somebody says so and why. Look-ups and writing are for all rows
of a batch at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from unicodedata import normalize

from hoshu import catalog
from hoshu.accounts import organisations
from hoshu.contracts import agreements as contracts
from hoshu.contracts import queries, serials
from hoshu.contracts.agreements import TakenOver
from hoshu.contracts.assessment import Purchase, coverage_question, support_limit
from hoshu.contracts.form import WEEKDAY_NAMES, Block, field_of
from hoshu.dates import JST
from hoshu.decisions import record
from hoshu.flows.import_customers import tell_namesake
from hoshu.imports.batches import Batch
from hoshu.imports.columns import Choice, Column, Day, Flag, Mail, Moment, Number, Phone, Words
from hoshu.imports.kinds import Kind
from hoshu.japan.names import folded
from hoshu.japan.phones import digits


def agreements() -> Kind:
    """契約 of any service as another system held it, under the edition that it accepted (IX-GEN-04, IX-REG-04)."""
    services = {catalog.editions(service)[-1].name: service for service in catalog.services()}
    families = {family: family for edition in catalog.every_edition() for family in edition.families}
    return Kind(
        id="agreements",
        label="契約の引き継ぎ",
        about="1行が、ほかのシステムで管理していた契約1つになります。お客様へのお知らせは送りません。",
        columns=(
            *_about_the_agreement(services, families),
            *_about_the_days(),
            *_about_people(),
            Column(
                name="old_number",
                label="旧契約番号",
                form=Words(40),
                example="K-2023-0045",
                hint="旧システムでの番号。控えとして残します。",
            ),
        ),
        key=("service", "serial", "accepted_at"),
        check=_check,
        write=_write,
    )


def _about_the_agreement(services: Mapping[str, str], families: Mapping[str, str]) -> tuple[Column, ...]:
    return (
        Column(
            name="service",
            label="サービス",
            form=Choice(services, "サービス"),
            required=True,
            example=next(iter(services), ""),
        ),
        Column(
            name="edition",
            label="約款の版",
            form=Words(40),
            example="2022-10",
            hint="お客様が承諾した版。空欄は、承諾日に効力のあった版です。",
        ),
        Column(
            name="plan",
            label="プラン",
            form=Words(80),
            example="５日半日３年保守",
            hint="名称かコード。プランが1つのサービスでは空欄にできます。",
        ),
        Column(
            name="customer",
            label="お客様",
            form=Words(120, printed=True),
            required=True,
            example="株式会社あおば商会",
            hint="名称と電話番号の両方が同じお客様がいれば、その契約にします。いなければ、お客様を登録します。",
            also=("会社名", "お客様名", "名称"),
        ),
        Column(
            name="customer_phone",
            label="お客様の電話番号",
            form=Phone(),
            required=True,
            example="03-0000-0001",
            also=("電話番号",),
        ),
        Column(
            name="product",
            label="品名コード",
            form=Words(80),
            required=True,
            example="R-2105",
            hint="「機種と出荷」に登録してある品名コード、型番か品名。",
            also=("型番", "機種", "品名"),
        ),
        Column(
            name="serial",
            label="製造番号",
            form=Number(serials.normalise),
            required=True,
            example="MR22-100001",
            hint="本体のラベルにある、いまの番号。",
        ),
        Column(
            name="card_serial",
            label="ライセンスの番号",
            form=Number(serials.normalise),
            example="NM-2025-000123",
            hint="ライセンスかパックの番号。在庫になければ、登録済みのものとして加えます。",
            also=("シリアル No.", "シリアルNo", "パックの番号"),
        ),
        Column(
            name="family",
            label="製品区分",
            form=Choice(families, "製品区分"),
            example=next(iter(families), ""),
            hint="在庫にないライセンスで、区分のあるサービスのとき。",
        ),
        Column(
            name="card_deadline",
            label="お手続期限",
            form=Day(),
            example="2026/03/31",
            hint="カードに印字した日付。在庫にあるライセンスでは空欄にできます。",
        ),
        Column(
            name="device_number",
            label="機器管理番号",
            form=Number(serials.normalise, longest=20),
            example="DK900001",
            hint="番号のあるサービスで空欄のときは、新しく付けます。",
        ),
        Column(
            name="support_code",
            label="サポートID",
            form=Number(_as_told),
            example="SID9000001",
            hint="空欄のときは、そのお客様にいまあるサポートIDを使います。",
        ),
    )


def _as_told(code: str) -> str:
    """A サポートID as a customer is asked for it (VA-REG-06): with its hyphens."""
    return "".join(normalize("NFKC", code).split()).upper()


def _about_the_days() -> tuple[Column, ...]:
    return (
        Column(name="purchased", label="対象機器の購入日", form=Day(), example="2025/04/01", also=("購入日",)),
        Column(
            name="purchase_basis",
            label="購入日の根拠",
            form=Choice({name: basis for basis, name in queries.bases().items()}, "根拠"),
            example="領収書",
            hint="購入日の証明を求めるサービスでは、必ず入力します。「出荷日」のときは、購入日の欄に出荷日を入力します。",
        ),
        Column(
            name="accepted_at",
            label="承諾日",
            form=Moment(),
            required=True,
            example="2025/04/10 14:30",
            hint="登録完了をお知らせした日。時刻はなくてもかまいません。",
            also=("承諾日時",),
        ),
        Column(
            name="contract_start",
            label="契約開始日",
            form=Day(),
            example="2025/05/01",
            hint="契約開始日から数えるサービスのとき。",
        ),
        Column(
            name="starts_on",
            label="提供開始日",
            form=Day(),
            example="2025/04/10",
            hint="旧システムの日付。初期設定から始まるサービスでは、初期設定の済んだ日です。",
        ),
        Column(
            name="ends_on",
            label="満了日",
            form=Day(),
            example="2028/04/30",
            hint="旧システムの日付。終わりの定めのないサービスでは、解約した日か、終わった日です。",
            also=("サポート満了日",),
        ),
        Column(
            name="as_before",
            label="満了日は旧システムのとおり",
            form=Flag(),
            example="いいえ",
            hint="「はい」なら、約款で計算した日付と違っても、旧システムの日付で登録します。空欄は「いいえ」。",
        ),
        Column(
            name="reason",
            label="旧システムのとおりとする理由",
            form=Words(200),
            example="2024年のお詫びで3か月延長",
            hint="「満了日は旧システムのとおり」が「はい」のとき、必ず入力します。",
        ),
        Column(
            name="start_weekday",
            label="開始基準曜日",
            form=Choice({name: code for code, name in WEEKDAY_NAMES.items()}, "曜日"),
            example="火",
            hint="週5日のプランのとき、必ず入力します。",
        ),
    )


def _about_people() -> tuple[Column, ...]:
    return (
        Column(name="contact_name", label="ご連絡先のお名前", form=Words(80), required=True, example="山田 花子"),
        Column(
            name="contact_email",
            label="ご連絡先のメール",
            form=Mail(),
            required=True,
            example="hanako@example.jp",
            hint="この先のお知らせの宛先。",
        ),
        Column(
            name="contact_phone",
            label="ご連絡先の電話番号",
            form=Phone(),
            example="03-0000-1234",
            hint="空欄は、お客様の電話番号と同じ。",
        ),
        Column(
            name="site_address",
            label="設置場所の住所",
            form=Words(200),
            example="宮城県仙台市青葉区0-0",
        ),
        Column(name="site_name", label="設置場所のお名前", form=Words(80), example="佐藤 一郎"),
        Column(name="site_phone", label="設置場所の電話番号", form=Phone(), example="022-000-1234"),
    )


def _check(batch: Batch, now: datetime) -> None:
    _Judge(batch, now).judge()


def _write(batch: Batch, now: datetime) -> None:
    rows = _Judge(batch, now).judge()
    customers = organisations.find_or_create_customers({_customer(batch, place) for place in rows}, now=now)
    made = contracts.take_over(
        every=[replace(row, tenant_id=customers[_customer(batch, place)].pk) for place, row in rows.items()], now=now
    )
    for place, agreement in zip(rows, made, strict=True):
        batch.became(place, agreement.number)


def _customer(batch: Batch, place: int) -> tuple[str, str]:
    return batch["customer"][place], batch["customer_phone"][place]


@dataclass(frozen=True)
class _Terms:
    """What a row accepted."""

    edition: catalog.Edition
    plan: catalog.Plan
    application: catalog.ApplicationTerms
    coverage: catalog.CoverageTerms


class _Judge:
    """Judges the rows of one batch: what each would become, or why it cannot be taken over."""

    def __init__(self, batch: Batch, now: datetime) -> None:
        self.batch = batch
        self.now, self.today = now, now.astimezone(JST).date()
        self.claimed: dict[tuple[str, Any], tuple[int, Any]] = {}
        """(column, what only one row may have) → the row of the file that has it, and for whom."""
        places = batch.open()
        self.products = queries.models_called({(batch["service"][at], batch["product"][at]) for at in places})
        self.bodies = queries.bodies_with({batch["serial"][at] for at in places})
        self.agreements = queries.agreements_of_devices(
            {body.device_id for bodies in self.bodies.values() for body in bodies}
        )
        cards = {card for at in places if (card := batch["card_serial"][at])}
        self.licences = queries.licences_of_cards(cards)
        self.applied_for = queries.applied_for_with(cards)
        self.folded = {name: folded(name) for name in {batch["customer"][at] for at in places}}
        self.namesakes = organisations.customers_called({*self.folded.values()})
        known = {written: self._known_customer(*written) for written in {_customer(batch, at) for at in places}}
        self.customers = {at: known[_customer(batch, at)] for at in places}
        self.whose = {written: self._whose_is(*written, known[written]) for written in known}
        """What is the same for two rows of one customer, whether it is known or not, by its name and number."""
        self.support_ids = queries.support_ids({code for at in places if (code := batch["support_code"][at])})
        self.helds = queries.support_ids_of({known.pk for known in self.customers.values() if known is not None})
        self.device_numbers = queries.device_numbers_given(
            {number for at in places if (number := batch["device_number"][at])}
        )
        self.lent = queries.lent_units({batch["serial"][at] for at in places})

    def judge(self) -> dict[int, TakenOver]:
        """The rows that can be taken over, by their place; of all others it is said why not."""
        return {place: row for place in self.batch.open() if (row := self._row(place)) is not None}

    def _row(self, place: int) -> TakenOver | None:
        row = self.batch.row(place)
        if (terms := self._terms(place, row)) is None or (product := self._product(place, row, terms)) is None:
            return None
        if self._is_known(place, row, terms) or self._is_elsewhere(place, row):
            return None
        deadline = self._card(place, row, terms)
        purchase = self._purchase(place, row, terms)
        self._weekday(place, row, terms)
        self._numbers(place, row, terms)
        if (answer := self._answer(place, row, terms, product, purchase, deadline)) is None or self._is_refused(place):
            return None
        last = self._last_day(place, row, answer, terms)
        if self._is_refused(place) or self._runs_already(place, row, terms, last):
            return None
        self._claim(place, "serial", row["serial"], self._whose(place))
        self._lent_out(place, row, terms, last)
        if self._is_refused(place):
            return None
        self._cautions(place, row, terms)
        return TakenOver(
            tenant_id=0,
            edition=terms.edition,
            plan=terms.plan.id,
            product=product,
            serial=row["serial"],
            card_serial=row["card_serial"] or "",
            family=row["family"] or (terms.edition.families[0] if len(terms.edition.families) == 1 else ""),
            card_deadline=row["card_deadline"],
            purchase=purchase,
            accepted_at=row["accepted_at"],
            contract_start=row["contract_start"],
            set_up_at=_set_up(row, terms),
            cancelled_on=row["ends_on"] if _ends_by(terms) == "cancelled" else None,
            start_weekday=row["start_weekday"] or "",
            parties=_parties(row),
            device_number=row["device_number"] or "",
            support_code=row["support_code"] or "",
            coverage=answer,
            support_limit=support_limit(terms.edition, product),
            as_before=(row["starts_on"], row["ends_on"]) if row["as_before"] else (None, None),
            reason=row["reason"] or "" if row["as_before"] else "",
            old_number=row["old_number"] or "",
        )

    def _is_refused(self, place: int) -> bool:
        remark = self.batch.remarks.get(self.batch.lines[place])
        return remark is not None and remark.is_closed

    # What was accepted

    def _terms(self, place: int, row: Mapping[str, Any]) -> _Terms | None:
        """The edition that was accepted, and the plan in it."""
        editions = catalog.editions(row["service"])
        accepted_on = row["accepted_at"].astimezone(JST).date()
        if row["accepted_at"] > self.now:
            self.batch.refuse(
                place, "accepted_at", "先の承諾日", "承諾日が今より先です。承諾した日を入力してください。"
            )
            return None
        edition = catalog.edition_on(row["service"], accepted_on)
        if row["edition"]:
            found = [known for known in editions if known.edition == row["edition"].strip()]
            if not found:
                listed = "、".join(known.edition for known in editions)
                text = f"「{row['edition']}」という版はありません。このサービスの版は次のとおりです: {listed}"
                self.batch.refuse(place, "edition", "ない約款の版", text)
                return None
            edition = found[0]
            if edition.in_force > accepted_on and edition != editions[0]:
                text = f"{edition.edition}版は{edition.in_force:%Y/%m/%d}からの版で、承諾日より後です。"
                self.batch.caution(place, "edition", "承諾日より後の版", text)
        asked = serials.normalise(row["plan"] or "")
        plan = _plans(edition).get(asked)
        if not asked and len(edition.plan) == 1:
            plan = edition.plan[0]
        if plan is None:
            listed = "、".join(plan.name for plan in edition.plan)
            text = f"次の中から選んでください: {listed}"
            text = (
                f"「{row['plan']}」というプランはありません。{text}" if asked else f"プランを入力してください。{text}"
            )
            self.batch.refuse(place, "plan", "ないプラン", text)
            return None
        assert edition.application is not None
        assert edition.coverage is not None
        return _Terms(edition, plan, edition.application, edition.coverage)

    def _product(self, place: int, row: Mapping[str, Any], terms: _Terms) -> Any:
        product = self.products.get((row["service"], row["product"]))
        if product is None:
            text = f"「{row['product']}」は、{terms.edition.name}の機種に登録されていません。"
            self.batch.refuse(place, "product", "ない機種", text)
        return product

    # Whose it is, and whether it is there

    def _known_customer(self, name: str, phone: str) -> Any:
        return organisations.twin_of(name=name, phone=phone, among=self.namesakes.get(self.folded[name], ()))

    def _whose_is(self, name: str, phone: str, known: Any) -> Any:
        return known.pk if known is not None else (self.folded[name], digits(phone))

    def _whose(self, place: int) -> Any:
        return self.whose[_customer(self.batch, place)]

    def _is_known(self, place: int, row: Mapping[str, Any], terms: _Terms) -> bool:
        """Taken over before: told so, or refused where what is there says something else."""
        customer = self.customers.get(place)
        for body in self.bodies.get(row["serial"], ()):
            for kept in self.agreements.get(body.device_id, ()):
                if (kept.service, kept.accepted_at) != (row["service"], row["accepted_at"]):
                    continue
                if customer is None or kept.tenant_id != customer.pk:
                    continue
                # The day of purchase is not among them: proof that came later corrects it.
                is_, said = (kept.edition, kept.plan), (terms.edition.edition, terms.plan.id)
                differing = [name for name, a, b in zip(("edition", "plan"), is_, said, strict=True) if a != b]
                if row["card_serial"] and (kept.licence is None or kept.licence.card_serial != row["card_serial"]):
                    differing.append("card_serial")
                if differing:
                    labels = "、".join(map(self.batch.label, differing))
                    text = f"この契約は {kept.number} として登録されていて、次の内容が違います: {labels}。"
                    self.batch.refuse(place, "serial", "登録と違う契約", text)
                else:
                    self.batch.already(place, kept.number)
                return True
        return False

    def _is_elsewhere(self, place: int, row: Mapping[str, Any]) -> bool:
        """Another customer has this machine now; who, is nobody's business."""
        text = "この製造番号の機器は、ほかのお客様のものとして登録されています。製造番号とお客様を確かめてください。"
        present = next((body for body in self.bodies.get(row["serial"], ()) if body.valid_until is None), None)
        if present is not None and present.tenant_id != self._whose(place):
            self.batch.refuse(place, "serial", "ほかのお客様の機器", text)
            return True
        if present is not None and present.device.product_id != self.products[row["service"], row["product"]].pk:
            text = "この製造番号の機器は、別の機種として登録されています。品名コードか製造番号を確かめてください。"
            self.batch.refuse(place, "product", "登録と違う機種", text)
            return True
        line, whose = self.claimed.get(("serial", row["serial"]), (0, None))
        if line and whose != self._whose(place):
            text = f"{line}行目に、ほかのお客様の機器として同じ製造番号があります。どちらかを直してください。"
            self.batch.refuse(place, "serial", "ほかのお客様の機器", text)
            return True
        return False

    def _runs_already(self, place: int, row: Mapping[str, Any], terms: _Terms, last: date | None) -> bool:
        """はじめに (IX-GEN-06, VA-INT-04), 第1条 (RC-GEN-03): a machine has one running agreement of a service."""
        checks = terms.edition.registration.check if terms.edition.registration else ()
        clause = next(
            (check.clause for check in checks if check.fact == "already_registered"), terms.application.clause
        )
        for body in self.bodies.get(row["serial"], ()):
            for kept in self.agreements.get(body.device_id, ()):
                runs = kept.state in queries.RUNNING and (kept.ends_on is None or kept.ends_on >= self.today)
                if runs and kept.service == row["service"] and body.valid_until is None:
                    text = f"この機器には有効な契約 {kept.number} があります。1台の契約は1つです（{clause}）。"
                    self.batch.refuse(place, "serial", "有効な契約のある機器", text)
                    return True
        if last is None or last >= self.today:
            line = self._claim(place, "running", (row["service"], row["serial"]), place)
            if line:
                text = f"{line}行目に、この機器の有効な契約があります。1台の契約は1つです（{clause}）。"
                self.batch.refuse(place, "serial", "有効な契約のある機器", text)
                return True
        return False

    def _claim(self, place: int, column: str, what: Any, whose: Any) -> int:
        """The earlier row of the batch that has this for somebody else; 0 where there is none."""
        line, before = self.claimed.setdefault((column, what), (self.batch.lines[place], whose))
        return 0 if before == whose else line

    # What belongs to it

    def _card(self, place: int, row: Mapping[str, Any], terms: _Terms) -> date | None:
        """Its licence, which nobody else has used; the deadline that is printed on it."""
        number = row["card_serial"]
        if not number:
            return row["card_deadline"]
        if line := self._claim(place, "card_serial", number, place):
            self.batch.refuse(place, "card_serial", "重なった番号", f"{line}行目と同じライセンスの番号です。")
        if (kept := self.licences.get(number)) is None:
            if len(terms.edition.families) > 1 and not row["family"]:
                text = f"在庫にないライセンスです。製品区分を入力してください。例: {terms.edition.families[0]}"
                self.batch.refuse(place, "family", "製品区分のないライセンス", text)
            return row["card_deadline"]
        if kept.state != kept.State.ISSUED:
            text = f"このライセンスは「{kept.get_state_display()}」です。番号を確かめてください。"
            self.batch.refuse(place, "card_serial", "使えないライセンス", text)
        elif number in self.applied_for:
            text = f"このライセンスは、申請 {self.applied_for[number]} で登録の手続き中です。先に申請を決めてください。"
            self.batch.refuse(place, "card_serial", "使えないライセンス", text)
        elif (kept.service, kept.plan) != (row["service"], terms.plan.id):
            text = "在庫のライセンスと、サービスかプランが違います。どちらかを直してください。"
            self.batch.refuse(place, "card_serial", "在庫と違うライセンス", text)
        elif row["card_deadline"] and kept.card_deadline and row["card_deadline"] != kept.card_deadline:
            text = f"在庫のライセンスのお手続期限は{kept.card_deadline:%Y/%m/%d}です。"
            self.batch.refuse(place, "card_deadline", "在庫と違うライセンス", text)
        return kept.card_deadline or row["card_deadline"]

    def _purchase(self, place: int, row: Mapping[str, Any], terms: _Terms) -> Purchase | None:
        """第2章 1.(4) (IX-COV-03): the day of purchase and what it rests on."""
        day, basis = row["purchased"], row["purchase_basis"]
        if day is None:
            return None
        if not basis and terms.application.purchase == "proven":
            text = "購入日の根拠を入力してください。書類がないときは「出荷日」とし、購入日の欄に出荷日を入力します。"
            self.batch.refuse(place, "purchase_basis", "根拠のない購入日", text)
            return None
        declared, shipped = queries.DECLARED, queries.SHIPPED
        return Purchase(day=day, basis=basis or declared, shipped_on=day if basis == shipped else None)

    def _weekday(self, place: int, row: Mapping[str, Any], terms: _Terms) -> None:
        """第2章 1.(2)③ (IX-WIN-02): a plan of five days a week begins with a day of the customer's choice."""
        wanted = terms.edition.has_start_weekday(terms.plan)
        if wanted and not row["start_weekday"]:
            at = field_of(terms.edition, "start_weekday")
            clause = at.clause if at else terms.application.clause
            text = f"週5日のプランです。開始基準曜日を入力してください（{clause}）。例: 火"
            self.batch.refuse(place, "start_weekday", "曜日のないプラン", text)
        elif row["start_weekday"] and not wanted:
            text = "このプランに開始基準曜日はありません。消してください。"
            self.batch.refuse(place, "start_weekday", "曜日のあるプラン", text)

    def _numbers(self, place: int, row: Mapping[str, Any], terms: _Terms) -> None:
        """機器管理番号 and サポートID: only of services that have them, and never anybody else's."""
        if number := row["device_number"]:
            if terms.application.device_number is None:
                text = "このサービスに機器管理番号はありません。消してください。"
                self.batch.refuse(place, "device_number", "番号のないサービス", text)
            elif number in self.device_numbers:
                self.batch.refuse(
                    place, "device_number", "使われている番号", f"{number} は、ほかの機器の機器管理番号です。"
                )
            elif line := self._claim(place, "device_number", number, place):
                self.batch.refuse(place, "device_number", "使われている番号", f"{line}行目と同じ機器管理番号です。")
        if code := row["support_code"]:
            kept, whose = self.support_ids.get(code), self._whose(place)
            if terms.application.support_id is None:
                text = "このサービスにサポートIDはありません。消してください。"
                self.batch.refuse(place, "support_code", "番号のないサービス", text)
            elif (kept is not None and kept.tenant_id != whose) or self._claim(place, "support_code", code, whose):
                text = f"{code} は、ほかのお客様のサポートIDです。番号を確かめてください。"
                self.batch.refuse(place, "support_code", "使われている番号", text)

    def _lent_out(self, place: int, row: Mapping[str, Any], terms: _Terms, last: date | None) -> None:
        """MM-TRM-04: a lent machine of the stock may be with a customer, but none that waits to be erased."""
        unit = self.lent.get(row["serial"])
        if terms.application.unit != "lent" or unit is None or (last is not None and last < self.today):
            return
        if unit.state not in (unit.State.STOCK, unit.State.ERASED):
            text = f"貸出機の台帳では「{unit.get_state_display()}」です。台帳か製造番号を直してください。"
            self.batch.refuse(place, "serial", "貸し出せない機器", text)

    # Its days

    def _answer(
        self,
        place: int,
        row: Mapping[str, Any],
        terms: _Terms,
        product: Any,
        purchase: Purchase | None,
        deadline: date | None,
    ) -> record.Answer | None:
        """The period under the accepted terms, with its reasons."""
        if terms.coverage.start.fact == "initial_set" and row["starts_on"] is None:
            text = (
                f"提供開始日（初期設定の済んだ日）を入力してください（{terms.coverage.start.clause}）。例: 2025/05/10"
            )
            self.batch.refuse(place, "starts_on", "足りない日付", text)
        if purchase is None and row["purchased"]:
            return None
        question = coverage_question(
            edition=terms.edition,
            plan=terms.plan.id,
            purchase=purchase,
            registered=row["accepted_at"],
            card_deadline=deadline,
            product=product,
            contract_start=row["contract_start"],
            initial_set=_set_up(row, terms),
            **({ending: row["ends_on"]} if (ending := _ends_by(terms)) else {}),
        )
        if missing := [name for name in terms.coverage.required if name not in question["facts"]]:
            for name in missing:
                column = _COLUMN_OF_FACT.get(name, "")
                label = self.batch.label(column) if column else "日付"
                text = f"{label}を入力してください。提供期間を数えるのに使います（{terms.coverage.origin[0].clause}）。"
                self.batch.refuse(place, column, "足りない日付", text)
            return None
        try:
            # How each answer came about is nobody's question in a table; it takes six times as long to tell.
            return record.ask({**question, "explain": False})
        except record.Refused as refused:
            column = _COLUMN_OF_FACT.get(refused.field.removeprefix("facts."), "accepted_at")
            self.batch.refuse(place, column, "数えられない提供期間", refused.message)
            return None

    def _last_day(self, place: int, row: Mapping[str, Any], answer: record.Answer, terms: _Terms) -> date | None:
        """The last day that counts. The days of the other system stand only with a reason."""
        ours = [record.day(answer.values[name]) for name in ("start", "end")]
        theirs = [row["starts_on"], row["ends_on"]]
        if row["as_before"] and not any(theirs):
            text = "旧システムのとおりにする提供開始日か満了日を入力してください。"
            self.batch.refuse(place, "ends_on", "足りない日付", text)
        if row["as_before"] and not row["reason"]:
            text = "旧システムのとおりとする理由を入力してください。例: 2024年のお詫びで3か月延長"
            self.batch.refuse(place, "reason", "理由のない日付", text)
        for column, counted, before in zip(("starts_on", "ends_on"), ours, theirs, strict=True):
            if before is None or before == counted:
                continue
            label = self.batch.label(column)
            shown = f"{counted:%Y/%m/%d}" if counted else "なし"
            text = f"旧システムの{label}は{before:%Y/%m/%d}、約款で計算した{label}は{shown}です。"
            text += f"{'旧システム' if row['as_before'] else '約款'}の日付で登録します。"
            self.batch.caution(place, column, f"約款と違う{label}", text)
        first, last = (
            (before or counted) if row["as_before"] else counted for counted, before in zip(ours, theirs, strict=True)
        )
        if first is None and terms.plan.years is not None:
            clause = terms.coverage.start.clause
            text = f"承諾日には提供期間が終わっています（{clause}）。日付を確かめてください。"
            self.batch.refuse(place, "accepted_at", "一日もない提供期間", text)
        elif first and last and last < first:
            self.batch.refuse(place, "ends_on", "逆の日付", "満了日が提供開始日より前です。どちらかを直してください。")
        return last

    def _cautions(self, place: int, row: Mapping[str, Any], terms: _Terms) -> None:
        """What somebody should look at."""
        alike = self.namesakes.get(self.folded[row["customer"]], ())
        if self.customers.get(place) is None and alike:
            tell_namesake(self.batch, place, "customer", alike[0])
        if not row["card_serial"] and field_of(terms.edition, "licence.serial"):
            text = "番号がないため、このライセンスがもう一度申請されても、見つけられません。"
            self.batch.caution(place, "card_serial", "番号のないライセンス", text)
        if terms.application.support_id and not row["support_code"]:
            known = self.customers.get(place)
            if known is None or known.pk not in self.helds:
                text = (
                    "お客様にサポートIDがありません。問い合わせのときに確かめられないため、わかれば入力してください。"
                )
                self.batch.caution(place, "support_code", "サポートIDのないお客様", text)


@lru_cache(maxsize=200)
def _plans(edition: catalog.Edition) -> dict[str, catalog.Plan]:
    """The plans by what people call them: name and code."""
    return {serials.normalise(called): plan for plan in reversed(edition.plan) for called in (plan.name, plan.id)}


_COLUMN_OF_FACT = {
    "purchased": "purchased",
    "shipped": "purchased",
    "card_deadline": "card_deadline",
    "contract_start": "contract_start",
    "initial_set": "starts_on",
    "cancelled": "ends_on",
    "ended_early": "ends_on",
}


def _ends_by(terms: _Terms) -> str:
    """What the last day of the other system is to terms without a term of their own; empty where they count years."""
    if terms.coverage.open_end is None:
        return ""
    return "cancelled" if terms.coverage.open_end.fact == "cancelled" else "ended_early"


def _set_up(row: Mapping[str, Any], terms: _Terms) -> datetime | None:
    """MM-FLW-05: the service began with the initial setting, so that is done, and everything before it."""
    if terms.coverage.start.fact != "initial_set" or row["starts_on"] is None:
        return None
    return datetime.combine(row["starts_on"], datetime.min.time(), JST)


def _parties(row: Mapping[str, Any]) -> dict[str, Block]:
    contact = Block(
        company=row["customer"],
        name=row["contact_name"],
        email=row["contact_email"],
        phone=row["contact_phone"] or row["customer_phone"],
    )
    site = {"address": row["site_address"] or "", "name": row["site_name"] or "", "phone": row["site_phone"] or ""}
    return {"contact": contact} | ({"site": Block(company=row["customer"], **site)} if any(site.values()) else {})
