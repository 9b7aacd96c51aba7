"""What the isolation test looks at: two customers with one of everything, each text of theirs with its own mark.

A new route under an object that stands in `OBJECTS` needs nothing. A route with a new kind of object gets a line there
and, where needed, a row in `_furnish`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.apps import apps

from hoshu.accounts import organisations, people, tokens
from hoshu.accounts.models import Grant
from hoshu.accounts.tenancy import SYSTEM, act_as, actor_of
from hoshu.contracts import codes, consignments, discontinuations, numbers, returns, stock
from hoshu.contracts.discontinuations import Decided
from hoshu.contracts.endings import Ground
from hoshu.contracts.models import Product
from hoshu.flows import changes, extensions, import_kinds, imports, papers, registration, service_call, works
from hoshu.imports import dry_run
from hoshu.privacy import disclosures, leaks, ledger, requests
from hoshu.publishing import drafts
from tests.contracts.cards import CONFIRMATIONS, at, licence, online, open_for_business, router, shipped
from tests.files.samples import pdf
from tests.flows.test_service_call import WHOLE
from tests.people import AOBA, FUJII, HAYASHI, MORI, TSUBASA, WAKABA, YAMADA, World, settle

NOW = at("2025-06-03 14:00")
MARKS = {AOBA: "カナリヤ甲", WAKABA: "カナリヤ乙"}
MISSING = {"int": 987_654_321, "str": "ZZ987654321", "slug": "zz987654321"}


@dataclass(frozen=True)
class Furniture:
    """The ids and numbers of what one customer has."""

    organisation: int
    device: int
    agreement: str
    draft: str
    several: str
    """A draft about two machines."""
    application: str
    refused: str
    attached: int
    inquiry: int
    case: str
    change_draft: str
    change: str
    kit: str
    file: int
    message: int
    letter: int
    decision: int
    code: str
    sheet: int
    parcel: int
    consent: str
    """A key of the ledger: a consent that may be taken back."""
    request: int
    disclosure: int


@dataclass(frozen=True)
class Stage:
    """Everybody and everything."""

    world: World
    things: Mapping[str, Furniture]
    reseller: int
    given: int
    person: int
    assignment: int
    token: int
    terms_draft: int
    imported: int
    discontinuation: int
    leak: int
    article: int
    returned: int
    suspicion: int
    work: int
    """Of a service that no customer here uses."""


# -- where an object stands in an address: its address up to there → what fills it. The longest beginning counts.

Fill = Callable[[Stage, str], dict[str, Any]]

OBJECTS: dict[str, Fill] = {
    "c/<slug:code>": lambda stage, who: {"code": stage.things[who].code},
    "console/agreements/<str:number>": lambda stage, who: {"number": stage.things[who].agreement},
    "console/applications/<str:number>": lambda stage, who: {"number": stage.things[who].application},
    "console/applications/<str:number>/refusal": lambda stage, who: {"number": stage.things[who].refused},
    "console/applications/<str:number>/refund": lambda stage, who: {"number": stage.things[who].refused},
    "console/applications/<str:number>/files/<int:attached_id>": lambda stage, who: {
        "number": stage.things[who].application,
        "attached_id": stage.things[who].attached,
    },
    "console/applications/<str:number>/inquiries/<int:inquiry_id>": lambda stage, who: {
        "number": stage.things[who].application,
        "inquiry_id": stage.things[who].inquiry,
    },
    "console/cases/<str:number>": lambda stage, who: {"number": stage.things[who].case},
    "console/consignments/<int:consignment_id>/<slug:name>": lambda stage, who: {
        "consignment_id": stage.things[who].parcel,
        "name": "came_back",
    },
    "console/changes/<str:number>": lambda stage, who: {"number": stage.things[who].change},
    "console/extensions/<str:number>": lambda stage, who: {"number": stage.things[who].kit},
    "console/customers/<int:organisation_id>": lambda stage, who: {"organisation_id": stage.things[who].organisation},
    "console/decisions/<int:decision_id>": lambda stage, who: {"decision_id": stage.things[who].decision},
    "console/files/<int:file_id>": lambda stage, who: {"file_id": stage.things[who].file},
    "console/files/<int:file_id>/<slug:act>": lambda stage, who: {"file_id": stage.things[who].file, "act": "hold"},
    "console/files/<int:file_id>/page/<int:number>.png": lambda stage, who: {
        "file_id": stage.things[who].file,
        "number": 1,
    },
    "console/intake/<int:device_id>": lambda stage, who: {"device_id": stage.things[who].device},
    "console/labels/<int:letter_id>": lambda stage, who: {"letter_id": stage.things[who].sheet},
    "console/messages/<int:message_id>": lambda stage, who: {"message_id": stage.things[who].message},
    "mailbox/<int:message_id>": lambda stage, who: {"message_id": stage.things[who].message},
    "portal/agreements/<str:number>": lambda stage, who: {"number": stage.things[who].agreement},
    "portal/agreements/<str:number>/steps/<slug:name>": lambda stage, who: {
        "number": stage.things[who].agreement,
        "name": "installed",
    },
    "portal/agreements/<str:number>/letters/<int:letter_id>": lambda stage, who: {
        "number": stage.things[who].agreement,
        "letter_id": stage.things[who].letter,
    },
    "portal/applications/<str:number>": lambda stage, who: {"number": stage.things[who].draft},
    "portal/applications/<str:number>/pages/<str:key>": lambda stage, who: {
        "number": stage.things[who].several,
        "key": "customer",
    },
    "portal/applications/<str:number>/machines/<int:nth>": lambda stage, who: {
        "number": stage.things[who].several,
        "nth": 2,
    },
    "portal/applications/<str:number>/copy.pdf": lambda stage, who: {"number": stage.things[who].application},
    "portal/applications/<str:number>/inquiries/<int:inquiry_id>": lambda stage, who: {
        "number": stage.things[who].application,
        "inquiry_id": stage.things[who].inquiry,
    },
    "portal/customers/<int:organisation_id>": lambda stage, who: {"organisation_id": stage.things[who].organisation},
    "portal/changes/<str:number>": lambda stage, who: {"number": stage.things[who].change_draft},
    "portal/extensions/<str:number>": lambda stage, who: {"number": stage.things[who].kit},
    "portal/files/<int:file_id>": lambda stage, who: {"file_id": stage.things[who].file},
    "portal/cases/<str:number>": lambda stage, who: {"number": stage.things[who].case},
    "portal/report/<int:device_id>": lambda stage, who: {"device_id": stage.things[who].device},
    "console/privacy/ledger/<str:key>": lambda stage, who: {"key": stage.things[who].consent},
    "console/privacy/requests/<int:request_id>": lambda stage, who: {"request_id": stage.things[who].request},
    "console/privacy/disclosures/<int:disclosure_id>": lambda stage, who: {
        "disclosure_id": stage.things[who].disclosure
    },
    "portal/privacy/withdraw/<str:key>": lambda stage, who: {"key": stage.things[who].consent},
    # what belongs to no customer
    "console/discontinuations/<int:discontinuation_id>": lambda stage, who: {
        "discontinuation_id": stage.discontinuation
    },
    "console/imports/<int:import_id>": lambda stage, who: {"import_id": stage.imported},
    "console/imports/empty/<slug:kind>": lambda stage, who: {"kind": "licences"},
    "console/privacy/leaks/<int:leak_id>": lambda stage, who: {"leak_id": stage.leak},
    "console/privacy/leaks/<int:leak_id>/<slug:what>": lambda stage, who: {"leak_id": stage.leak, "what": "persons"},
    "console/terms/drafts/<int:draft_id>": lambda stage, who: {"draft_id": stage.terms_draft},
    "account/": lambda stage, who: {"uidb36": "1", "key": "set-password"},
    "console/customers/<int:organisation_id>/grants/<int:grant_id>": lambda stage, who: {
        "organisation_id": stage.reseller,
        "grant_id": stage.given,
    },
    "console/articles/<int:article_id>": lambda stage, who: {"article_id": stage.article},
    "console/licences/<str:card_serial>": lambda stage, who: {"card_serial": f"L{stage.things[AOBA].organisation}0"},
    "console/licences/<str:card_serial>/returns/<int:return_id>": lambda stage, who: {
        "card_serial": "L900",
        "return_id": stage.returned,
    },
    "console/numbers/<int:suspicion_id>": lambda stage, who: {"suspicion_id": stage.suspicion},
    "console/products/<str:code>": lambda stage, who: {"code": "R-2105"},
    "console/people/<int:user_id>": lambda stage, who: {"user_id": stage.person},
    "console/people/<int:user_id>/roles/<int:assignment_id>": lambda stage, who: {
        "user_id": stage.person,
        "assignment_id": stage.assignment,
    },
    "console/people/<int:user_id>/tokens/<int:token_id>": lambda stage, who: {
        "user_id": stage.person,
        "token_id": stage.token,
    },
    "register/<slug:service>": lambda stage, who: {"service": "video"},
    "console/units/<str:serial>": lambda stage, who: {"serial": "ZA0001"},
    "console/units/<str:serial>/<slug:name>": lambda stage, who: {"serial": "ZA0001", "name": "note"},
    "console/units/<str:serial>/exchange/<slug:name>": lambda stage, who: {"serial": "ZA0001", "name": "report"},
    "apply/<slug:code>": lambda stage, who: {"code": "nobodys"},
    "confirm/<str:key>": lambda stage, who: {"key": "used-long-ago"},
    "setup/<str:token>": lambda stage, who: {"token": "used-long-ago"},
    "console/services/<slug:service>": lambda stage, who: {"service": "ix"},
    "console/works/<int:work_id>": lambda stage, who: {"work_id": stage.work},
    "portal/works/<int:work_id>": lambda stage, who: {"work_id": stage.work},
    "terms/<slug:service>": lambda stage, who: {"service": "ix"},
    "terms/<slug:service>/<slug:edition>": lambda stage, who: {"service": "ix", "edition": "2022-10"},
}

QUERIES = {
    "address": {"postal_code": "100-0001"},
    "console/terms/lines": {"of": "ix/2022-10"},
    "terms/<slug:service>/<slug:edition>/clause": {"id": "第4章 2."},
}
"""What an address needs after its question mark."""

NOT_THERE = {"demo/login", "mailbox/", "setup/<str:token>"}
"""Addresses that do not exist here for anybody: this is no demo, and it was set up long ago."""


def put_up() -> Stage:
    """Put everybody and everything into the database."""
    with act_as(SYSTEM):
        world = settle()
        open_for_business()
        product = router()
        consignments.enter_unit(product_id=product.pk, serial="ZA0001", manufactured_on=None)
        things = {name: _furnish(world, name, product) for name in (AOBA, WAKABA)}
        token, _ = tokens.issue(user_id=world.users[YAMADA].pk, name="試験", now=NOW)
        given = Grant.objects.get(grantee=world.organisations[TSUBASA])
        role = people.assign(user_id=world.users[YAMADA].pk, role="desk", valid_from=date(2026, 1, 1))
    clerk = actor_of(world.users[HAYASHI], today=NOW.date())
    with act_as(clerk):
        table = "名称,電話番号\n㈱髙﨑商会,03-0000-0002\n,03-0000-0003\n".encode()
        handed = imports.hand_over(
            kind="customers", name="名簿.csv", content=table, declared_personal_number=False, now=NOW
        )
    dry_run.read(import_id=handed.pk, kind=import_kinds.customers(), actor=clerk, now=NOW)
    with act_as(actor_of(world.users[FUJII], today=NOW.date())):
        begun = drafts.begin(title="来年の改定", text='service = "ix"', now=NOW)
    with act_as(SYSTEM):
        leak = leaks.found(
            found_at=NOW,
            how="お客様からの電話",
            what="メールを別の方へ送った",
            cause="missent",
            malicious=False,
            reportable=True,
            why_reportable="1,000人を超える",
            items=["お名前"],
            tenant_ids=[world.organisations[name].pk for name in MARKS],
            now=NOW,
        )
    with act_as(actor_of(world.users[HAYASHI], today=NOW.date())):
        article = stock.enter_article(service="video", sku="NH-VA-5", name="映像 5年", plan="9x5-5y")
        brought = returns.bring_back(
            licence_id=licence("L900").pk,
            bought_on=NOW.date(),
            returned_on=NOW.date(),
            reason="other",
            proof_shown=False,
            now=NOW,
        )
        suspicion = numbers.suspect(number="Q900", reason="同じ番号が2社から届いた", now=NOW)
        work = works.publish(
            content=pdf("設定のご案内"),
            filename="案内.pdf",
            service="video",
            title="設定のご案内",
            version="1.0",
            right_holder="みなと保守株式会社",
            text="",
            now=NOW,
        )
    return Stage(
        world=world,
        things=things,
        reseller=world.organisations[TSUBASA].pk,
        given=given.pk,
        person=world.users[YAMADA].pk,
        assignment=role.pk,
        token=token.pk,
        terms_draft=begun.pk,
        imported=handed.pk,
        discontinuation=_discontinued(product, world),
        leak=leak.pk,
        article=article.pk,
        returned=brought.pk,
        suspicion=suspicion.pk,
        work=work.pk,
    )


def _discontinued(product: Product, world: World) -> int:
    """A decision over a model that both customers have, which waits for a second person."""
    with act_as(actor_of(world.users[HAYASHI], today=NOW.date())):
        infringing = Ground("infringement", "", "第1章 4.(ii)", ("provider",), "evidence", False, "software")
        decided = Decided(ground=infringing, part="", at=NOW + timedelta(days=1), evidence="警告書が届いた")
        return discontinuations.propose(product_id=product.pk, decided=decided, now=NOW).pk


def _furnish(world: World, name: str, product: Product) -> Furniture:
    """A draft, an application that is asked about, a refused one, an agreement, a case; with their mails and files."""
    tenant, mark = world.organisations[name].pk, MARKS[name]
    organisations.change(organisation_id=tenant, name=f"{mark}商事", kana="", phone="03-0000-0001")
    customer = next(user for user in world.users.values() if user.organisation_id == tenant)

    for number in range(4):
        licence(f"L{tenant}{number}")
        shipped(product, f"N{tenant}{number}")

    def drafted(number: int) -> Any:
        card = {"card_serial": f"L{tenant}{number}", "body_serial": f"N{tenant}{number}"}
        texts = {"contact_company": f"{mark}商事", "contact_name": mark, "site_address": f"宮城県{mark}市0-0"}
        return registration.start_online(service="ix", tenant_id=tenant, entries=online(**card, **texts), now=NOW)

    with act_as(actor_of(customer, today=NOW.date())):
        draft, *sent = [drafted(number) for number in range(4)]
        several = registration.start_online(
            service="video",
            tenant_id=tenant,
            entries={"administrator_name": mark, "machines": [{"site_name": mark}, {"site_name": mark}]},
            confirmed=["personal_information"],
            now=NOW,
        )
        for application in sent:
            registration.submit(application_id=application.pk, confirmed=CONFIRMATIONS, now=NOW)
    asked, refused, accepted = sent
    with act_as(actor_of(world.users[HAYASHI], today=NOW.date())):
        for application in sent:
            registration.begin_check(application_id=application.pk, now=NOW)
        proof = registration.attach(
            application_id=asked.pk,
            kind="receipt",
            name=f"{mark}.pdf",
            content=pdf(mark),
            declared_personal_number=False,
            date_read=None,
            now=NOW,
        )
        registration.ask(application_id=asked.pk, questions=[f"{mark}様のご購入日"], by_mail=False, now=NOW)
        registration.refuse(
            application_id=refused.pk, reason=f"{mark}様の現物がない", clause="第3章 前文", by_post=False, now=NOW
        )
        agreement = registration.accept(application_id=accepted.pk, customer_id=tenant, reasons={}, now=NOW)
        sheet = papers.label_sheet(agreement_ids=[agreement.pk], grid="21", first=1, now=NOW)
        code = codes.codes_of(agreement_ids=[agreement.pk], now=NOW)[agreement.pk]
    with act_as(actor_of(customer, today=NOW.date())):
        change, change_draft = [_changed(agreement, mark, sent) for sent in (True, False)]
        kit = extensions.order(
            tenant_id=tenant,
            stated_number=agreement.number,
            stated_end=agreement.ends_on,
            asked_by=mark,
            now=NOW,
        )
    with act_as(actor_of(world.users[MORI], today=NOW.date())):
        call = replace(WHOLE, caller_name=mark, caller_email="sato@example.jp", symptom_note=mark, site_contact=mark)
        case = service_call.open_case(call=call, device_id=agreement.device_id, now=NOW)

        asks = requests.receive(
            tenant_id=tenant,
            kind="erase",
            requester=mark,
            relation="本人",
            channel="phone",
            asked=f"{mark}の情報",
            name=mark,
            identified_by="折り返しの電話",
            now=NOW,
        )
        demand = disclosures.demanded(
            tenant_id=tenant,
            body=f"{mark}地方裁判所",
            law="命令 第1号",
            items=["会社名"],
            reason=mark,
            demanded_at=NOW,
            now=NOW,
        )
        wish = ledger.record_entry(
            tenant_id=tenant,
            kind="purpose",
            service="remote-care",
            edition="1",
            person=mark,
            text=f"{mark}へのご案内を希望します",
            clauses_=["第4条 (6)"],
            at=NOW,
            channel="paper",
            now=NOW,
        )

    def latest(model: str, **conditions: object) -> Any:
        return apps.get_model(model).objects.filter(tenant_id=tenant, **conditions).latest("id")

    return Furniture(
        organisation=tenant,
        device=agreement.device_id,
        agreement=agreement.number,
        draft=draft.number,
        several=several.number,
        application=asked.number,
        refused=refused.number,
        attached=proof.pk,
        inquiry=latest("contracts.Inquiry").pk,
        case=case,
        change_draft=change_draft,
        change=change,
        kit=kit.number,
        file=proof.file_id,
        message=latest("notifications.Message", letter__isnull=False).pk,
        letter=latest("notifications.Message", about=agreement.number).letter_id,
        decision=latest("decisions.Decision", about=case).pk,
        code=code,
        sheet=sheet.pk,
        parcel=consignments.order(agreement_id=agreement.pk, kind="guide", what=f"{mark}様のご案内", now=NOW).pk,
        consent=f"entry-{wish.pk}",
        request=asks.pk,
        disclosure=demand.pk,
    )


def _changed(agreement: Any, mark: str, sent: bool) -> str:
    """A change that the customer asks for, or writes down."""
    begun = changes.start(agreement_id=agreement.pk, channel="portal", asked_by=mark, now=NOW)
    changes.save(
        request_id=begun.pk,
        based_on=begun.version,
        entries={"contact_department": f"{mark}部"},
        said={"effective": "2025/8/1", "note": mark},
        now=NOW,
    )
    if sent:
        changes.submit(request_id=begun.pk, partly=False, now=NOW)
    return str(begun.number)
