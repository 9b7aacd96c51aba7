"""預かり資料: a held file is opened only where the terms take in what is handed over so.

IX-MYN-04, SP-MYN-03, SP-MYN-04.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from hoshu.accounts.tenancy import Actor
from hoshu.decisions import record
from hoshu.files import queries, store
from hoshu.privacy import access


@transaction.atomic
def release(*, file_id: int, note: str, actor: Actor, now: datetime) -> Any:
    """The sender says it holds no 個人番号: asked of its terms, recorded, then opened.

    Raises store.Refused with the clause where the terms treat it otherwise: a number was found, or announced before.
    """
    file = queries.get(file_id=file_id)
    about = access.reference_of(file_id)
    edition = access.terms_of(file_id)
    if file.state == "held" and edition is not None and edition.handover is not None:
        facts: dict[str, Any] = {
            "kind": "dump" if file.purpose == "dump" else "upload",
            "declared": "yes" if file.declared_personal_number else "no",
            "received": file.arrived_at.isoformat(),
        }
        if file.held_for == "reported":
            facts["found"] = (file.decided_at or now).isoformat()
        answer = record.ask({"ask": "handover", "service": edition.service, "edition": edition.edition, "facts": facts})
        if answer.values["treatment"] != "accept":
            reason = answer.reasons[0]
            raise store.Refused(f"{reason['text']}返却か破棄を選んでください（{reason['clause']}）。")
        record.record(answer=answer, act="隔離の解除", about=about, tenant_id=file.tenant_id, now=now)
    return store.release(file_id=file_id, note=note, actor=actor, now=now)
