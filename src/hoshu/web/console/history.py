"""変更の記録: who changed what, in the words people use."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django import forms
from django.apps import apps
from django.core.paginator import Paginator
from django.db.models import Field, ForeignKey, Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from hoshu import catalog
from hoshu.accounts import history
from hoshu.cases.words import Symptom
from hoshu.contracts import endings
from hoshu.contracts.form import MACHINES, every_field, written
from hoshu.flows.import_kinds import kinds
from hoshu.notifications import letters
from hoshu.notifications import queries as notifications
from hoshu.notifications.letters.labels import FACTS
from hoshu.notifications.messages import Purpose
from hoshu.terms import TOPIC_LABELS, code_labels
from hoshu.web.common import formats
from hoshu.web.common.views import allow
from hoshu.web.console import words

ROWS = 50
ACTIONS = {"insert": ("追加", "ok", "＋"), "update": ("変更", "info", "●"), "delete": ("削除", "no", "−")}
TABLES = {
    "accounts_apitoken": "API キー",
    "accounts_assignment": "役割の割り当て",
    "accounts_datacontract": "情報保護の契約",
    "accounts_grant": "公開の範囲",
    "accounts_operator": "設定",
    "accounts_organisation": "会社",
    "accounts_sellerpage": "販売店の申込ページ",
    "accounts_user": "利用者",
    "cases_case": "事案",
    "cases_caseevent": "事案の経過",
    "cases_casefile": "事案の資料",
    "cases_cause": "原因の記録",
    "cases_cooperationrequest": "協力のお願い",
    "cases_exchangerecord": "交換の記録",
    "cases_exclusiontag": "対象外の印",
    "cases_forcemajeure": "不可抗力の出来事",
    "cases_interruption": "作業の中断",
    "cases_ruling": "担当者の判断",
    "cases_statement": "お客様の申告",
    "cases_suspension": "サービスの中断",
    "cases_workstep": "作業の手順",
    "contracts_agreement": "契約",
    "contracts_application": "登録の申請",
    "contracts_breach": "違反の記録",
    "contracts_wornout": "老朽化の判断",
    "contracts_closing": "終わりの処理",
    "contracts_collection": "貸出機の回収",
    "contracts_dataexport": "データの返却",
    "contracts_demand": "催告",
    "contracts_destruction": "破棄の記録",
    "contracts_discontinuation": "提供終了の決定",
    "contracts_duedebt": "期日が早まった債務",
    "contracts_ending": "契約の終了",
    "contracts_erasurehold": "情報を残す理由",
    "contracts_investigation": "調査",
    "contracts_article": "商品",
    "contracts_consignment": "発送",
    "contracts_applicationevent": "申請の経過",
    "contracts_applicationfile": "申請の資料",
    "contracts_changeevent": "変更の申請の経過",
    "contracts_changerequest": "変更の申請",
    "contracts_consent": "同意の記録",
    "contracts_contactcheck": "お客様の確認",
    "contracts_customernote": "お客様のメモ",
    "contracts_datacheck": "登録内容の確認",
    "contracts_device": "対象機器",
    "contracts_deviceserial": "製造番号の履歴",
    "contracts_extensionkit": "延長キット",
    "contracts_inquiry": "照会",
    "contracts_lentunit": "貸出機",
    "contracts_licence": "ライセンスとパック",
    "contracts_licencereturn": "返品",
    "contracts_option": "オプション機器",
    "contracts_option_products": "オプションの対応機種",
    "contracts_parkedentries": "書きかけの記入",
    "contracts_party": "連絡先と設置場所",
    "contracts_product": "機種",
    "contracts_refusal": "承諾の拒絶",
    "contracts_revision": "契約の版",
    "contracts_shipment": "出荷の記録",
    "contracts_supportid": "サポートID",
    "contracts_unitexchange": "装置の交換",
    "contracts_suspicion": "番号の疑い",
    "files_storedfile": "ファイル",
    "imports_import": "取り込み",
    "notifications_letter": "手紙",
    "notifications_message": "メール",
    "privacy_leak": "漏えい等",
    "privacy_leakcustomer": "漏えい等の対象のお客様",
    "privacy_leakperson": "漏えい等の対象の方",
    "privacy_personrequest": "個人情報のお申し出",
    "privacy_retentionrun": "保存期間の点検",
    "publishing_detailchange": "細かな変更",
    "publishing_draft": "約款の下書き",
    "publishing_editionsupply": "約款のお渡し",
    "publishing_publishededition": "公表した約款",
    "publishing_servicedesk": "相談窓口",
    "publishing_work": "お知らせと資料",
    "publishing_workreceipt": "資料の閲覧",
}
"""What a row of each tracked table is called."""
NAMES = {
    "agreement": "契約",
    "application": "登録の申請",
    "article": "商品",
    "based_on": "もとの版",
    "belongs_to": "主たる契約",
    "approved_by": "承認した人",
    "assignee": "担当",
    "breach": "違反の記録",
    "certificate": "破棄の証明書",
    "demand": "催告",
    "ending": "契約の終了",
    "investigation": "調査",
    "case": "事案",
    "collection": "貸出機の回収",
    "coverage": "提供期間の判定",
    "created_by": "作成した人",
    "decision": "判定",
    "device": "対象機器",
    "discontinuation": "提供終了の決定",
    "earlier": "前の事案",
    "entitlement": "対応の可否の判定",
    "file": "ファイル",
    "force_majeure": "不可抗力の出来事",
    "follows": "主たる契約の決定",
    "grantee": "公開の相手",
    "leak": "漏えい等",
    "letter": "手紙",
    "licence": "ライセンス",
    "message": "メール",
    "notice": "お知らせ",
    "number": "番号",
    "option": "オプション機器",
    "organisation": "所属",
    "parcel": "発送",
    "parent": "上位の再委託先",
    "product": "機種",
    "proposed_by": "起案した人",
    "reperformance": "やり直しの判定",
    "reported_serial": "連絡された製造番号",
    "resend_of": "元のメール",
    "restoration": "復旧の判定",
    "request": "変更の申請",
    "reseller": "販売元",
    "revision": "契約の版",
    "support": "サポートID",
    "tenant": "お客様",
    "unit": "貸出機",
    "user": "利用者",
}
"""What a column is called whose model gives it no Japanese name."""
TECHNICAL = {
    "accounts_organisation": {"phone_digits"},
    "accounts_user": {"phone_digits"},
    "contracts_application": {"version", "table_print"},
    "contracts_contactcheck": {"content"},
    "contracts_dataexport": {"sha256"},
    "contracts_changerequest": {"version", "lines"},
    "contracts_party": {"phone_digits"},
    "files_storedfile": {"media_type", "sha256"},
    "notifications_letter": {"release", "sha256"},
    "notifications_message": {"key", "provider_id"},
    "publishing_draft": {"version"},
    "publishing_publishededition": {"sha256"},
}
"""Columns that say nothing to people: they stay in the records and out of the page."""
_GROUNDS = {ground.code: ground.label for edition in catalog.every_edition() for ground in endings.grounds(edition)}
CODES: dict[str, Mapping[str, str]] = {
    "accounts_operator.label_lines": FACTS,
    "contracts_changerequest.said": {
        **{str(code): name for code, name in code_labels("change", "kind").items()},
        "yes": "はい",
        "no": "いいえ",
    },
    "cases_case.symptoms": dict(Symptom.choices),
    "contracts_discontinuation.ground": _GROUNDS,
    "contracts_consent.item": {"card": "カードの記入", "contact": "メールのリンクからの確認"}
    | {
        one.id: one.text
        for edition in catalog.every_edition()
        if edition.application
        for one in edition.application.confirmation
    },
    "contracts_ending.ground": _GROUNDS,
    "imports_import.kind": {kind.id: kind.label for kind in kinds().values()},
    "notifications_letter.name": {name: kind.title for name, kind in letters.LETTERS.items()},
    "notifications_message.kind": notifications.KINDS,
    "notifications_message.purpose": {purpose.name: purpose.value for purpose in Purpose},
    "notifications_message.purpose_code": {
        one.code: one.name for edition in catalog.every_edition() if edition.use for one in edition.use.purpose
    },
}
"""What the values of a column are called whose model knows no choices; services and codes of the terms are for all."""


@dataclass(frozen=True)
class Change:
    """One field of one row, before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One entry of the history as the page shows it."""

    at: datetime
    actor: str
    action: tuple[str, str, str]
    table: str
    label: str
    row_id: int
    name: str
    whole: bool
    """Came or went: there is no before, or no after."""
    changes: list[Change]


class Search(forms.Form):
    table = forms.ChoiceField(label="対象", required=False)
    actor = forms.CharField(label="操作した人", required=False, max_length=80)
    row = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["table"].choices = [("", "すべて"), *sorted(TABLES.items(), key=lambda item: item[1])]


@require_GET
@allow("history.read")
def show(request: HttpRequest) -> HttpResponse:
    """The latest changes; `?table=…&row=…` those of one row."""
    form = Search(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = history.entries(
        table=chosen.get("table", ""), row_id=chosen.get("row"), actor=chosen.get("actor", "").strip()
    )
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    return render(request, "console/history.html", {"form": form, "page": page, "lines": _lines(list(page))})


def _lines(entries: list[Any]) -> list[Line]:
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    names = _names(entries, models)
    lines = []
    for entry in entries:
        model = models[entry.table]
        before, after = entry.before or {}, entry.after or {}
        changes = []
        for column in sorted({*before, *after} - {"id"} - TECHNICAL.get(entry.table, set())):
            was, became = _narrowed(before.get(column), after.get(column))
            changes.append(
                Change(label(model, column), _shown(model, column, was, names), _shown(model, column, became, names))
            )
        lines.append(
            Line(
                at=entry.at,
                actor=entry.actor,
                action=ACTIONS[entry.action],
                table=entry.table,
                label=TABLES.get(entry.table, entry.table),
                row_id=entry.row_id,
                name=names[model].get(entry.row_id, ""),
                whole=entry.action != "update",
                changes=[change for change in changes if change.before != change.after],
            )
        )
    return lines


def _narrowed(before: Any, after: Any) -> tuple[Any, Any]:
    """Of two states of one structure, for instance the entries of a card, only what differs."""
    if not (isinstance(before, Mapping) and isinstance(after, Mapping)):
        return before, after
    differing = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {name: before.get(name) for name in differing}, {name: after.get(name) for name in differing}


def label(model: type[Model], column: str) -> str:
    """What people call this column."""
    field = _field(model, column)
    if field is None:
        return column
    return NAMES.get(field.name, str(field.verbose_name)) if _unnamed(field) else str(field.verbose_name)


def _unnamed(field: Field) -> bool:
    """Did the model leave the name to Django, which makes one of the English name in the code?"""
    return str(field.verbose_name) == field.name.replace("_", " ")


def _field(model: type[Model], column: str) -> Field | None:
    return next((field for field in model._meta.local_concrete_fields if field.column == column), None)


def _names(entries: list[Any], models: dict[str, type[Model]]) -> dict[type[Model], dict[int, str]]:
    """The rows that the entries speak of and point at, by what they are called today: one query a table."""
    wanted: dict[type[Model], set[int]] = defaultdict(set)
    for entry in entries:
        model = models[entry.table]
        wanted[model].add(entry.row_id)
        for column, value in [*(entry.before or {}).items(), *(entry.after or {}).items()]:
            field = _field(model, column)
            if isinstance(field, ForeignKey) and value is not None:
                wanted[field.related_model].add(value)
    names: dict[type[Model], dict[int, str]] = defaultdict(dict)
    for model, ids in wanted.items():
        joined = [field.name for field in model._meta.local_concrete_fields if isinstance(field, ForeignKey)]
        found = model._base_manager.select_related(*joined).in_bulk(ids)
        names[model] = {key: _called(row) for key, row in found.items()}
    return names


def _called(row: Any) -> str:
    """A row names itself, but for what knows a topic or a service by its code, and for a mere link."""
    if row._meta.db_table in {"publishing_publishededition", "publishing_editionsupply"}:
        return f"{_service(row.service)} {row.edition}版"
    if row._meta.db_table == "publishing_servicedesk":
        return _service(row.service)
    if row._meta.db_table == "decisions_decision":
        return f"{row.about} {TOPIC_LABELS[row.topic]}"
    return "" if row._meta.auto_created else str(row)


def _shown(model: type[Model], column: str, value: Any, names: dict[type[Model], dict[int, str]]) -> str:
    field = _field(model, column)
    if value is None or value == "":
        return ""
    if isinstance(field, ForeignKey):
        return names[field.related_model].get(value, "（いまはありません）")
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _text(f"{model._meta.db_table}.{column}", value)


def _text(column: str, value: Any) -> str:
    """A value as people say it; a structure field by field, without the inner names that nobody gave a Japanese one."""
    if isinstance(value, Mapping):
        return "、".join(filter(None, (_entry(column, value, name) for name in value)))
    if isinstance(value, list):
        return "、".join(filter(None, (_text(column, item) for item in value)))
    name = column.partition(".")[2]
    if name in {"service", "services"}:
        return _service(value)
    if name == "plan":
        return _plans().get(value, value)
    if isinstance(value, str) and value in CODES.get(column, {}):
        return CODES[column][value]
    if column == "contracts_inquiry.changed" and value in every_field():
        return every_field()[value].label
    return formats.who(words.shown(name, value)) if value not in (None, "") else ""


def _service(service: str) -> str:
    return next((edition.name for edition in reversed(catalog.editions(service))), service)


@cache
def _plans() -> dict[str, str]:
    """What every plan that was ever sold is called, by its id."""
    return {plan.id: plan.name for edition in catalog.every_edition() for plan in edition.plan}


def _entry(column: str, entries: Mapping[str, Any], name: str) -> str:
    if name == MACHINES:
        each = ("、".join(filter(None, (_entry(column, one, part) for part in one))) for one in entries[name])
        return " ／ ".join(f"機器{nth}: {text}" for nth, text in enumerate(each, start=1))
    at = every_field().get(name)
    text = written(entries, at) if at else _text(column, entries[name])
    return f"{at.label}: {text}" if at and text else text


urlpatterns = [path("history/", show, name="history")]
