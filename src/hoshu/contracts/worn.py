"""老朽化: a machine too old to work even with service; both sides agree how to go on (VA-SIT-02).

It never ends the service: no edition lists it among the grounds of an ending, so `endings.ground_of` refuses it.
"""

from datetime import date

from hoshu import catalog
from hoshu.accounts import tenancy
from hoshu.contracts import Refused
from hoshu.contracts.models import Agreement, WornOut


def clause_of(edition: catalog.Edition) -> str:
    """The clause by which age is talked over (第3章 2.6); empty where the terms do not speak of it."""
    known = edition.ending.worn_out if edition.ending else None
    return known.clause if known else ""


def judge(*, agreement_id: int, on: date, judgement: str, today: date) -> WornOut:
    """The provider judges that age makes normal operation impossible. The service goes on. Raises Refused."""
    agreement = Agreement.objects.select_for_update().get(pk=agreement_id)
    clause = clause_of(catalog.edition(agreement.service, agreement.edition))
    if not clause:
        raise Refused("このサービスの約款に、老朽化した機器の定めはありません。")
    if on > today:
        raise Refused("判断した日が未来になっています。", clause)
    if not judgement.strip():
        raise Refused("正常に動かせないと判断した根拠を入力してください。", clause)
    if agreement.worn_out.filter(settled_on=None).exists():
        raise Refused("この機器の協議は、すでに始まっています。先に結果を記録してください。", clause)
    return WornOut.objects.create(
        tenant_id=agreement.tenant_id,
        agreement=agreement,
        judged_on=on,
        judgement=judgement.strip(),
        judged_by=tenancy.current().label,
    )


def settle(*, worn_out_id: int, talks: str, result: str, on: date, today: date) -> WornOut:
    """What both agreed on, and when. Raises Refused without talks or result: one side alone decides nothing."""
    kept = WornOut.objects.select_for_update().select_related("agreement").get(pk=worn_out_id)
    clause = clause_of(catalog.edition(kept.agreement.service, kept.agreement.edition))
    if kept.settled_on is not None:
        raise Refused("この協議の結果は、すでに記録されています。", clause)
    if not talks.strip() or not result.strip():
        raise Refused("お客様との協議の内容と、その結果を入力してください。", clause)
    if not kept.judged_on <= on <= today:
        raise Refused("決まった日は、判断した日から今日までの日にしてください。", clause)
    kept.talks, kept.result, kept.settled_on = talks.strip(), result.strip(), on
    kept.settled_by = tenancy.current().label
    kept.save()
    return kept
