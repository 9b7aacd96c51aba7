"""Roles of people, in the order in which the first page offers them."""

from django.db import models


class Role(models.TextChoices):
    """What a person does. Staff roles belong to the operator; the others belong to an organisation."""

    DESK = "desk", "受付担当"
    CLERK = "clerk", "登録担当"
    DISPATCHER = "dispatcher", "手配担当"
    ENGINEER = "engineer", "保守員"
    ANALYST = "analyst", "分析担当"
    BILLING_CLERK = "billing_clerk", "請求担当"
    SERVICE_DESIGNER = "service_designer", "サービス設計担当"
    AUDITOR = "auditor", "監査担当"
    ADMINISTRATOR = "administrator", "管理者"
    CUSTOMER_ADMIN = "customer_admin", "お客様（管理者）"
    CUSTOMER_USER = "customer_user", "お客様（利用者）"
    RESELLER = "reseller", "販売店"
    SUBCONTRACTOR = "subcontractor", "再委託先"


STAFF = frozenset(
    {
        Role.DESK,
        Role.CLERK,
        Role.DISPATCHER,
        Role.ENGINEER,
        Role.ANALYST,
        Role.BILLING_CLERK,
        Role.SERVICE_DESIGNER,
        Role.AUDITOR,
        Role.ADMINISTRATOR,
    }
)
"""Roles of the operator's own people: they see every customer, each role only through its own screens."""

FITTING: dict[str, frozenset[Role]] = {
    "": STAFF,
    "customer": frozenset({Role.CUSTOMER_ADMIN, Role.CUSTOMER_USER}),
    "reseller": frozenset({Role.RESELLER}),
    "subcontractor": frozenset({Role.SUBCONTRACTOR}),
}
"""Kind of organisation (empty: the operator itself) → the roles its people can have."""
