"""What somebody says at the fault desk: the one input of a preview and of an opened case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from hoshu.cases.words import Channel


@dataclass(frozen=True, kw_only=True)
class Call:
    """A fault call as told so far; empty means not said yet (IX-FLT-01, IX-FLT-03). Names are those of `Case`."""

    channel: str = Channel.PHONE
    caller_name: str = ""
    caller_company: str = ""
    caller_phone: str = ""
    caller_email: str = ""
    told: str = ""
    reported_as: str = ""
    serial_confirmed: bool = False
    identified: bool = True
    site_address: str = ""
    site_contact: str = ""
    site_phone: str = ""
    symptoms: Sequence[str] = ()
    symptom_note: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)
    software_version: str = ""
    backup: str = ""
    backup_date: date | None = None
    occurred_on: date | None = None
    in_japan: bool = True
    site_matches: bool | None = None
    mounted_cm: int | None = None
    conditions_breached: bool | None = None
    warranty_card_shown: bool | None = None
    warranty_numbers: str = ""
    warranty_until: date | None = None
    warranty_dealer: str = ""
