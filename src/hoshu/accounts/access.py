"""The access matrix, written once: which role may do what. Which rows they then see is decided by `tenancy`."""

from hoshu.accounts.roles import Role
from hoshu.accounts.tenancy import Actor

_CUSTOMERS = {Role.CUSTOMER_ADMIN, Role.CUSTOMER_USER}
_OFFICE = {Role.DESK, Role.CLERK, Role.DISPATCHER, Role.ADMINISTRATOR}
_READERS = _OFFICE | {Role.ENGINEER, Role.ANALYST, Role.BILLING_CLERK, Role.SERVICE_DESIGNER, Role.AUDITOR}

PERMISSIONS: dict[str, set[Role]] = {
    # everybody who has a role
    "today.read": set(Role),
    "decisions.ask": set(Role),
    # registration
    "applications.read": _READERS - {Role.ANALYST, Role.ENGINEER},
    "applications.enter": {Role.CLERK, Role.ADMINISTRATOR},
    "applications.decide": {Role.CLERK, Role.ADMINISTRATOR},
    "licences.read": _OFFICE | {Role.AUDITOR, Role.BILLING_CLERK},
    "licences.write": {Role.CLERK, Role.ADMINISTRATOR},
    # whole tables of them
    "imports.read": {Role.CLERK, Role.AUDITOR, Role.ADMINISTRATOR},
    "imports.write": {Role.CLERK, Role.ADMINISTRATOR},
    # the customer's own side of it
    "portal.read": _CUSTOMERS | {Role.RESELLER},
    "portal.apply": _CUSTOMERS | {Role.RESELLER},
    "portal.sell": {Role.RESELLER},
    "portal.report": _CUSTOMERS,
    "portal.note": _CUSTOMERS,
    "portal.install": _CUSTOMERS,
    "portal.stop": {Role.CUSTOMER_ADMIN},
    # changes of what is registered, and further years
    "changes.read": _READERS,
    "changes.request": {Role.CUSTOMER_ADMIN},
    "changes.enter": {Role.DESK, Role.CLERK, Role.ADMINISTRATOR},
    "changes.decide": {Role.DESK, Role.CLERK, Role.ADMINISTRATOR},
    "extensions.order": {Role.CUSTOMER_ADMIN},
    "extensions.sell": {Role.CLERK, Role.ADMINISTRATOR},
    # contracts and customers
    "agreements.read": _READERS | {Role.SUBCONTRACTOR},
    "papers.issue": {Role.DESK, Role.CLERK, Role.ADMINISTRATOR},
    "endings.read": _READERS - {Role.ENGINEER, Role.ANALYST},
    "endings.write": {Role.CLERK, Role.ADMINISTRATOR},
    "endings.approve": {Role.CLERK, Role.ADMINISTRATOR},
    "units.read": _READERS,
    "units.write": {Role.DESK, Role.CLERK, Role.DISPATCHER, Role.ADMINISTRATOR},
    "customers.read": _READERS,
    "customers.write": {Role.DESK, Role.CLERK, Role.ADMINISTRATOR},
    # cases
    "intake.use": {Role.DESK, Role.DISPATCHER, Role.ADMINISTRATOR},
    "cases.read": _READERS | {Role.SUBCONTRACTOR},
    "cases.write": {Role.DESK, Role.DISPATCHER, Role.ADMINISTRATOR},
    "cases.work": {Role.DESK, Role.DISPATCHER, Role.ENGINEER, Role.SUBCONTRACTOR, Role.ADMINISTRATOR},
    "cases.internal": _OFFICE | {Role.ENGINEER, Role.AUDITOR},
    "cases.decide": {Role.DESK, Role.DISPATCHER, Role.ADMINISTRATOR},
    # what was sent, kept, decided, changed
    "messages.read": _OFFICE | {Role.AUDITOR},
    "messages.send": {Role.DESK, Role.CLERK, Role.ADMINISTRATOR},
    "files.read": _READERS | _CUSTOMERS | {Role.RESELLER, Role.SUBCONTRACTOR},
    "files.release": {Role.CLERK, Role.DESK, Role.ADMINISTRATOR},
    "decisions.read": _OFFICE | {Role.AUDITOR, Role.SERVICE_DESIGNER},
    "history.read": {Role.AUDITOR, Role.ADMINISTRATOR},
    # personal information
    "privacy.read": _OFFICE | {Role.AUDITOR},
    "privacy.write": {Role.DESK, Role.CLERK, Role.ADMINISTRATOR},
    "privacy.erase": {Role.ADMINISTRATOR},
    "privacy.own": {Role.CUSTOMER_ADMIN},
    # what is told and given to customers besides
    "services.tell": {Role.DESK, Role.CLERK, Role.SERVICE_DESIGNER, Role.ADMINISTRATOR},
    "works.read": _READERS,
    "works.publish": {Role.DESK, Role.CLERK, Role.ADMINISTRATOR},
    "works.own": _CUSTOMERS,
    # the terms themselves
    "terms.design": {Role.SERVICE_DESIGNER, Role.ADMINISTRATOR},
    # the installation
    "people.write": {Role.ADMINISTRATOR},
    "operator.write": {Role.ADMINISTRATOR},
    "tokens.write": {Role.ADMINISTRATOR},
    "grants.write": {Role.ADMINISTRATOR},
}


def may(actor: Actor, permission: str) -> bool:
    """May `actor` use what `permission` names? Unknown names are a mistake of ours and raise KeyError."""
    return bool(PERMISSIONS[permission] & actor.roles)
