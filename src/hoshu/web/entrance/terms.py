"""The terms of a service, one edition as a document: readable by everybody, before and after a registration."""

import re
from dataclasses import dataclass, field

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hoshu import catalog
from hoshu.accounts.access import may
from hoshu.catalog import Clause, Edition, ServiceWindow
from hoshu.publishing import told
from hoshu.terms import TOPIC_LABELS
from hoshu.web.common import news
from hoshu.web.common.formats import anchor
from hoshu.web.common.views import public

WEEKDAYS = {"mon": "月", "tue": "火", "wed": "水", "thu": "木", "fri": "金", "sat": "土", "sun": "日"}


PARTS = {
    **TOPIC_LABELS,
    "plan": "プラン",
    "window_hours": "対応時間",
    "exclusion": "対象外の作業",
    "cost_item": "お客様が負担する費用",
    "application": "登録の手続き",
    "card_field": "登録の記入欄",
    "change_field": "変更の記入欄",
    "fault_information": "障害の連絡で伺うこと",
    "alert_level": "アラートの重要度",
    "listing": "一覧",
    "duty": "お客様にお願いすること",
    "notice": "お知らせ",
    "promise": "サービスの説明",
    "individual_service": "個別サービス",
    "word": "用語",
    "question": "よくある質問",
    "works": "提供する資料",
    "after_end": "サービスの終わりの後",
    "declaration": "確認いただくこと",
}
"""What is made from a clause, by the part of the edition that cites it."""


@dataclass
class Passage:
    """A clause as the page shows it: what is made from it, or why nothing is."""

    clause: Clause
    anchor: str
    makes: list[str] = field(default_factory=list)
    """Names of PARTS."""


@dataclass
class Chapter:
    """The clauses under one heading of the document."""

    title: str
    passages: list[Passage]


@require_GET
@public
def index(request: HttpRequest) -> HttpResponse:
    """Every service and its editions, the one in force first."""
    today = request.now.date()
    new, services = news.of(request.actor), []
    for service in catalog.services():
        known = catalog.editions(service)
        services.append(
            {
                "id": service,
                "name": known[-1].name,
                "current": catalog.edition_on(service, today),
                "editions": [(each, (service, each.edition) in new) for each in reversed(known)],
            }
        )
    names = {service["id"]: service["name"] for service in services}
    kept = told.unreadable() if may(request.actor, "terms.design") else []
    unreadable = [f"{names.get(one.service, '新しいサービス')} {one.edition}版" for one in kept]
    return render(request, "entrance/terms_index.html", {"services": services, "unreadable": unreadable})


@require_GET
@public
def edition(request: HttpRequest, service: str, edition: str) -> HttpResponse:
    """One edition: plans, windows, what is not covered, every clause with what is computed from it."""
    terms = _edition(service, edition)
    if request.actor.user_id is not None and not request.actor.is_staff:
        told.opened(edition=terms, user_id=request.actor.user_id, now=request.now)
    context = {
        "sha256": told.sha256(terms),
        "published_at": told.published_at(terms),
        "edition": terms,
        "chapters": chapters(terms),
        "windows": [window_shown(terms, window) for window in terms.window_hours],
        "exclusions": [(exclusion, anchor(exclusion.clause)) for exclusion in terms.exclusion],
        "in_force_now": catalog.edition_on(service, request.now.date()) == terms,
    }
    return render(request, "entrance/terms.html", context)


@require_GET
@public
def clause(request: HttpRequest, service: str, edition: str) -> HttpResponse:
    """`?id=第4章 2.`: the text of one clause, to open beside an answer."""
    terms = _edition(service, edition)
    for chapter in chapters(terms):
        for passage in chapter.passages:
            if passage.clause.id == request.GET.get("id"):
                return render(request, "entrance/clause.html", {"edition": terms, "passage": passage})
    raise Http404


def chapters(terms: Edition) -> list[Chapter]:
    """The clauses in the document's order, under the first word of their ids (はじめに, 第1章, 別紙1)."""
    passages = {each.id: Passage(each, anchor(each.id)) for each in terms.clause}
    for place, cited in terms.cited():
        part = PARTS[str(place[0])]
        for clause_id in (cited.clause, *getattr(cited, "also", ())):
            if part not in passages[clause_id].makes:
                passages[clause_id].makes.append(part)
    found: dict[str, Chapter] = {}
    for passage in passages.values():
        title = _heading(passage.clause.id)
        found.setdefault(title, Chapter(title, [])).passages.append(passage)
    return list(found.values())


def _heading(clause_id: str) -> str:
    """The heading a clause stands under: its first word, or the chapter of a bare number such as 4.3.1."""
    first = re.split(r"[ (（]", clause_id)[0]
    chapter = first.partition(".")[0]
    return f"第{chapter}章" if chapter.isdecimal() else first


def _edition(service: str, edition_id: str) -> Edition:
    try:
        return catalog.edition(service, edition_id)
    except KeyError:
        raise Http404 from None


def window_shown(terms: Edition, window: ServiceWindow) -> dict[str, str]:
    """A window in words: 「月〜金 08:30〜17:30」, with the plans it belongs to where not to all."""
    plans = [plan for plan in terms.plan if window.id in plan.windows.values()]
    kinds = "、".join(dict.fromkeys(f"{plan.days_name}・{plan.hours_name}" for plan in plans if plan.days_name))
    if window.run_of_days is not None:
        days = f"開始基準曜日から連続{window.run_of_days}日"
    elif window.chosen_days is not None:
        days = f"お客様が選ぶ{window.chosen_days}日"
    elif len(window.weekdays) == 7:
        days = "毎日"
    else:
        days = "・".join(WEEKDAYS[day] for day in window.weekdays)
    if window.closed_on_holidays:
        days += "（祝日と休業日を除く）"
    hours = "、".join(f"{opens}〜{closes}" for opens, closes in window.hours)
    return {
        "label": window.label if len(plans) == len(terms.plan) or not kinds else f"{window.label}（{kinds}）",
        "days": days,
        "hours": hours,
        "clause": window.clause,
        "anchor": anchor(window.clause),
    }
