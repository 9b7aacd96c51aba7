"""The first page: where somebody begins, logged in or not."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from hoshu.accounts import operators, people, setup
from hoshu.accounts.access import may
from hoshu.accounts.roles import Role
from hoshu.web.common.views import public

WORK = {
    Role.DESK: "障害の連絡を受け、対象かどうかをその場でお答えする",
    Role.CLERK: "登録カードを入力し、承諾または拒絶を決める",
    Role.DISPATCHER: "訪問する保守員と時刻を決める",
    Role.ENGINEER: "現地で交換し、完了を記録する",
    Role.ANALYST: "事案と契約を見て、傾向を調べる",
    Role.BILLING_CLERK: "終わった作業の費用を確かめる",
    Role.SERVICE_DESIGNER: "約款を設計し、点検して公表する",
    Role.AUDITOR: "すべての記録と変更の履歴を確かめる",
    Role.ADMINISTRATOR: "利用者と設定を管理する",
    Role.CUSTOMER_ADMIN: "機器の状態を見て、登録を申請し、障害を連絡する",
    Role.CUSTOMER_USER: "機器の状態を見て、障害を連絡する",
    Role.RESELLER: "販売先のお客様の登録を申請する",
    Role.SUBCONTRACTOR: "任された事案の作業を記録する",
}
"""What each role does here, for the first page of the demo."""


@require_GET
@public
def first(request: HttpRequest) -> HttpResponse:
    """To one's own start page; without a login the demo's roles, the login form, or a word that set-up is missing."""
    actor = request.actor
    if actor.user_id is not None:
        if may(actor, "portal.read"):
            return redirect("portal:home")
        if may(actor, "today.read"):
            return redirect("console:today")
        return render(request, "entrance/no_role.html", status=403)
    if settings.DEMO:
        return render(request, "entrance/demo.html", _offer())
    if not setup.is_done():
        return render(request, "entrance/not_ready.html", status=503)
    return redirect("account_login")


@require_POST
@public
def demo_login(request: HttpRequest) -> HttpResponse:
    """Log in as one of the people whom the demo offers. There is no such address outside of a demo."""
    if not settings.DEMO:
        raise Http404
    offered = {entry["email"] for entry in _demo().get("logins", [])}
    email = request.POST.get("email", "")
    user = people.by_login(email) if email in offered else None
    if user is None:
        raise Http404
    login(request, user)
    return redirect("entrance:first")


def _offer() -> dict[str, list[dict[str, str]]]:
    demo = _demo()
    logins = [
        {**entry, "role": Role(entry["role"]).label, "work": WORK[entry["role"]]} for entry in demo.get("logins", [])
    ]
    return {"logins": logins, "serials": demo.get("serials", [])}


def _demo() -> dict[str, list[dict[str, str]]]:
    operator = operators.profile()
    return operator.demo if operator else {}
