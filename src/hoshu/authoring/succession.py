"""Checks of an edition beside the others of its service: which day each takes over, and whether that was announced."""

from collections.abc import Iterator, Sequence
from datetime import date

from hoshu.catalog import Edition
from hoshu.dates import said
from hoshu.terms import decide

from .findings import Issue


def over_time(edition: Edition, others: Sequence[Edition], published: date | None) -> Iterator[Issue]:
    """Two editions for one day or of one name; a first day that the edition before did not announce in time."""
    published = edition.published or published
    for other in others:
        if other.edition == edition.edition:
            says = f"「{edition.edition}」という版は、すでにあります。"
            yield Issue("error", ("edition",), says, "ほかの名前にしてください。")
        elif other.in_force == edition.in_force:
            says = f"「{other.edition}」版も、同じ{said(edition.in_force)}から適用されます。"
            yield Issue("error", ("in_force",), says, "別の日にするか、どちらかの版を消してください。")
    earlier = [other for other in others if other.in_force < edition.in_force]
    if not earlier or any(other.edition == edition.edition for other in others):
        return
    before = max(earlier, key=lambda other: other.in_force)
    if before.terms_change is None:
        return
    if published is None:
        says = f"公表した日がないため、「{before.edition}」版の予告の定めを守っているか確かめられません。"
        yield Issue("note", ("in_force",), says, "published に公表した日を書いてください。")
        return
    if published > edition.in_force:
        says = f"公表日の{said(published)}より前から適用することになっています。"
        yield Issue("error", ("in_force",), says, "適用開始日か公表日を直してください。")
        return
    facts = {"published": published.isoformat()}
    question = {"ask": "terms_change", "service": before.service, "facts": facts}
    result = decide(question, under=before)
    if "answer" not in result:
        return
    effective = date.fromisoformat(result["answer"]["effective"])
    reason = result["reasons"][0]
    clause = f"「{before.edition}」版の{reason['clause']}"
    if edition.in_force < effective:
        says = f"{clause}によると、{said(published)}に公表した版の適用は{said(effective)}からです。"
        yield Issue("error", ("in_force",), says, f"in_force を {effective} 以後にするか、早く公表してください。")
    elif edition.in_force > effective:
        says = f"{clause}による{said(effective)}より遅い{said(edition.in_force)}から適用します。"
        yield Issue("note", ("in_force",), says, "適用日を別に定めて公表したのであれば、このままで構いません。")
