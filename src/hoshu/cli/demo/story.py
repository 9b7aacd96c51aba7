"""What happened in the demo's world, told through the same steps that people take on the screens."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from hoshu import catalog
from hoshu.accounts import grants, operators, organisations, people, tokens
from hoshu.accounts.tenancy import SYSTEM, Actor, act_as, actor_of
from hoshu.cases import completion, dispatch, queries, work
from hoshu.cases.call import Call
from hoshu.cases.words import StepKind
from hoshu.cli.demo import PASSWORD, PEOPLE, services
from hoshu.cli.demo.world import FIRMS, MODELS, OPERATOR, OPTIONS, RESELLER, SUBCONTRACTOR, Firm, Model
from hoshu.contracts import form, stock
from hoshu.flows import confirming, imports, registration, service_call
from hoshu.notifications import delivery, letters
from hoshu.notifications.notice import Sender

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SERIALS = (
    {"serial": "MR22-100001", "shows": "対象（保守期間中）"},
    {"serial": "MR22-100002", "shows": "期間外（満了）"},
    {"serial": "MR99-999999", "shows": "登録のない番号"},
)
FIVE_YEARS = timedelta(days=1830)


@dataclass(frozen=True)
class Unit:
    """One router of the demo: whose it is, which cover it has, how long ago it was bought."""

    firm: Firm
    tenant_id: int
    model: Model
    serial: str
    card: str
    plan: str
    bought: int
    """Days before the day of loading."""
    proven: bool = True
    late: bool = False
    branch: bool = False
    on_paper: bool = False


def load(*, now: datetime, say: Callable[[str], None]) -> str | None:
    """Load the demo as of `now`; the API key, shown once. None where the database is in use already.

    All of it or, where it is interrupted, nothing.
    """
    if operators.profile() is not None:
        return None
    with act_as(SYSTEM):
        return _load(now, say)


def _load(now: datetime, say: Callable[[str], None]) -> str:
    began, today = now - FIVE_YEARS, now.date()
    users = _people(began)
    products = _products(today)
    desk, clerk = actor_of(users["desk"], today=today), actor_of(users["clerk"], today=today)
    customer, seller = actor_of(users["customer_admin"], today=today), actor_of(users["reseller"], today=today)

    operators.save(OPERATOR)
    units = _units(customer.organisation_id, began)
    scan = _Scan(today)
    devices: dict[str, int] = {}
    for number, unit in enumerate(units, start=1):
        if number % 20 == 1:
            say(f"  契約を作っています… {number - 1}/{len(units)}")
        with act_as(clerk):
            _sell(unit, products, now=now)
        devices[unit.serial] = _register(unit, clerk, seller, scan, now=now)

    say("  申請と事案を作っています…")
    with act_as(clerk):
        _waiting_cards(products, scan, now=now)
        _table(now=now)
    with act_as(customer):
        _customer_draft(customer.organisation_id, now=now)
    second, third = (
        services.Place(firm, next(unit.tenant_id for unit in units if unit.firm is firm), customer)
        for firm in FIRMS[1:3]
    )
    services.load(
        first=services.Place(FIRMS[0], customer.organisation_id, customer),
        second=second,
        third=third,
        seller=seller,
        clerk=clerk,
        now=now,
        deliver=_deliver,
    )
    with act_as(desk):
        _calls(units, devices, now=now)
    _deliver(now)

    logins = [{"role": role, "name": name, "email": email} for role, name, email in PEOPLE]
    operators.save({"demo": {"logins": logins, "serials": [*SERIALS]}})
    _, token = tokens.issue(user_id=users["desk"].pk, name="デモ", now=now)
    return token


def _people(began: datetime) -> dict[str, object]:
    aoba = organisations.create(
        kind="customer", name=FIRMS[0].name, kana=FIRMS[0].kana, phone="022-000-0001", now=began
    )
    shop = organisations.create(kind="reseller", name=RESELLER, phone="03-0000-2001", now=began)
    field = organisations.create(kind="subcontractor", name=SUBCONTRACTOR, phone="03-0000-3001", now=began)
    homes = {"customer_admin": aoba, "customer_user": aoba, "reseller": shop, "subcontractor": field}
    users = {}
    for role, name, email in PEOPLE:
        home = homes.get(role)
        users[role] = people.create(
            email=email,
            name=name,
            roles=[role],
            password=PASSWORD,
            organisation_id=home.pk if home else None,
            now=began,
        )
    grants.grant(grantee_id=shop.pk, tenant_id=aoba.pk, valid_from=began.date())
    grants.record_contract(
        organisation_id=field.pk,
        reference="DC-2022-014",
        scope="現地作業",
        valid_from=began.date(),
        valid_until=began.date() + timedelta(days=3650),
    )
    grants.grant(grantee_id=field.pk, tenant_id=aoba.pk, valid_from=began.date())
    return users


def _products(today: date) -> dict[str, int]:
    ids = {}
    for model in MODELS:
        product = stock.enter_product(
            service="ix",
            name=model.name,
            code=model.code,
            model_code=model.model_code,
            registers_options=model.registers_options,
        )
        stock.equip_product(
            product_id=product.pk,
            exchange_units=["本体一式"],
            equivalents=[model.model_code],
            software_versions=["10.8.21", "10.9.14", "10.10.21"],
        )
        if model.end_of_sale_age is not None:
            stock.end_product(product_id=product.pk, end_of_sale=today - timedelta(days=model.end_of_sale_age))
        ids[model.code] = product.pk
    for code, name in OPTIONS:
        stock.enter_option(code=code, name=name, product_ids=[ids[m.code] for m in MODELS if m.registers_options])
    return ids


def _units(first_customer: int, began: datetime) -> list[Unit]:
    """Covers of every kind: running, expiring, expired, cut by the model's limit, late, proven or not."""
    units = []
    plans = ("5d-3y", "7d-3y", "5d-5y", "7d-5y", "5d-4y", "7d-4y")
    for index, firm in enumerate(FIRMS):
        tenant_id = first_customer
        if index:
            phone = f"03-0000-{1000 + index}"
            tenant_id = organisations.create(kind="customer", name=firm.name, kana=firm.kana, phone=phone, now=began).pk
        for nth in range(1 + index % 4):
            count = len(units)
            plan = plans[count % len(plans)]
            years = int(plan[3])
            model = MODELS[(0, 2, 0, 3, 1)[count % 5]]
            bought = (95, 320, years * 365 - 40, 640, years * 365 + 160, 21)[count % 6]
            if model.code == "MR2100":
                plan, bought = plans[2 + count % 2], 1460
            units.append(
                Unit(
                    firm=firm,
                    tenant_id=tenant_id,
                    model=model,
                    serial=f"{model.prefix}-{100001 + count}",
                    card=f"L{2200001 + count}",
                    plan=plan,
                    bought=bought,
                    proven=count % 2 == 0,
                    late=count % 11 == 5,
                    branch=nth > 0,
                    on_paper=count % 4 == 3,
                )
            )
    covered, expired = MODELS[0], units[1]
    units[0] = Unit(FIRMS[0], first_customer, covered, "MR22-100001", "L2200001", "7d-5y", 200)
    units[1] = Unit(expired.firm, expired.tenant_id, covered, "MR22-100002", "L2200002", "5d-3y", 3 * 365 + 160)
    return units


def _sell(unit: Unit, products: dict[str, int], *, now: datetime) -> None:
    """The unit left the factory, and a licence for it was sold."""
    bought = now.date() - timedelta(days=unit.bought)
    stock.enter_shipment(
        product_id=products[unit.model.code], serial=unit.serial, shipped_on=bought - timedelta(days=12)
    )
    stock.enter_licence(
        service="ix",
        family="ネットワーク保守ライセンス",
        plan=unit.plan,
        card_serial=unit.card,
        card_deadline=bought + timedelta(days=-20 if unit.late else 90),
        registers_options=unit.model.registers_options,
        seller=RESELLER,
        sold_on=bought,
        price_yen=48_000 if unit.plan.startswith("5d") else 96_000,
    )


def _on_card(day: date) -> str:
    """As people write it."""
    return f"{day.year}/{day.month}/{day.day}"


def _entries(unit: Unit, bought: date) -> dict[str, object]:
    firm = unit.firm
    entries: dict[str, object] = {
        "card_serial": unit.card,
        "entry_date": _on_card(bought + timedelta(days=4)),
        "body_serial": unit.serial,
        "purchased": _on_card(bought),
        "licence_purchased": _on_card(bought),
        "contact_company": firm.name,
        "contact_department": "総務課",
        "contact_name": firm.person,
        "contact_email": f"hoshu-{unit.card.lower()}@customer.example.jp",
        "contact_phone": f"03-0000-{1000 + FIRMS.index(firm)}",
        "contact_postal_code": firm.postal_code,
        "contact_address": firm.address,
        "site_company": f"{firm.name} {firm.branch}営業所" if unit.branch else firm.name,
        "site_person": firm.person,
        "site_phone": f"03-0000-{1000 + FIRMS.index(firm)}",
        "site_postal_code": firm.postal_code,
        "site_address": firm.address + (" 2号棟" if unit.branch else ""),
        "same_writer": ["contact"],
        "owner": "same",
        "personal_numbers": "no",
    }
    if unit.plan.startswith("5d"):
        entries["start_weekday"] = [WEEKDAYS[int(unit.card[-1]) % 5]]
    if unit.model.registers_options:
        entries["options"] = [{"code": OPTIONS[0][0], "quantity": "1"}]
    return entries


class _Scan:
    """A card and a delivery note as somebody would have scanned them."""

    def __init__(self, today: date) -> None:
        self.sender = Sender(name=RESELLER, address="東京都港区架空海岸2-2-2")
        self.today = today

    def card(self, unit: Unit, entries: dict[str, object]) -> bytes:
        edition = catalog.edition_on("ix", self.today)
        rows = tuple((at.label, text) for at, text in form.all_written(entries, edition))
        return self._sheet("お客様登録カード〈新規登録用〉", unit, rows)

    def delivery_note(self, unit: Unit, day: date) -> bytes:
        rows = (("品名", unit.model.name), ("製造番号", unit.serial), ("納品日", f"{day:%Y/%m/%d}"))
        return self._sheet("納品書", unit, rows)

    def _sheet(self, heading: str, unit: Unit, rows: tuple[tuple[str, str], ...]) -> bytes:
        data = {"reference": unit.card, "sections": ((heading, rows),), "notes": ()}
        return letters.render("card_copy", data, sender=self.sender, issued_on=self.today)


def _take_in(unit: Unit, scan: _Scan, *, received: datetime, changes: dict[str, object]) -> int:
    """A card arrives by mail and is typed in; the id of its application."""
    entries = _entries(unit, _bought(unit, scan.today)) | changes
    files = [("お客様登録カード.pdf", scan.card(unit, entries))]
    application = registration.take_in(
        service="ix", channel="email", received_at=received, files=files, declared_personal_number=False, now=received
    )
    registration.save(application_id=application.pk, based_on=application.version, entries=entries, now=received)
    return application.pk


def _prove(application: int, unit: Unit, scan: _Scan, note: bytes, *, now: datetime) -> None:
    registration.attach(
        application_id=application,
        kind="delivery_note",
        name="納品書.pdf",
        content=note,
        declared_personal_number=False,
        date_read=_bought(unit, scan.today),
        now=now,
    )


def _register(unit: Unit, clerk: Actor, seller: Actor, scan: _Scan, *, now: datetime) -> int:
    """The card came, was checked and accepted at the time, the notice was delivered then; the id of the device."""
    received = now.replace(hour=10, minute=20) - timedelta(days=unit.bought - 6)
    if unit.on_paper:
        with act_as(clerk):
            application = _take_in(unit, scan, received=received, changes={})
    else:
        with act_as(replace(seller, tenants=frozenset({unit.tenant_id}))):
            application = _apply_online(unit, scan, received=received)
    with act_as(clerk):
        if unit.proven:
            note = scan.delivery_note(unit, _bought(unit, scan.today))
            _prove(application, unit, scan, note, now=received)
        registration.begin_check(application_id=application, now=received + timedelta(hours=5))
        accepted = received + timedelta(days=3, hours=4)
        agreement = registration.accept(
            application_id=application, customer_id=unit.tenant_id, reasons=_Cleared(), now=accepted
        )
    _deliver(accepted)
    return agreement.device_id


def _apply_online(unit: Unit, scan: _Scan, *, received: datetime) -> int:
    """The seller applies for its customer on the web; the id of the application."""
    application = registration.start_online(
        service="ix", tenant_id=unit.tenant_id, entries=_entries(unit, _bought(unit, scan.today)), now=received
    )
    registration.submit(
        application_id=application.pk,
        confirmed=services.confirmations("ix"),
        mandate="ご注文のときに、書面でお客様の同意をいただいた",
        now=received,
    )
    return application.pk


class _Cleared(dict[str, str]):
    """The clerk's reason for whatever hold a person may decide."""

    def __missing__(self, hold: str) -> str:
        return "お客様に電話で確認しました。"


def _waiting_cards(products: dict[str, int], scan: _Scan, *, now: datetime) -> None:
    """Cards on every clerk's desk: fresh, being checked, asked about, incomplete, nearly due, refused."""
    stories: tuple[tuple[str, int, dict[str, object]], ...] = (
        ("received", 1, {}),
        ("received", 0, {"start_weekday": [], "contact_email": ""}),
        ("received", 2, {"purchased": "令和8年2月30日"}),
        ("checking", 6, {}),
        ("checking", 9, {"site_address": "架空町1-2-3"}),
        ("asking", 12, {"contact_email": "soumu(at)example.jp"}),
        ("asking", 22, {"writer_name": ""}),
        ("checking", 28, {}),
        ("refused", 20, {}),
    )
    for number, (state, days, changes) in enumerate(stories, start=1):
        firm = FIRMS[(number * 3) % len(FIRMS)]
        model = MODELS[0]
        fresh = Unit(firm, 0, model, f"MR22-1009{number:02}", f"L22009{number:02}", "5d-3y", days + 5)
        _sell(fresh, products, now=now)
        received = now - timedelta(days=days, minutes=17 * number)
        application = _take_in(fresh, scan, received=received, changes=changes)
        if number % 2:
            _prove(application, fresh, scan, scan.delivery_note(fresh, _bought(fresh, scan.today)), now=received)
        if state == "received":
            continue
        registration.begin_check(application_id=application, now=received + timedelta(minutes=40))
        if state == "asking":
            question = "欄⑧のメールアドレスが読み取れません。正しいアドレスをお知らせください。"
            registration.ask(
                application_id=application, questions=[question], by_mail=False, now=received + timedelta(hours=2)
            )
        if state == "refused":
            registration.refuse(
                application_id=application,
                reason="対象機器が国内に設置されていないとのご回答のため。",
                clause="第3章 1.(1)",
                by_post=False,
                now=received + timedelta(days=4),
            )


def _table(*, now: datetime) -> None:
    """What left the factory last month, as the shipping department keeps it: most rows good, some to be put right."""
    shipped = [now.date() - timedelta(days=40 - number % 28) for number in range(60)]
    lines = [f"{MODELS[number % 2].code},SH26-{number:06},{day:%Y/%m/%d}," for number, day in enumerate(shipped)]
    lines[7] = f"{MODELS[0].code},1.23E+11,{shipped[7]:%Y/%m/%d},表計算ソフトで開いた"
    lines[21] = f"{MODELS[0].code},SH26-000021,来月,"
    lines[34] = f"{MODELS[1].code},ｓｈ２６－００００３４,{shipped[34]:%Y/%m/%d},㈱髙﨑商会様へ直送"
    content = "\r\n".join(["品名コード,製造番号,出荷日,備考", *lines, ""]).encode("cp932")
    imports.hand_over(kind="shipments", name="出荷記録.csv", content=content, declared_personal_number=False, now=now)


def _customer_draft(tenant_id: int, *, now: datetime) -> None:
    """A form that the customer began on the web and left."""
    entries = {"card_serial": "L2200999", "contact_company": FIRMS[0].name, "contact_name": FIRMS[0].person}
    registration.start_online(service="ix", tenant_id=tenant_id, entries=entries, now=now - timedelta(hours=20))


OPENED, DECIDED, PLANNED, WORKING, CLOSED = range(5)
"""How far a case of the demo came."""

_HISTORIES = (
    (CLOSED, timedelta(days=6)),
    (PLANNED, timedelta(hours=3)),
    (OPENED, timedelta(minutes=35)),
    (CLOSED, timedelta(days=20)),
    (WORKING, timedelta(hours=2, minutes=30)),
    (DECIDED, timedelta(minutes=48)),
    (OPENED, timedelta(minutes=9)),
    (PLANNED, timedelta(hours=5)),
    (OPENED, timedelta(hours=26)),
)


def _calls(units: list[Unit], devices: dict[str, int], *, now: datetime) -> None:
    """Fault calls in every state, the longest ago first."""
    running = [unit for unit in units[2:] if 60 < unit.bought < int(unit.plan[3]) * 365 - 100]
    told = (
        (["no_power"], "停電の後から電源ランプが点きません。"),
        (["no_link"], "WAN側のリンクランプが消えたままです。"),
        (["reboots"], "10分おきに再起動を繰り返しています。"),
        (["errors", "timeouts"], "通信が途切れ、エラーが増え続けています。"),
        (["no_traffic"], "朝から拠点間の通信ができません。"),
    )
    for nth, unit in enumerate(running[:24]):
        symptoms, text = told[nth % len(told)]
        depth, age = _HISTORIES[nth % len(_HISTORIES)]
        if depth == CLOSED:
            age += timedelta(days=2 * nth)
        complete = depth >= DECIDED
        call = Call(
            caller_name=unit.firm.person,
            caller_company=unit.firm.name,
            caller_phone="03-0000-4000",
            caller_email=f"hoshu-{unit.card.lower()}@customer.example.jp",
            told=text,
            reported_as=unit.serial,
            serial_confirmed=True,
            site_address=unit.firm.address + (" 2号棟" if unit.branch else ""),
            site_contact=unit.firm.person,
            site_phone="03-0000-4000",
            symptoms=symptoms if complete or nth % 2 else (),
            evidence={"led": "PWR消灯", "cable": "異常なし"} if complete else {},
            software_version="10.9.14" if nth % 3 else "",
            backup="on_site" if nth % 4 else "none",
            site_matches=True,
        )
        _one_call(unit, call, depth, devices[unit.serial], now - age)
    expired = units[1]
    service_call.open_case(
        call=Call(caller_name=expired.firm.person, told="電源が入りません。", reported_as=expired.serial),
        device_id=devices[expired.serial],
        now=now - timedelta(hours=5),
    )
    service_call.open_case(
        call=Call(caller_name="三宅 純", caller_company="名乗らず", told="番号が読めません。", reported_as="MR22-9O0"),
        device_id=None,
        now=now - timedelta(minutes=50),
    )


def _one_call(unit: Unit, call: Call, depth: int, device_id: int, at: datetime) -> None:
    number = service_call.open_case(call=call, device_id=device_id, now=at)
    case = queries.get(number=number)
    if depth < DECIDED or case.outcome != "covered":
        return
    dispatch.decide(case_id=case.pk, send=True, reason="本体の故障と判断しました。", now=at + timedelta(minutes=25))
    if depth < PLANNED:
        return
    start = max(case.attend_from or at, at + (timedelta(hours=1) if depth > PLANNED else timedelta(days=1)))
    dispatch.plan_visit(case_id=case.pk, start=start, override_reason="お客様と合意", now=at + timedelta(minutes=30))
    if depth < WORKING:
        return
    later = iter(start + timedelta(minutes=minutes) for minutes in range(10, 600, 10))
    for kind in (StepKind.ARRIVAL, StepKind.MOVED_AWAY, StepKind.REMOVAL):
        moment = next(later)
        work.tick(case_id=case.pk, kind=kind, at=moment, result="", rules_acknowledged=True, now=moment)
    if depth < CLOSED:
        return
    moment = next(later)
    service_call.record_exchange(
        number=number,
        part="body",
        unit="本体一式",
        removed=unit.serial,
        substitute=f"{unit.model.prefix}-7{unit.serial[-5:]}",
        received_at=moment,
        received_by=unit.firm.person,
        now=moment,
    )
    exchange = queries.details(number=number).exchanges[0]
    completion.declare_erasure(
        case_id=case.pk, exchange_id=exchange.pk, erasure="erased", person=unit.firm.person, consent=False, now=moment
    )
    for step in queries.details(number=number).steps:
        if step.done_at is not None or step.skipped_reason:
            continue
        moment = next(later)
        if step.kind == StepKind.COLLECTION:
            completion.collect(case_id=case.pk, exchange_id=exchange.pk, at=moment, kept_reason="", now=moment)
        elif step.kind == StepKind.INSTALL_CONFIG:
            work.skip(case_id=case.pk, kind=step.kind, reason="お客様が読み込みました。", now=moment)
        else:
            work.tick(case_id=case.pk, kind=step.kind, at=moment, result="", rules_acknowledged=True, now=moment)
    service_call.complete(number=number, report="本体を交換し、通信できることを確かめました。", at=moment, now=moment)
    _deliver(moment)


def _bought(unit: Unit, today: date) -> date:
    return today - timedelta(days=unit.bought)


def _deliver(now: datetime) -> None:
    """Hand over what is in the outbox as of `now`, so that the mailbox shows when things really happened."""
    for message_id in delivery.due(now=now):
        delivery.deliver(message_id=message_id, now=now, unsealed=confirming.link_of)
