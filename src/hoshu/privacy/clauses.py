"""Which clause of an edition speaks of a duty about information. Nothing is restated: its own sentence is searched."""

from functools import cache
from typing import Any

from hoshu import catalog
from hoshu.catalog import Edition
from hoshu.publishing.models import digest

PUBLIC_BODY = ("法令により求められ", "裁判所")
SUBCONTRACTOR = ("委託先に",)
SUBCONTRACTING = ("委託でき", "委託先")
LEAK = ("漏えいなどが起き",)
ENTRUSTED = ("お預かりした個人データ",)
COPIES = ("利用、加工、複写",)
REPORT = ("取り扱いの状況",)
RETURN = ("返還、消去、廃棄を求め",)
AFTER_END = ("契約の期間が終わった後",)
GROUP = ("グループの中で",)


def about(edition: Edition, *words: str) -> str:
    """The clause in whose sentence one of `words` stands, earlier words first; empty where there is none."""
    for word in words:
        for clause in edition.clause:
            if word in clause.text:
                return clause.id
    return ""


def personal_information(edition: Edition) -> str:
    """The clause on what personal information is used for."""
    if edition.use:
        return edition.use.purpose[0].clause
    terms = edition.application
    for one in terms.confirmation if terms else ():
        if one.id == "personal_information":
            return one.clause
    return about(edition, *GROUP)


def purposes(edition: Edition) -> list[tuple[str, str, str, str]]:
    """(code, name, sentence, clause) of what the information of the form may be used for (RC-PUR-01, VA-REG-13)."""
    if edition.use:
        return [(one.code, one.name, one.text, one.clause) for one in edition.use.purpose]
    clause = personal_information(edition)
    if edition.personal_information_uses:
        return [("", use, use, clause) for use in edition.personal_information_uses]
    terms = edition.application
    for one in terms.confirmation if terms else ():
        if one.id == "personal_information":
            return [("", one.text, one.text, one.clause)]
    sentence = next((each.text for each in edition.clause if each.id == clause), "")
    return [("", sentence, sentence, clause)] if sentence else []


def held_items(edition: Edition) -> Any:
    """The list of items that an edition itself gives (MM-CND-15)."""
    return next((one for one in edition.listing if one.id == "held_item"), None)


@cache
def sha256_of(service: str, edition: str) -> str:
    """The digest of an edition's text: an edition never changes once it counts."""
    return digest(catalog.source_of(service, edition).text)
