"""取扱いの記録: entrusted data are opened and copied for a case or an agreement only, and each time leaves a row.

VA-PRI-01, VA-PRI-02, MM-CND-14. The reference is found from where the file belongs; without one nobody gets it.
"""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from hoshu import catalog
from hoshu.accounts.tenancy import current
from hoshu.cases.models import CaseFile
from hoshu.contracts.models import Agreement, ApplicationFile
from hoshu.files.models import StoredFile
from hoshu.privacy import Refused
from hoshu.privacy.models import DataAccess
from hoshu.privacy.words import CopyKind

PURPOSE = "障害の調査と登録の確認"
ENTRUSTED = {
    StoredFile.Purpose.BACKUP,
    StoredFile.Purpose.LOG,
    StoredFile.Purpose.DUMP,
    StoredFile.Purpose.PHOTO,
}


def reference_of(file_id: int) -> str:
    """The case, agreement or application that a file belongs to; empty where it belongs to none."""
    case = CaseFile.objects.filter(file_id=file_id).values_list("case__number", flat=True).first()
    if case:
        return str(case)
    attached = ApplicationFile.objects.filter(file_id=file_id).select_related("application__agreement").first()
    if attached is None:
        return ""
    agreement = getattr(attached.application, "agreement", None)
    return str(agreement.number if agreement else attached.application.number)


def terms_of(file_id: int) -> catalog.Edition | None:
    """The terms under which a file was handed over; None where that is not known."""
    case = CaseFile.objects.filter(file_id=file_id).values_list("case__service", "case__edition").first()
    attached = ApplicationFile.objects.filter(file_id=file_id)
    found = case or attached.values_list("application__service", "application__edition").first()
    return catalog.edition(*found) if found and found[1] else None


def opened(*, file: Any, now: datetime) -> DataAccess | None:
    """Leave the row of somebody of ours who opens a file. Raises Refused for entrusted data that belong to no case.

    A customer opens their own data: that is no handling of ours.
    """
    if current().organisation_id == file.tenant_id and file.tenant_id is not None:
        return None
    about = reference_of(file.pk)
    if not about:
        if file.purpose in ENTRUSTED:
            raise Refused(
                "どの事案・契約のための資料か決まっていないため、開けません。先に事案か申請に付けてください。"
            )
        about = f"資料 {file.pk}"
    return DataAccess.objects.create(
        tenant_id=file.tenant_id,
        file_id=file.pk,
        kind=CopyKind.OPENED,
        about=about,
        purpose=PURPOSE,
        at=now,
        actor=current().label,
    )


def copied(*, file_id: int, purpose: str, place: str, now: datetime) -> DataAccess:
    """VA-PRI-02: a copy is listed with its place. Raises Refused without a purpose, a place or a case."""
    file = StoredFile.objects.get(pk=file_id)
    about = reference_of(file_id)
    if not about:
        raise Refused("どの事案・契約のための複製か決まっていないため、記録できません。")
    if not purpose.strip():
        raise Refused("複製の目的を入力してください。例: 障害の再現", field="purpose")
    if not place.strip():
        raise Refused("複製を置く場所を入力してください。例: 保守センターの解析機", field="place")
    return DataAccess.objects.create(
        tenant_id=file.tenant_id,
        file=file,
        kind=CopyKind.COPIED,
        about=about,
        purpose=purpose.strip(),
        place=place.strip(),
        at=now,
        actor=current().label,
    )


def used(*, tenant_id: int, about: str, purpose: str, now: datetime) -> DataAccess:
    """MM-CND-14: somebody looks at the information of a customer for a reason. Raises Refused without one, or where the
    number is none of this customer's."""
    if not purpose.strip():
        raise Refused("見る理由を入力してください。例: 障害の切り分け", field="purpose")
    known = Agreement.objects.filter(tenant_id=tenant_id, number=about).exists()
    if not known and not CaseFile.objects.filter(tenant_id=tenant_id, case__number=about).exists():
        raise Refused("このお客様の契約か事案の番号を入力してください。", field="about")
    return DataAccess.objects.create(
        tenant_id=tenant_id, kind=CopyKind.OPENED, about=about, purpose=purpose.strip(), at=now, actor=current().label
    )


def copies(*, file_id: int) -> QuerySet[DataAccess]:
    """The copies of a file, the newest first: where, who, when (VA-PRI-02)."""
    return DataAccess.objects.filter(file_id=file_id, kind=CopyKind.COPIED).order_by("-pk")


def accesses(*, tenant_id: int | None = None) -> QuerySet[DataAccess]:
    """What was opened and copied, the newest first (RC-PII-05: exported for a period)."""
    found = DataAccess.objects.select_related("tenant", "file").order_by("-at", "-pk")
    return found.filter(tenant_id=tenant_id) if tenant_id else found
