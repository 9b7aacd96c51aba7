"""What every page shows around its content: operator, menu, search, who is logged in, theme, the present moment."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse

from hoshu.accounts import operators
from hoshu.accounts.access import may
from hoshu.accounts.roles import Role
from hoshu.accounts.tenancy import NOBODY, Actor
from hoshu.web.common import news


@dataclass(frozen=True, kw_only=True)
class MenuItem:
    """A place in the side menu; `key` opens it after `g`."""

    label: str
    icon: str
    key: str
    view: str
    within: tuple[str, ...] = ()
    """Views of other addresses that belong to this place: there it is the current one too."""
    url: str = ""
    current: bool = False


CONSOLE = [
    MenuItem(label="今日", icon="today", key="t", view="console:today"),
    MenuItem(label="受付", icon="phone", key="u", view="console:intake"),
    MenuItem(label="登録", icon="card", key="r", view="console:applications"),
    MenuItem(label="事案", icon="case", key="j", view="console:cases"),
    MenuItem(label="契約", icon="contract", key="k", view="console:agreements"),
    MenuItem(label="変更の申請", icon="edit", key="c", view="console:changes"),
    MenuItem(label="満了と延長", icon="calendar", key="x", view="console:expiring"),
    MenuItem(label="お客様", icon="building", key="o", view="console:customers"),
    MenuItem(
        label="ライセンス",
        icon="key",
        key="l",
        view="console:licences",
        within=("console:articles", "console:products", "console:numbers"),
    ),
    MenuItem(label="取り込み", icon="upload", key="i", view="console:imports"),
    MenuItem(label="貸出機", icon="router", key="b", view="console:units"),
    MenuItem(label="発送", icon="truck", key="a", view="console:consignments"),
    MenuItem(label="通知", icon="mail", key="n", view="console:messages"),
    MenuItem(label="預かり資料", icon="file", key="f", view="console:files"),
    MenuItem(label="公開資料", icon="book", key="w", view="console:works"),
    MenuItem(label="個人情報", icon="lock", key="v", view="console:privacy"),
    MenuItem(label="約款", icon="book", key="y", view="entrance:terms"),
    MenuItem(label="約款の設計", icon="edit", key="e", view="console:terms"),
    MenuItem(label="判定の記録", icon="check", key="d", view="console:decisions"),
    MenuItem(label="変更の記録", icon="clock", key="h", view="console:history"),
    MenuItem(label="利用者", icon="people", key="p", view="console:people"),
    MenuItem(label="設定", icon="gear", key="s", view="console:settings"),
]
PORTAL = [
    MenuItem(label="状態", icon="home", key="t", view="portal:home"),
    MenuItem(label="申請", icon="card", key="r", view="portal:applications"),
    MenuItem(label="お客様", icon="building", key="o", view="portal:customers"),
    MenuItem(label="障害の連絡", icon="phone", key="u", view="portal:report"),
    MenuItem(label="機器と契約", icon="router", key="k", view="portal:agreements"),
    MenuItem(label="変更の申請", icon="edit", key="c", view="portal:changes"),
    MenuItem(label="満了と延長", icon="calendar", key="x", view="portal:expiring"),
    MenuItem(label="お知らせ", icon="file", key="n", view="portal:works"),
    MenuItem(label="情報と同意", icon="lock", key="i", view="portal:privacy"),
    MenuItem(label="約款", icon="book", key="y", view="entrance:terms"),
]
PORTAL_ROLES = {Role.CUSTOMER_ADMIN, Role.CUSTOMER_USER, Role.RESELLER}


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor. A request that was refused before it had an actor gets a page without a menu."""
    actor = getattr(request, "actor", NOBODY)
    theme = request.COOKIES.get("theme", "")
    operator, provided = operators.shown()
    return {
        "now": getattr(request, "now", None),
        "operator": operator,
        "provided": provided,
        "theme": theme if theme in ("light", "dark") else "",
        "who": _who(actor),
        "navigation": _menu(actor, request.path),
        "search": _search(actor, request),
        "in_portal": bool(actor.roles & PORTAL_ROLES),
        "news": bool(news.of(actor)),
        "mailbox": reverse("mailbox:index") if settings.DEMO else "",
    }


def _who(actor: Actor) -> dict[str, str] | None:
    if actor.user_id is None:
        return None
    return {"name": actor.name, "role": "、".join(role.label for role in Role if role in actor.roles)}


def _menu(actor: Actor, path: str) -> tuple[MenuItem, ...]:
    """The places this actor may open, with the one they are in: the longest address that `path` begins with."""
    shown = [
        (item, url)
        for item in (PORTAL if actor.roles & PORTAL_ROLES else CONSOLE)
        if (url := _address(item.view, actor))
    ]
    places = {begins: url for item, url in shown for begins in (url, *(_place(view)[0] for view in item.within))}
    here = places.get(max((begins for begins in places if path.startswith(begins)), key=len, default=""))
    return tuple(replace(item, url=url, current=url == here) for item, url in shown)


def _search(actor: Actor, request: HttpRequest) -> dict[str, str] | None:
    url = _address("console:search", actor) or _address("console:intake", actor)
    if not url:
        return None
    return {"url": url, "text": request.GET.get("q", ""), "label": "製造番号、番号、会社、電話で探す"}


def _address(view: str, actor: Actor) -> str:
    """The view's address, empty where the actor may not open it; the view itself says who may (`views.allow`)."""
    url, permission = _place(view)
    allowed = actor.user_id is not None and (permission is None or may(actor, permission))
    return url if allowed else ""


@cache
def _place(view: str) -> tuple[str, str | None]:
    """A view's address and the permission it asks for, looked up once: every page asks for a dozen of them."""
    try:
        url = reverse(view)
    except NoReverseMatch:
        return "", None
    return url, resolve(url).func.permission
