"""個人情報の一覧: every personal column, with where it comes from, what for, how long, who sees it (MM-CND-15).

A new column that may hold text must be named here, as personal or not: a test walks all models. What leaves this table
leaves the export, the erasure and the retention run of persons too, so this is the one place to think about it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from django.apps import apps

from hoshu.contracts.erasing import PERSONAL, Columns

Group = Literal["application", "device", "handling", "own"]
GROUPS: dict[str, str] = {
    "application": "お申し込みの情報",
    "device": "機器の情報",
    "handling": "対応の記録",
    "own": "当社の担当者などの情報",
}


@dataclass(frozen=True, kw_only=True)
class Category:
    """What is said about a kind of personal information as a whole."""

    name: str
    group: Group
    source: str
    purpose: str
    seen_by: str
    months: int | None = None
    """How long it is kept after its end, where the operator set nothing else; None: as long as what it belongs to."""
    law: str = ""
    """By which law or clause so long."""
    ends: str = ""
    """From when the months count."""
    erase_kind: str = ""
    """What the question 消去 calls it, where an edition answers that question."""


CATEGORIES: dict[str, Category] = {
    "company": Category(
        name="会社の名称と電話番号", group="application", source="登録の申請", purpose="サービスの提供",
        seen_by="担当者、許された販売店・再委託先", ends="契約の終わり", erase_kind="application",
    ),
    "login": Category(
        name="ログインする方", group="application", source="お客様の申し込み、担当者の登録", purpose="本人の確認",
        seen_by="本人、担当者", months=0, ends="利用の停止", erase_kind="account",
    ),
    "application": Category(
        name="申請の記入内容", group="application", source="お客様登録カード、画面からの申請",
        purpose="登録の手続き、登録内容の確認と変更", seen_by="担当者、その申請の販売店", months=84,
        law="法人税法施行規則 59条", ends="契約の終わり、または承諾しないと決めた日", erase_kind="application",
    ),
    "party": Category(
        name="連絡先、設置場所、管理者", group="application", source="登録の申請と変更の申請",
        purpose="サービスの提供、連絡と発送", seen_by="担当者、許された販売店・再委託先", months=84,
        law="法人税法施行規則 59条", ends="契約の終わり", erase_kind="application",
    ),
    "delivery": Category(
        name="発送先", group="application", source="登録の申請", purpose="機器と案内の発送",
        seen_by="担当者", months=84,
        law="法人税法施行規則 59条", ends="契約の終わり", erase_kind="application",
    ),
    "consent": Category(
        name="同意した方", group="application", source="申請のときの確認", purpose="同意があったことの証拠",
        seen_by="担当者、お客様の管理者", months=120, law="民法 166条", ends="契約の終わり", erase_kind="evidence",
    ),
    "device": Category(
        name="機器の番号と所有者", group="device", source="登録の申請、現地での交換、機器からの報告",
        purpose="対象機器の特定と情報提供", seen_by="担当者、許された販売店・再委託先", months=84,
        law="法人税法施行規則 59条", ends="契約の終わり", erase_kind="application",
    ),
    "case": Category(
        name="障害の受付と作業", group="handling", source="電話、メール、画面からの連絡、現地での聞き取り",
        purpose="障害への対応", seen_by="担当者、任された再委託先、お客様", months=60, law="民法 166条",
        ends="対応の終わり",
    ),
    "message": Category(
        name="お知らせとメール", group="handling", source="当社の送信", purpose="登録と対応についての連絡",
        seen_by="担当者", months=84, law="法人税法施行規則 59条", ends="送信",
    ),
    "file": Category(
        name="預かり資料", group="handling", source="お客様の提出", purpose="登録の確認と障害の調査",
        seen_by="担当者、任された再委託先、お客様", months=60, law="民法 166条", ends="到着",
    ),
    "request": Category(
        name="個人情報についてのお申し出", group="handling", source="お申し出", purpose="お申し出への対応",
        seen_by="個人情報の担当者", months=60, law="民法 166条", ends="回答",
    ),
    "leak": Category(
        name="漏えい等の対象の方", group="handling", source="当社の記録からの抽出", purpose="ご本人への通知",
        seen_by="個人情報の担当者", months=60, law="民法 166条", ends="終結",
    ),
    "history": Category(
        name="変更の記録", group="handling", source="すべての変更（自動）", purpose="だれが何を変えたかの証拠",
        seen_by="監査担当、管理者", ends="元の記録",
    ),
    "actor": Category(
        name="操作した人", group="own", source="ログイン", purpose="だれが行ったかの証拠", seen_by="担当者",
        ends="元の記録",
    ),
    "operator": Category(
        name="当社の窓口と責任者", group="own", source="設定", purpose="お問い合わせ先の案内", seen_by="すべての方",
    ),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table with personal columns."""

    category: str
    columns: Columns
    actors: tuple[str, ...] = ()
    """Who acted: stays as long as the row does, as evidence."""
    tenant: str = "tenant_id"
    """How the customer of a row is found; empty: rows of no customer."""
    holder: str = ""
    """What the row belongs to and by which path: `agreement:…`, `application:…`, `case:…`, `leak:…`."""
    at: str = ""
    """Where it belongs to nothing: the column from which its months count."""
    closed: bool = False
    """Append-only: nothing is erased before the whole row may go."""
    extra: dict[str, str] = field(default_factory=dict)


def _of(model: str, category: str, holder: str, *, actors: tuple[str, ...] = (), at: str = "") -> Table:
    return Table(category=category, columns=PERSONAL[model], holder=holder, actors=actors, at=at)


def _case(*, prose: tuple[str, ...] = (), name: tuple[str, ...] = (), actors: tuple[str, ...] = ()) -> Table:
    columns = Columns(name=name, prose=prose, several=len(name) > 1)
    return Table(category="case", columns=columns, actors=actors, holder="case:case")


def _evidence(*, prose: tuple[str, ...] = (), actors: tuple[str, ...] = ()) -> Table:
    """What is on record about the end of an agreement: kept as long as what was registered."""
    return Table(category="party", columns=Columns(prose=prose), actors=actors, holder="agreement:agreement")


TABLES: dict[str, Table] = {
    "accounts.Organisation": Table(
        category="company", columns=Columns(name=("name", "kana", "search_name"), phone=("phone",)), tenant="id"
    ),
    "accounts.User": Table(
        category="login",
        columns=Columns(name=("name",), email=("email",), detail=("secret_question", "secret_answer")),
        tenant="organisation_id",
    ),
    "accounts.ApiToken": Table(category="login", columns=Columns(prose=("name",)), tenant="user__organisation_id"),
    "accounts.Operator": Table(
        category="operator",
        columns=Columns(
            name=("name", "privacy_officer"),
            email=("registration_email",),
            phone=("fault_desk_phone",),
            prose=("department", "address", "postal_code", "registration_centre", "fault_desk"),
        ),
        tenant="",
    ),
    "accounts.HistoryEntry": Table(
        category="history", columns=Columns(prose=("before", "after")), actors=("actor",), closed=True
    ),
    "contracts.Application": _of(
        "contracts.Application", "application", "application:pk", actors=("decided_by",), at="updated_at"
    ),
    "contracts.ApplicationEvent": _of(
        "contracts.ApplicationEvent", "application", "application:application", actors=("actor",)
    ),
    "contracts.ParkedEntries": _of("contracts.ParkedEntries", "application", "application:application"),
    "contracts.ApplicationFile": Table(
        category="application", columns=Columns(), actors=("read_by",), holder="application:application"
    ),
    "contracts.Inquiry": _of("contracts.Inquiry", "application", "application:application", actors=("asked_by",)),
    "contracts.ContactCheck": _of(
        "contracts.ContactCheck", "application", "application:application", actors=("asked_by",)
    ),
    "contracts.Refusal": _of("contracts.Refusal", "application", "application:application"),
    "contracts.Device": _of("contracts.Device", "device", "agreement:agreements"),
    "contracts.Revision": _of("contracts.Revision", "party", "agreement:agreement"),
    "contracts.Party": _of("contracts.Party", "party", "agreement:revision__agreement"),
    "contracts.Consent": _of("contracts.Consent", "consent", "application:application"),
    "contracts.Consignment": _of("contracts.Consignment", "delivery", "agreement:agreement"),
    "contracts.ChangeRequest": _of(
        "contracts.ChangeRequest", "application", "agreement:agreement", actors=("decided_by",)
    ),
    "contracts.ChangeEvent": _of(
        "contracts.ChangeEvent", "application", "agreement:request__agreement", actors=("actor",)
    ),
    "contracts.ExtensionKit": _of(
        "contracts.ExtensionKit", "application", "agreement:agreement", actors=("approved_by",)
    ),
    "contracts.UnitExchange": _of("contracts.UnitExchange", "device", "agreement:agreement"),
    "contracts.DataCheck": _evidence(actors=("answered_by",)),
    "contracts.DataExport": _evidence(actors=("by",)),
    "contracts.Demand": _evidence(prose=("duty", "facts", "period_reason", "minor_reason"), actors=("recorded_by",)),
    "contracts.Investigation": _evidence(
        prose=("suspicion", "questions", "answer", "finding"), actors=("opened_by", "closed_by")
    ),
    "contracts.WornOut": _evidence(prose=("judgement", "talks", "result"), actors=("judged_by", "settled_by")),
    "contracts.Breach": _evidence(
        prose=("finding", "decision", "measure", "damage", "damaged_party", "effect"),
        actors=("decided_by", "recorded_by"),
    ),
    "contracts.Ending": _evidence(
        prose=("evidence", "scope_note", "withdrawal_reason", "refund_reason"), actors=("refund_by",)
    ),
    "contracts.ErasureHold": _evidence(prose=("reason",), actors=("placed_by", "released_by")),
    "contracts.Destruction": _evidence(prose=("how",), actors=("started_by",)),
    "contracts.LicenceReturn": Table(
        category="application",
        columns=Columns(prose=("note", "settled_because")),
        actors=("recorded_by", "settled_by"),
        tenant="",
    ),
    "contracts.Discontinuation": Table(
        category="device", columns=Columns(prose=("evidence", "withdrawal_reason")), tenant=""
    ),
    "contracts.Suspicion": Table(
        category="device",
        columns=Columns(prose=("reason", "lifted_because")),
        actors=("raised_by", "lifted_by"),
        tenant="",
    ),
    "imports.Chunk": Table(
        category="file",
        columns=Columns(detail=("cells",), prose=("remarks",)),
        tenant="",
        at="imported__ended_at",
    ),
    "contracts.SupportId": Table(category="device", columns=Columns(prose=("blocked_for",))),
    "contracts.LentUnit": Table(
        category="device",
        columns=Columns(prose=("note",)),
        actors=("erased_by",),
        tenant="agreement__tenant_id",
        holder="agreement:agreement",
    ),
    "contracts.CustomerNote": Table(category="party", columns=Columns(prose=("text",)), holder="agreement:agreement"),
    "cases.Case": Table(
        category="case",
        columns=Columns(
            name=("caller_name", "site_contact"),
            email=("caller_email",),
            phone=("caller_phone", "site_phone"),
            detail=("caller_company", "site_address", "warranty_dealer"),
            prose=("told", "symptom_note", "evidence", "dispatch_reason", "override_reason", "report"),
            several=True,
        ),
        actors=("opened_by", "dispatched_by"),
        holder="case:pk",
    ),
    "cases.CaseEvent": _case(prose=("text",), actors=("actor",)),
    "cases.CaseFile": _case(name=("latest_declared_by",), prose=("finding",)),
    "cases.Ruling": _case(prose=("finding", "evidence"), actors=("actor",)),
    "cases.ExclusionTag": _case(prose=("finding", "evidence", "withdrawal_reason"), actors=("actor", "withdrawn_by")),
    "cases.WorkStep": _case(prose=("result", "skipped_reason"), actors=("actor",)),
    "cases.Interruption": _case(prose=("reason",), actors=("actor",)),
    "cases.ExchangeRecord": _case(name=("received_by", "erasure_by"), prose=("kept_reason",), actors=("recorded_by",)),
    "cases.CooperationRequest": _case(prose=("content", "answer"), actors=("asked_by",)),
    "cases.Statement": _case(name=("person",), prose=("text",), actors=("recorded_by",)),
    "cases.Suspension": Table(
        category="case",
        columns=Columns(prose=("finding", "measure")),
        actors=("started_by", "ended_by"),
        holder="agreement:agreement",
    ),
    "cases.Cause": Table(
        category="case",
        columns=Columns(prose=("note",)),
        actors=("actor",),
        tenant="case__tenant_id",
        holder="case:case",
    ),
    "cases.ForceMajeure": Table(category="case", columns=Columns(), actors=("recorded_by",), tenant=""),
    "notifications.Message": Table(
        category="message",
        columns=Columns(email=("to",), prose=("subject", "text", "html")),
        actors=("handled_by",),
        at="created_at",
    ),
    "notifications.Letter": Table(
        category="message", columns=Columns(prose=("data", "filename"), detail=("pdf",)), at="created_at"
    ),
    "files.StoredFile": Table(
        category="file",
        columns=Columns(prose=("original_name", "name", "note")),
        actors=("arrived_by", "decided_by"),
        at="arrived_at",
    ),
    "files.FileContent": Table(category="file", columns=Columns(), tenant="", extra={"content": "預かった内容"}),
    "decisions.Decision": Table(category="actor", columns=Columns(prose=("question",)), actors=("actor",), closed=True),
    "privacy.LedgerEntry": Table(
        category="consent",
        columns=Columns(name=("person",), prose=("mandate", "recipient", "text", "purpose")),
        actors=("recorded_by",),
        closed=True,
    ),
    "privacy.PersonRequest": Table(
        category="request",
        columns=Columns(
            name=("requester", "name"),
            email=("email",),
            phone=("phone",),
            prose=("relation", "asked", "answer", "identified_by"),
            several=True,
        ),
        actors=("received_by", "answered_by"),
        at="received_at",
    ),
    "privacy.Disclosure": Table(
        category="actor",
        columns=Columns(prose=("recipient", "ground", "reason", "items")),
        actors=("actor",),
        closed=True,
    ),
    "privacy.DisclosureStep": Table(category="actor", columns=Columns(prose=("text",)), actors=("actor",), closed=True),
    "privacy.Leak": Table(
        category="leak",
        columns=Columns(prose=("how", "what", "measures", "why_reportable", "items")),
        actors=("recorded_by",),
        tenant="",
    ),
    "privacy.LeakStep": Table(
        category="leak", columns=Columns(prose=("whom", "text")), actors=("actor",), tenant="", closed=True
    ),
    "privacy.LeakCustomer": Table(
        category="leak", columns=Columns(name=("told_whom",), prose=("told_text",)), holder="leak:leak"
    ),
    "privacy.LeakPerson": Table(
        category="leak", columns=Columns(name=("name",), email=("email",), phone=("phone",)), holder="leak:leak"
    ),
    "privacy.DataAccess": Table(
        category="actor", columns=Columns(prose=("purpose", "place")), actors=("actor",), closed=True
    ),
    "privacy.RetentionRule": Table(category="actor", columns=Columns(), actors=("set_by",), tenant="", closed=True),
    "privacy.RetentionRun": Table(category="actor", columns=Columns(), actors=("started_by",), tenant=""),
    "publishing.DetailChange": Table(
        category="actor", columns=Columns(), actors=("recorded_by",), tenant="", closed=True
    ),
    "publishing.EditionSupply": Table(
        category="actor", columns=Columns(), actors=("recorded_by",), tenant="", closed=True
    ),
    "publishing.Work": Table(category="actor", columns=Columns(), actors=("published_by",), tenant=""),
    "publishing.WorkReceipt": Table(category="actor", columns=Columns(), actors=("person",), closed=True),
}
"""Tables with personal columns, by the label of their model."""

NOT_PERSONAL: dict[str, set[str]] = {
    "accounts.ApiToken": {"digest"},
    "accounts.DataContract": {"reference", "scope"},
    "accounts.HistoryEntry": {"table", "action"},
    "accounts.NameEnding": {"ending"},  # of a company, and gone with its name
    "accounts.Operator": {"registration_number", "services", "demo", "label_lines", "reminder_days"},
    "accounts.SellerPage": {"service", "code", "product_name"},
    "accounts.SetupLink": {"digest"},
    "accounts.User": {"password"},  # a hash: it names nobody, and goes with the login
    "cases.Case": {
        "number", "service", "edition", "reported_as", "reported_serial", "symptoms", "software_version", "due_for",
        "warranty_numbers",
    },
    "cases.ExchangeRecord": {"unit", "removed_serial", "substitute_serial"},
    "cases.ExclusionTag": {"code", "failed_part"},
    "cases.ForceMajeure": {"cause"},
    "cases.Suspension": {"parts"},
    "contracts.Agreement": {"number", "service", "edition", "plan", "device_number", "part_ends", "capped_by"},
    "contracts.Application": {"number", "receipt", "service", "edition", "table_key", "table_print"},
    "contracts.ApplicationEvent": {"role"},
    "contracts.Article": {"sku", "name", "service", "family", "plan", "supported_os"},
    "contracts.Breach": {"clause", "code", "text"},
    "contracts.ChangeRequest": {"became", "clause", "number", "receipt"},
    "contracts.Closing": {"done", "held", "service"},
    "contracts.Collection": {"missing", "received_serial", "serial"},
    "contracts.Consent": {"service", "edition", "item", "text", "clauses"},
    "contracts.Consignment": {"what", "carrier", "tracking_number", "missing"},
    "contracts.ContactCheck": {"content", "digest"},
    "contracts.DataExport": {"counts", "sha256"},
    "contracts.Demand": {"clause"},
    "contracts.Destruction": {"counts", "kept"},
    "contracts.Device": {"serial", "access_controls"},
    "contracts.DeviceSerial": {"serial", "as_written"},
    "contracts.Discontinuation": {"clause", "ground", "left_out", "part"},
    "contracts.DueDebt": {"what"},
    "contracts.EditionConsent": {"edition", "about"},
    "contracts.Ending": {"clause", "ground", "locked", "part"},
    "contracts.ErasureHold": {"code"},
    "contracts.ExtensionKit": {"clause", "number", "serial", "stated_number"},
    "contracts.Inquiry": {"changed"},
    "contracts.LentUnit": {"serial", "erased_how"},
    "contracts.Licence": {"service", "family", "plan", "card_serial", "seller"},
    "contracts.Option": {"code", "name"},
    "contracts.Party": {"source_card"},
    "contracts.Product": {
        "service", "name", "code", "model_code", "exchange_units", "equivalents", "software_versions",
    },
    "contracts.PublicCode": {"token"},
    "contracts.Refusal": {"clause"},
    "contracts.Revision": {"start_weekday", "options"},
    "contracts.Shipment": {"serial"},
    "contracts.SupportId": {"code"},
    "contracts.Suspicion": {"number"},
    "contracts.UnitExchange": {"new_serial", "old_serial"},
    "decisions.Decision": {"act", "about", "topic", "service", "edition", "answer", "reasons"},
    "files.StoredFile": {"media_type", "sha256"},
    "imports.Chunk": {"counts", "made"},
    "imports.Import": {
        "about", "beyond_cp932", "counts", "faults", "headings", "kind", "places", "told", "trouble",
    },
    "notifications.Letter": {"about", "name", "missing", "sha256", "release"},
    "notifications.Message": {
        "kind", "purpose", "purpose_code", "service", "edition", "reason", "about", "key", "provider_id", "error",
    },
    "privacy.DataAccess": {"about"},
    "privacy.Disclosure": {"clause", "content_sha256"},
    "privacy.ErasedRow": {"table"},
    "privacy.LeakPerson": {"source"},
    "privacy.LedgerEntry": {"item", "service", "edition", "sha256", "clauses", "items"},
    "privacy.PersonRequest": {"erased"},
    "privacy.RetentionRule": {"category", "reason"},
    "privacy.RetentionRun": {"found", "done", "kept"},
    "publishing.Draft": {"title", "text", "service", "edition"},
    "publishing.DetailChange": {"service", "what"},
    "publishing.EditionOpening": {"service", "edition"},
    "publishing.EditionSupply": {"service", "edition"},
    "publishing.PublishedEdition": {"service", "edition", "text", "sha256"},
    "publishing.ServiceDesk": {"service", "phone", "email"},
    "publishing.Work": {
        "service", "product_code", "individual_service", "title", "version", "right_holder", "notice", "text",
        "file_name",
    },
}  # fmt: skip
"""Columns that hold text and name nobody: numbers, codes, texts of ours."""


@dataclass(frozen=True)
class Line:
    """A line of the list as people read it."""

    category: Category
    columns: list[str]
    kept: str


def lines(*, months: dict[str, int] | None = None, own: bool = True) -> list[Line]:
    """The register, one line a category; `months` as the operator set them; without `own` what customers gave us."""
    found: dict[str, list[str]] = {code: [] for code in CATEGORIES}
    for label, table in TABLES.items():
        model = apps.get_model(label)
        for name in table.columns.every:
            text = str(model._meta.get_field(name).verbose_name).removesuffix("(HTML)")
            if _is_japanese(text) and text not in found[table.category]:
                found[table.category].append(text)
        found[table.category] += [text for text in table.extra.values() if text not in found[table.category]]
        if table.actors and "操作した人" not in found["actor"]:
            found["actor"].append("操作した人")
    return [
        Line(category, found[code], kept_for(code, months or {}))
        for code, category in CATEGORIES.items()
        if found[code] and (own or category.group != "own")
    ]


def kept_for(code: str, months: dict[str, int]) -> str:
    """How long a category is kept, in words."""
    category = CATEGORIES[code]
    count = months.get(code, category.months)
    if count is None:
        return f"{category.ends}まで" if category.ends else "変えるまで"
    if count == 0:
        return f"{category.ends}まで"
    length = f"{count // 12}年" if count % 12 == 0 else f"{count}か月"
    law = f"（{category.law}）" if category.law else ""
    return f"{category.ends}から{length}{law}"


def personal_columns() -> Iterator[tuple[str, str]]:
    """(model, column) of everything personal."""
    for label, table in TABLES.items():
        for name in (*table.columns.every, *table.actors, *table.extra):
            yield label, name


def _is_japanese(text: str) -> bool:
    return any(ord(character) > 0x2FFF for character in text)
