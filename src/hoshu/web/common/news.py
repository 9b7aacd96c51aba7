"""更新あり: editions that changed the terms of what a customer has, and that this person has not opened yet."""

from hoshu import catalog
from hoshu.accounts.tenancy import Actor
from hoshu.contracts import queries
from hoshu.publishing import told


def of(actor: Actor) -> set[tuple[str, str]]:
    """MM-DOC-05 (1.2): (service, edition) of each; nothing for staff and visitors.

    Every page of the portal asks. While no service has a second edition, and once all is read, it asks one row at most.
    """
    if actor.user_id is None or actor.is_staff:
        return set()
    unread = told.unread(user_id=actor.user_id, services=catalog.services())
    held = queries.services_held({service for service, _ in unread}) if unread else set()
    return {each for each in unread if each[0] in held}
