"""The decision interface line by line: for every question its facts with their types, its answer's members with theirs.

The tables below state what callers build on. Each answer of every worked example must have these members and types.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest

from hoshu.authoring.examples import question_of
from hoshu.catalog import Edition, editions
from hoshu.terms import decide
from hoshu.terms.topics import TOPICS
from tests.terms.asking import PLANS, USUAL_PLAN, answer, ask, refused_field
from tests.terms.test_examples import ALL

Type = Callable[[Any], bool]


def whole(value: Any) -> bool:
    return type(value) is int


def flag(value: Any) -> bool:
    return type(value) is bool


def day(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None


def moment(value: Any) -> bool:
    """To the minute, in Japan's time."""
    return isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d\+09:00", value) is not None


def month(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d", value) is not None


def decimal(value: Any) -> bool:
    return type(value) is float


def text(value: Any) -> bool:
    return isinstance(value, str)


def record(value: Any) -> bool:
    return isinstance(value, dict)


def codes(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item for item in value)


def records(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def list_of(kind: Type) -> Type:
    return lambda value: isinstance(value, list) and all(map(kind, value))


def one_of(*values: Any) -> Type:
    return lambda value: value in values


def or_null(kind: Type) -> Type:
    return lambda value: value is None or kind(value)


ANSWERS: dict[str, dict[str, Type]] = {
    "coverage": {
        "counted_from": day,
        "start": or_null(day),
        "end": or_null(day),
        "cap": one_of(None, "end_of_sale", "parts_retention", "ended_early"),
        "days_used": or_null(whole),
    },
    "registration": {
        "outcome": one_of("accept", "accept_late", "refuse", "incomplete"),
        "missing": codes,
        "flags": codes,
        "apply_by": or_null(day),
        "answer_by": or_null(day),
        "refund": flag,
    },
    "window": {"open": flag, "opens_at": moment, "closes_at": or_null(moment), "attend_by": or_null(moment)},
    "entitlement": {
        "outcome": one_of("covered", "chargeable", "excluded", "not_covered", "on_hold", "refused"),
        "attend_from": or_null(moment),
        "out_of_hours": or_null(flag),
        "needs": codes,
        "customer_pays": codes,
        "basis": one_of(None, "pack", "warranty", "both"),
    },
    "restoration": {"steps": codes, "left_to_customer": codes},
    "fee": {"base_yen": whole, "units": record, "per_engineer_yen": whole, "total_yen": whole},
    "alarm": {
        "acted_on": flag,
        "call_from": or_null(moment),
        "retry_from": or_null(moment),
        "arrange_dispatch": flag,
    },
    "software_support": {
        "outcome": one_of("accept", "on_hold", "refused"),
        "code": or_null(text),
        "received_at": moment,
        "used": or_null(whole),
        "remaining": or_null(whole),
        "decided_by": one_of("spec", "terms"),
    },
    "upgrade": {
        "supply": flag,
        "old_until": or_null(day),
        "new_from": or_null(day),
        "new_until": or_null(day),
    },
    "change": {"allowed": flag, "in_time": or_null(flag), "notify_by": or_null(day), "earliest_safe": or_null(day)},
    "extension": {"buyable": flag, "by_approval": flag, "from": day, "new_end": or_null(day)},
    "refund": {"refund": or_null(flag), "by": or_null(day), "payer": one_of("seller", "provider", None)},
    "terms_change": {"effective": day, "binds_existing": flag},
    "reperformance": {"free": flag, "until": day, "recur_by": day, "claim_by": day},
    "confidentiality": {"confidential": flag, "until": or_null(day), "document_by": or_null(day)},
    "damages": {"cap_yen": or_null(whole), "payable_yen": whole, "claim_by": or_null(day), "in_time": or_null(flag)},
    "costs": {"billed": codes, "borne_by_customer": codes, "held": codes, "not_billed": codes, "total_yen": whole},
    "transfer": {"allowed": or_null(flag)},
    "ending": {"allowed": flag, "from": or_null(day), "refund": or_null(flag)},
    "handover": {"treatment": one_of("accept", "hold_unopened", "decline", "stop")},
    "inquiry": {
        "answer_due": day,
        "answer_due_at": moment,
        "interim_required": flag,
        "auto_close_after": or_null(day),
    },
    "billing": {
        "first_billed": or_null(day),
        "usable_until": or_null(day),
        "months": list_of(month),
        "free": list_of(month),
    },
    "insurance": {
        "result": one_of("payable", "pending", "not_payable"),
        "codes": codes,
        "period": or_null(record),
        "visit_by": or_null(day),
        "pays_yen": or_null(whole),
        "customer_yen": or_null(whole),
    },
    "failure_level": {
        "level": one_of("A", "B", "Z", None),
        "contact_customer": or_null(flag),
        "contact_by": or_null(moment),
    },
    "slo": {
        "availability": or_null(decimal),
        "met": or_null(flag),
        "total_s": whole,
        "excluded_s": whole,
        "down_s": whole,
    },
    "maintenance": {"notice_by": or_null(day), "in_time": or_null(flag), "needs": codes},
    "desk_scope": {"in_scope": flag, "allowed": flag, "needs": codes},
    "rating": {
        "mail": one_of("high", "medium", "low", "investigating"),
        "stars": one_of("★★★", "★★☆", "★☆☆", ""),
        "follow_up": flag,
    },
    "alert_mail": {"mails": records},
    "stop_notice": {"mails": list_of(moment)},
    "heartbeat": {"state": one_of("unregistered", "online", "stopped"), "judged_at": or_null(moment)},
    "traffic": {"inspected": flag},
    "retention": {"keep_until": day, "may_delete": flag},
    "average": {"shown": flag, "average": or_null(decimal), "difference": or_null(decimal)},
    "replacement_age": {"replace_by": day, "warn_on": list_of(day)},
    "erase": {"destroy": flag, "release": or_null(day)},
    "telemetry": {"allowed": codes, "dropped": codes, "category": record, "version": or_null(whole)},
    "contact": {"allowed": flag, "refused_keys": codes},
    "admission": {"admit": flag, "late": flag, "store": flag, "code": or_null(text)},
    "use": {"allowed": flag, "needs": codes},
    "disclosure": {"allowed": codes, "refused": codes, "needs": codes},
}
"""Members that every service's answer has."""

BY_SERVICE: dict[str, dict[str, Type]] = {
    "coverage": {
        "purchase_basis": one_of("proof", "shipped"),
        "in_time": or_null(flag),
        "hardware_end": or_null(day),
        "software_end": or_null(day),
        "warranty_end": or_null(day),
    },
    "restoration": {
        "level": one_of(1, 2, 3),
        "result": one_of("full", "partial", "replacement_only", None),
        "table2": one_of("T2-AUTO", "T2-DATA", "T2-INTERVIEW", None),
    },
}
"""Members that only some services' answers have."""

OURS: dict[str, dict[str, Type]] = {
    "registration": {"deadlines": records, "day_off": codes},
    "refund": {"day_off": codes},
    "ending": {"perform_by": or_null(day), "debts_due": or_null(day), "day_off": codes},
    "change": {
        "options": or_null(records),
        "inquiries": codes,
        "refused_lines": codes,
        "day_off": one_of(["notify_by"]),
    },
    "reperformance": {"provisional": flag, "day_off": codes},
    "confidentiality": {"provisional": flag, "day_off": codes},
    "terms_change": {"consented": or_null(flag)},
    "damages": {"remaining_yen": or_null(whole), "held_yen": whole, "day_off": codes},
    "entitlement": {"elements": record},
    "fee": {"tax_yen": whole},
    "alarm": {"dispatch_waits": flag, "starts_on": or_null(day), "late_minutes": or_null(whole)},
    "inquiry": {
        "in_time": or_null(flag),
        "ask_expected_at": moment,
        "remind_on": or_null(day),
        "same_inquiry": or_null(flag),
        "day_off": one_of(["auto_close_after"]),
    },
    "billing": {"total_yen": or_null(whole)},
    "insurance": {"last_desk_day": or_null(day), "uses_call": or_null(flag), "day_off": one_of(["visit_by"])},
    "failure_level": {"in_time": or_null(flag)},
    "slo": {
        "state": one_of("open", "no_time", "final"),
        "availability_excluding_unannounced": or_null(decimal),
        "met_excluding_unannounced": or_null(flag),
    },
    "maintenance": {"remind_on": or_null(day), "day_off": one_of(["notice_by"])},
    "alert_mail": {"order": list_of(list_of(whole))},
    "heartbeat": {"causes": records},
    "retention": {"day_off": one_of(["keep_until"])},
    "replacement_age": {"due": or_null(flag), "day_off": one_of(["replace_by"])},
    "erase": {"destroy_from": or_null(day), "backups_by": or_null(day)},
    "telemetry": {"only_on": record},
}
"""Members that we add in the same style; all but `day_off`, `only_on` and those on options are always there."""

_DAY, _NO_DAY = "2025-06-17", "2025-06-31"
_MOMENT, _NO_MOMENT = "2025-06-17T10:00:30+09:00", "2025-06-17T10:00"
_EARLIER = "2025-06-17T09:00+09:00"
_FLAG, _NO_FLAG = True, 1
_COUNT, _NO_COUNT = 2, 2.5

_CHOSEN_DAYS = {
    "start_weekday": ("tue", "Tuesday"),
    "weekday_changes": ([{"from": _DAY, "start_weekday": "wed"}], [{"from": _DAY}]),
    "service_days": (["mon"], "mon"),
    "closed_days": ([_DAY], _DAY),
}

FACTS: dict[str, dict[str, tuple[Any, Any]]] = {
    "coverage": {
        "purchased": (_DAY, _NO_DAY),
        "registered": (_DAY, _NO_DAY),
        "purchase_proof": (_FLAG, _NO_FLAG),
        "shipped": (_DAY, _NO_DAY),
        "card_deadline": (_DAY, _NO_DAY),
        "card_received": (_DAY, _NO_DAY),
        "pack_purchased": (_DAY, _NO_DAY),
        "application_received": (_DAY, _NO_DAY),
        "end_of_sale": (_DAY, _NO_DAY),
        "support_limit": ("2030-06-17", _NO_DAY),
        "extension_kits": (_COUNT, _NO_COUNT),
        "ended_early": ("2026-06-17", _NO_DAY),
        "inspected": (_DAY, _NO_DAY),
        "pack_inspected": (_DAY, _NO_DAY),
        "effective": (_DAY, _NO_DAY),
        "production_ended": (_DAY, _NO_DAY),
        "parts_until": (_DAY, _NO_DAY),
        "warranty_years": (_COUNT, _NO_COUNT),
        "warranty_printed": ("2028-02", "2028-02-01"),
        "ended_part": ("software", "kitchen"),
        "accepted": (_MOMENT, _NO_MOMENT),
        "ends": ("2026-06-17T00:00+09:00", _NO_MOMENT),
        "contract_start": (_DAY, _NO_DAY),
        "cancelled": (_DAY, _NO_DAY),
        "initial_set": (_MOMENT, _NO_MOMENT),
    },
    "registration": {
        "purchased": (_DAY, _NO_DAY),
        "pack_purchased": (_DAY, _NO_DAY),
        "application_received": (_DAY, _NO_DAY),
        "card_deadline": (_DAY, _NO_DAY),
        "installed_in_japan": (_FLAG, _NO_FLAG),
        "serial_known": (_FLAG, _NO_FLAG),
        "already_registered": (_FLAG, _NO_FLAG),
        "bodies": (_COUNT, _NO_COUNT),
        "options": ([{"code": "B1", "quantity": 1, "genuine": True, "supported": None}], [{"quantity": 1}]),
        "applied": (_FLAG, _NO_FLAG),
        "approved": (_FLAG, _NO_FLAG),
        "refused_on": (_DAY, _NO_DAY),
        "ground": ("第三者製", 1),
        "coverage_end": (_DAY, _NO_DAY),
        "channel": ("card", "fax"),
        "pack_returned": (_FLAG, _NO_FLAG),
        "form": ({"card_serial": "L0000001"}, []),
        "inspected": (_DAY, _NO_DAY),
        "pack_inspected": (_DAY, _NO_DAY),
        "purchase_proof": (_FLAG, _NO_FLAG),
        "terms_agreed": (_FLAG, _NO_FLAG),
        "privacy_agreed": (_FLAG, _NO_FLAG),
        "antisocial_declared": (_FLAG, _NO_FLAG),
        "customer_named": (_FLAG, _NO_FLAG),
        "warranty_card_complete": (_FLAG, _NO_FLAG),
        "listed_model": (_FLAG, _NO_FLAG),
        "connected": (_FLAG, _NO_FLAG),
        "support_id": ("valid", "none"),
        "customer_kind": ("company", "person"),
        "same_organisation": (_FLAG, _NO_FLAG),
        "delivery_name_matches": (_FLAG, _NO_FLAG),
        "payment": ("confirmed", "paid"),
    },
    "window": {
        **_CHOSEN_DAYS,
        "at": (_MOMENT, _NO_MOMENT),
        "part": ("reception", "kitchen"),
        "spec_hours": ({"from": "09:00", "to": "17:00"}, {"from": 9, "to": 17}),
        "repair_needed": (_FLAG, _NO_FLAG),
    },
    "entitlement": {
        "at": (_MOMENT, _NO_MOMENT),
        "coverage": (
            {"start": _DAY, "end": _DAY, "hardware_end": _DAY, "software_end": _DAY},
            {"start": _DAY, "end": _DAY, "hardware_end": _NO_DAY},
        ),
        **_CHOSEN_DAYS,
        "spec_hours": ({"from": "09:00", "to": "17:00"}, {"from": 9, "to": 17}),
        "support_limit": (_DAY, _NO_DAY),
        "part": ("reception", "kitchen"),
        "serial_registered": (_FLAG, _NO_FLAG),
        "in_japan": (_FLAG, _NO_FLAG),
        "site_matches": (_FLAG, _NO_FLAG),
        "register_matches": (_FLAG, _NO_FLAG),
        "conditions_breached": (_FLAG, _NO_FLAG),
        "cooperation_open": (_FLAG, _NO_FLAG),
        "cause": ("IX-EXC-05", 5),
        "work": ("IX-EXC-05", 5),
        "item": ("N09", 9),
        "height_cm": (320, 320.0),
        "out_of_hours_consent": (_FLAG, _NO_FLAG),
        "personal_number_unprotected": (_FLAG, _NO_FLAG),
        "suspended": (_FLAG, _NO_FLAG),
        "support_id": ("unknown", "none"),
        "device_number_known": (_FLAG, _NO_FLAG),
        "label_attached": (_FLAG, _NO_FLAG),
        "accepted_at": (_MOMENT, _NO_MOMENT),
        "expenses": (["ship", "allowance"], ["taxi"]),
        "decision": ("not_serve", "maybe"),
        "applied_in_time": (_FLAG, _NO_FLAG),
        "warranty_end": (_DAY, _NO_DAY),
        "warranty_card_shown": (_FLAG, _NO_FLAG),
    },
    "restoration": {
        "software_version_known": (_FLAG, _NO_FLAG),
        "config_backup_available": (_FLAG, _NO_FLAG),
        "config_backup_readable": (_FLAG, _NO_FLAG),
        "part": ("mainboard", 1),
        "raid": (_FLAG, _NO_FLAG),
        "failed_disks": (_COUNT, _NO_COUNT),
        "soft_mirror_lost": (_FLAG, _NO_FLAG),
        "array_running": (_FLAG, _NO_FLAG),
        "settings_collected": (_FLAG, _NO_FLAG),
        "settings_kinds": (["CI-1"], "CI-1"),
        "hardware_fault": (_FLAG, _NO_FLAG),
        "pp_supported": (_FLAG, _NO_FLAG),
        "licence_keys": (_FLAG, _NO_FLAG),
        "software": ("T3-4", 4),
    },
    "fee": {
        **_CHOSEN_DAYS,
        "departed": (_MOMENT, _NO_MOMENT),
        "finished": ("2025-06-17T11:00:30+09:00", _NO_MOMENT),
        "basis": ("out_of_hours", "warranty"),
        "cause": ("EX-01", 1),
        "consent": (_FLAG, _NO_FLAG),
        "engineers": (1, 0),
        "estimate_approved": (_FLAG, _NO_FLAG),
        "estimate_yen": (100_000, -1),
    },
    "alarm": {
        **_CHOSEN_DAYS,
        "weekday_changes": ([], {}),
        "received": (_MOMENT, _NO_MOMENT),
        "sent": (_MOMENT, _NO_MOMENT),
        "applied": (_FLAG, _NO_FLAG),
        "wished": (_DAY, _NO_DAY),
        "objected_on": (_DAY, _NO_DAY),
        "agreed_on": (_DAY, _NO_DAY),
        "coverage": ({"start": _DAY, "end": "2030-06-17"}, {"start": _DAY}),
        "contact_hours": ({"from": "13:00", "to": "15:00"}, {"from": "13:00"}),
        "attempted": (_MOMENT, _NO_MOMENT),
        "reached": (_FLAG, _NO_FLAG),
        "repair_needed": (_FLAG, _NO_FLAG),
    },
    "software_support": {
        **_CHOSEN_DAYS,
        "weekday_changes": ([], {}),
        "at": (_MOMENT, _NO_MOMENT),
        "pp_on_contract": (_FLAG, _NO_FLAG),
        "licence_valid": (_FLAG, _NO_FLAG),
        "licence_until": (_DAY, _NO_DAY),
        "modified": (_FLAG, _NO_FLAG),
        "replaced_on": (_DAY, _NO_DAY),
        "disturbing_product": (_FLAG, _NO_FLAG),
        "in_japan": (_FLAG, _NO_FLAG),
        "japanese": (_FLAG, _NO_FLAG),
        "spec_limit": (5, _NO_COUNT),
        "spec_hours": ({"from": "09:00", "to": "17:00"}, {"from": 9, "to": 17}),
        "used": (_COUNT, _NO_COUNT),
        "same_inquiry": (_FLAG, _NO_FLAG),
        "subject": ("PX-04", "EX-04"),
    },
    "upgrade": {
        "type": ("VER", "MAJOR"),
        "requested": (_DAY, _NO_DAY),
        "supplied": (_DAY, _NO_DAY),
        "in_use": (_DAY, _NO_DAY),
        "conditions": ([True, False], True),
        "end": (_DAY, _NO_DAY),
        "pp_on_contract": (_FLAG, _NO_FLAG),
        "installation_wanted": (_FLAG, _NO_FLAG),
    },
    "change": {
        "kind": ("phone", "colour"),
        "requested": (_DAY, _NO_DAY),
        "effective": (_DAY, _NO_DAY),
        "new_site_in_japan": (_FLAG, _NO_FLAG),
        "option_lines": ([{"code": "B1", "checked": True, "quantity": 1}], [{"checked": True}]),
        "registered_options": ([{"code": "B1", "quantity": 1}], [{"code": "B1"}]),
        "new_legal_entity": (_FLAG, _NO_FLAG),
    },
    "extension": {
        "on": (_DAY, _NO_DAY),
        "end": (_DAY, _NO_DAY),
        "end_of_sale": (_DAY, _NO_DAY),
        "support_limit": (_DAY, _NO_DAY),
        "kit_sales_stopped": (_DAY, _NO_DAY),
        "production_ended": (_DAY, _NO_DAY),
        "parts_until": (_DAY, _NO_DAY),
    },
    "refund": {
        "reason": ("outage", "weather"),
        "pack_purchased": (_DAY, _NO_DAY),
        "returned": (_DAY, _NO_DAY),
        "refused_on": (_DAY, _NO_DAY),
        "pack_inspected": (_DAY, _NO_DAY),
        "already_registered": (_FLAG, _NO_FLAG),
        "proof": (_FLAG, _NO_FLAG),
    },
    "terms_change": {
        "published": (_DAY, _NO_DAY),
        "supplied": (_DAY, _NO_DAY),
        "set_effective": ("2025-07-01", _NO_DAY),
        "used": (_MOMENT, _NO_MOMENT),
    },
    "reperformance": {
        "served": (_DAY, _NO_DAY),
        "failed": (_DAY, _NO_DAY),
        "claimed": ("2025-07-17", _NO_DAY),
        "same_cause": (_FLAG, _NO_FLAG),
        "same_failure": (_FLAG, _NO_FLAG),
        "coverage_end": (_DAY, _NO_DAY),
        "redone": (_DAY, _NO_DAY),
    },
    "confidentiality": {
        "received": (_DAY, _NO_DAY),
        "form": ("unmarked", "whispered"),
        "documented": (_DAY, _NO_DAY),
        "agreed_years": (_COUNT, 0),
        "agreed_until": (_DAY, _NO_DAY),
        "document_marked": (_FLAG, _NO_FLAG),
        "exception": ("third_party", "rumour"),
        "exception_proved": (_FLAG, _NO_FLAG),
    },
    "damages": {
        "price_yen": (100_000, 100_000.0),
        "paid_yen": (0, -1),
        "noticed": (_DAY, _NO_DAY),
        "known": (_DAY, _NO_DAY),
        "lines": ([{"head": "repair", "yen": 1}], [{"head": "repair", "yen": "1"}]),
        "claimed": ("2025-07-17", _NO_DAY),
        "talked": (_FLAG, _NO_FLAG),
    },
    "costs": {
        "lines": ([{"kind": "air", "yen": 40_000, "evidence": True}], [{"kind": "taxi", "yen": 1}]),
        "reperformance": (_FLAG, _NO_FLAG),
    },
    "transfer": {
        "effective": (_DAY, _NO_DAY),
        "consent": (_DAY, _NO_DAY),
        "consent_written": (_FLAG, _NO_FLAG),
        "by_law": (_FLAG, _NO_FLAG),
    },
    "ending": {
        "by": ("customer", "seller"),
        "ground": ("breach", "weather"),
        "on": (_DAY, _NO_DAY),
        "evidence": (_FLAG, _NO_FLAG),
        "demand_arrived": (_DAY, _NO_DAY),
        "period_days": (_COUNT, 0),
        "performed": (_DAY, _NO_DAY),
        "minor": (_FLAG, _NO_FLAG),
        "notified": (_DAY, _NO_DAY),
        "ground_on": (_DAY, _NO_DAY),
        "due": (_DAY, _NO_DAY),
        "paid": (_FLAG, _NO_FLAG),
    },
    "handover": {
        "kind": ("dump", "call"),
        "declared": ("no", _NO_FLAG),
        "prior_notice": (_MOMENT, _NO_MOMENT),
        "received": (_MOMENT, _NO_MOMENT),
        "found": (_MOMENT, _NO_MOMENT),
        "needed_now": (_FLAG, _NO_FLAG),
    },
    "inquiry": {
        "closed_days": ([_DAY], _DAY),
        "received": (_MOMENT, _NO_MOMENT),
        "answered": (_MOMENT, _NO_MOMENT),
        "expected": ("2025-06-20", _NO_DAY),
        "replied": (_MOMENT, _NO_MOMENT),
    },
    "billing": {
        "contract_start": (_DAY, _NO_DAY),
        "accepted": (_DAY, _NO_DAY),
        "cancelled": ("2025-08-10", _NO_DAY),
        "cancellation_received": (_DAY, _NO_DAY),
        "free_months": (["2025-07"], "2025-07"),
        "outage_months": (["2025-07"], ["2025-7"]),
        "until": ("2025-12", "2025-13"),
        "monthly_yen": (5_000, 5_000.0),
    },
    "insurance": {
        "closed_days": ([_DAY], _DAY),
        "contract_start": ("2025-04-10", _NO_DAY),
        "alert": (_MOMENT, _NO_MOMENT),
        "stars": (3, 4),
        "promoted": (_MOMENT, _NO_MOMENT),
        "at": (_MOMENT, _NO_MOMENT),
        "mail_issued": (_FLAG, _NO_FLAG),
        "free_months": (["2025-07"], "2025-07"),
        "scan": ("done", "maybe"),
        "scan_finished": (_MOMENT, _NO_MOMENT),
        "requested": (_MOMENT, _NO_MOMENT),
        "work_start": (_MOMENT, _NO_MOMENT),
        "recommended": (_FLAG, _NO_FLAG),
        "operator_listed": (_FLAG, _NO_FLAG),
        "calls_used": (_COUNT, _NO_COUNT),
        "paid_yen": (0, -1),
        "claim_mandate": (_FLAG, _NO_FLAG),
        "receipt_mandate": (_FLAG, _NO_FLAG),
        "claim_submitted": (_FLAG, _NO_FLAG),
        "cost_yen": (150_000, 150_000.0),
        "lines": ([{"kind": "K1", "yen": 1}], [{"kind": "K0", "yen": 1}]),
        "known_before": (_FLAG, _NO_FLAG),
        "crime": (_FLAG, _NO_FLAG),
        "violation": (_FLAG, _NO_FLAG),
        "own_network": (_FLAG, _NO_FLAG),
        "danger_evident": (_FLAG, _NO_FLAG),
        "still_needed": (_FLAG, _NO_FLAG),
        "doubts": (["N14"], ["N01"]),
        "used_until": ("2026-04-30", _NO_DAY),
    },
    "failure_level": {
        "closed_days": ([_DAY], _DAY),
        "main_function_lost": (_FLAG, _NO_FLAG),
        "utm_failed": (_FLAG, _NO_FLAG),
        "customer_affected": (_FLAG, _NO_FLAG),
        "confirmed": (_MOMENT, _NO_MOMENT),
        "contacted": (_MOMENT, _NO_MOMENT),
    },
    "slo": {"month": ("2025-06", "2025-6"), "outages": ([{"from": _MOMENT, "to": _MOMENT}], [{"to": _MOMENT}])},
    "maintenance": {
        "kind": ("planned", "sudden"),
        "at": (_MOMENT, _NO_MOMENT),
        "start": (_MOMENT, _NO_MOMENT),
        "end": (_MOMENT, _NO_MOMENT),
        "posted": (_MOMENT, _NO_MOMENT),
        "mailed": (_MOMENT, _NO_MOMENT),
        "reason": (_FLAG, _NO_FLAG),
        "approver": (_FLAG, _NO_FLAG),
    },
    "desk_scope": {
        "subject": ("IN-01", "IN-99"),
        "requester": ("unknown", "friend"),
        "contract_active": (_FLAG, _NO_FLAG),
        "reason": (_FLAG, _NO_FLAG),
        "approver": (_FLAG, _NO_FLAG),
    },
    "rating": {"alerts": (["high"], ["none"])},
    "alert_mail": {
        "alerts": ([{"at": _MOMENT, "level": "low", "contract": "C-1", "unit": "U-1"}], [{"at": _MOMENT}]),
    },
    "stop_notice": {
        "stopped": (_MOMENT, _NO_MOMENT),
        "recovered": ("2025-06-17T11:00+09:00", _NO_MOMENT),
        "daily_at": ("08:00", "24:00"),
        "until": ("2025-06-19T10:00+09:00", _NO_MOMENT),
    },
    "heartbeat": {
        "at": (_MOMENT, _NO_MOMENT),
        "last_contact": (_MOMENT, _NO_MOMENT),
        "centre_down": ([{"from": _MOMENT, "to": _MOMENT}], [{"from": _MOMENT}]),
    },
    "traffic": {
        "from": ("wan", "dmz"),
        "to": ("lan", "dmz"),
        "protocol": ("ipv6", 6),
        "through_utm": (_FLAG, _NO_FLAG),
    },
    "retention": {
        "detected": (_MOMENT, _NO_MOMENT),
        "on": (_DAY, _NO_DAY),
        "holds": (["insurance"], [1]),
        "usable_until": (_DAY, _NO_DAY),
    },
    "average": {
        "counts": ([1, 2, 3, 4, 5], [1.5]),
        "own": (_COUNT, _NO_COUNT),
        "without_unit": (_COUNT, _NO_COUNT),
        "from": (_DAY, _NO_DAY),
        "to": (_DAY, _NO_DAY),
        "on": (_DAY, _NO_DAY),
    },
    "replacement_age": {"manufactured": (_DAY, _NO_DAY), "on": ("2025-06-18", _NO_DAY)},
    "erase": {
        "usable_until": (_DAY, _NO_DAY),
        "on": (_DAY, _NO_DAY),
        "kind": ("billing", "photo"),
        "holds": ([{"code": "insurance", "until": _DAY}], [1]),
    },
    "telemetry": {
        "fields": (["serial"], "serial"),
        "on": (_DAY, _NO_DAY),
        "services": (["fault"], "fault"),
        "occasions": (["failure"], 1),
    },
    "contact": {
        "initiated_by": ("device", "engineer"),
        "destination": ("fqdn", "ip"),
        "answer_keys": (["result"], "result"),
    },
    "admission": {
        "accepted": (_MOMENT, _NO_MOMENT),
        "ends": ("2026-04-01T00:00+09:00", _NO_MOMENT),
        "received": (_MOMENT, _NO_MOMENT),
        "measured": (_MOMENT, _NO_MOMENT),
        "sent": (_MOMENT, _NO_MOMENT),
        "tls": ("1.2", "1.4"),
        "forward_secrecy": (_FLAG, _NO_FLAG),
        "certificate": ("valid", "lost"),
        "serial_matches": (_FLAG, _NO_FLAG),
        "sequence": ("new", "old"),
    },
    "use": {
        "purpose": ("P1", 1),
        "data": ("form", "cloud"),
        "personal": (_FLAG, _NO_FLAG),
        "deidentified": (_FLAG, _NO_FLAG),
        "opt_in": (_FLAG, _NO_FLAG),
        "opted_out": (_FLAG, _NO_FLAG),
        "requested": (_FLAG, _NO_FLAG),
        "needed_by_service": (_FLAG, _NO_FLAG),
        "to_others": (_FLAG, _NO_FLAG),
        "group_size": (5, 0),
        "ended": (_FLAG, _NO_FLAG),
    },
    "disclosure": {
        "recipient": ("third_party", "friend"),
        "recipient_name": ("R", 1),
        "items": (["name"], "name"),
        "needed": (["name"], "name"),
        "at": (_MOMENT, _NO_MOMENT),
        "consent": (
            {
                "given": _MOMENT,
                "recipient": "R",
                "items": ["name"],
                "purpose": "修理",
                "until": _DAY,
                "withdrawn": _MOMENT,
                "form": "paper",
            },
            {},
        ),
        "agreement": ({"from": _DAY, "to": _DAY}, {"from": _DAY}),
    },
}
"""By question and fact: a value of its type, and one of another."""

LEAST: dict[str, dict[str, Any]] = {
    "coverage": {"purchased": _DAY, "registered": _DAY},
    "registration": {},
    "window": {"at": _MOMENT, "start_weekday": "mon"},
    "entitlement": {"at": _MOMENT, "start_weekday": "mon", "coverage": {"start": _DAY, "end": "2028-06-30"}},
    "restoration": {},
    "change": {"kind": "phone", "requested": _DAY, "effective": _DAY},
    "extension": {"on": _DAY, "end": "2025-06-30"},
    "refund": {"reason": "other"},
    "terms_change": {"published": _DAY},
    "reperformance": {"served": _DAY, "failed": _DAY, "coverage_end": _DAY},
    "confidentiality": {"received": _DAY, "form": "marked"},
    "damages": {"price_yen": 100_000, "paid_yen": 0},
    "costs": {"lines": []},
    "transfer": {"effective": _DAY},
    "ending": {"by": "provider", "ground": "insolvency", "on": _DAY},
    "handover": {"kind": "upload"},
    "fee": {"departed": _MOMENT, "finished": "2025-06-17T11:00+09:00"},
    "alarm": {"received": _MOMENT, "applied": True},
    "software_support": {"at": _MOMENT},
    "upgrade": {"type": "REV"},
    "inquiry": {"received": _MOMENT},
    "billing": {"contract_start": _DAY, "until": "2025-12"},
    "insurance": {"contract_start": "2025-04-10", "alert": _MOMENT, "stars": 3},
    "failure_level": {},
    "slo": {"month": "2025-06", "outages": []},
    "maintenance": {"kind": "planned", "start": _MOMENT},
    "desk_scope": {"subject": "IN-01", "requester": "administrator"},
    "rating": {"alerts": ["low"]},
    "alert_mail": {"alerts": []},
    "stop_notice": {"stopped": _MOMENT, "until": "2025-06-19T10:00+09:00"},
    "heartbeat": {"at": _MOMENT},
    "traffic": {"from": "wan", "to": "lan"},
    "retention": {"detected": _MOMENT, "on": _DAY},
    "average": {"counts": [1, 2, 3, 4, 5], "own": 1},
    "replacement_age": {"manufactured": _DAY},
    "erase": {"usable_until": _DAY, "on": _DAY, "kind": "billing"},
    "telemetry": {"fields": ["serial"], "on": _DAY, "services": ["fault"]},
    "contact": {"initiated_by": "device", "destination": "fqdn"},
    "admission": {
        "received": _MOMENT,
        "tls": "1.2",
        "certificate": "valid",
        "serial_matches": True,
        "sequence": "new",
        "accepted": _MOMENT,
        "measured": _MOMENT,
        "sent": _MOMENT,
    },
    "use": {"purpose": "P1", "data": "form"},
    "disclosure": {"recipient": "organisation", "items": ["name"], "at": _MOMENT},
}
"""The facts without which a question is refused, and no other, at the first service that answers it."""

LEAST_AT: dict[tuple[str, str], dict[str, Any]] = {
    ("coverage", "remote-care"): {"accepted": _MOMENT},
    ("coverage", "mimamori"): {"contract_start": _DAY},
    ("restoration", "video"): {"part": "lan_board", "settings_collected": False},
}
"""The same, where another service takes other facts."""

WITH: dict[tuple[str, str], dict[str, Any]] = {
    ("coverage", "ended_part"): {"ended_early": "2026-06-17"},
    ("restoration", "settings_kinds"): {"settings_collected": True},
    ("alarm", "attempted"): {"reached": True},
    ("alarm", "objected_on"): {"wished": "2025-07-01"},
    ("software_support", "spec_limit"): {"used": 0},
    ("upgrade", "type"): {"conditions": []},
    ("inquiry", "replied"): {"answered": _MOMENT},
    ("insurance", "scan_finished"): {"scan": "done"},
    ("failure_level", "contacted"): {"confirmed": _MOMENT},
    ("average", "from"): {"to": _DAY},
    ("average", "to"): {"from": _DAY},
}
"""Facts that a fact asks for."""


def service_of(topic: str, fact: str | None = None) -> str:
    """The first service that answers a question, and takes the fact where only some do."""
    for service in USUAL_PLAN:
        section = getattr(editions(service)[-1], topic)
        if section is None:
            continue
        if fact is None or not TOPICS[topic].by_service or fact in (*section.required, *section.optional):
            return service
    raise AssertionError(f"nobody answers {topic} by {fact}")


def assert_shaped(topic: str, found: dict[str, Any]) -> None:
    stated = ANSWERS[topic]
    further = BY_SERVICE.get(topic, {}) | OURS.get(topic, {})
    assert found.keys() >= stated.keys()
    assert found.keys() <= stated.keys() | further.keys()
    assert {name: value for name, value in found.items() if not (stated | further)[name](value)} == {}


def test_the_tables_state_every_question() -> None:
    assert set(ANSWERS) == set(FACTS) == set(LEAST) == set(TOPICS)


@pytest.mark.req("IX-GEN-05")
@pytest.mark.parametrize(("edition", "example"), ALL)
def test_an_answer_has_the_stated_members_of_the_stated_types(edition: Edition, example: dict[str, Any]) -> None:
    result = decide({**question_of(edition, example), "id": [7]})
    assert result["id"] == [7]
    if "error" in example:
        assert set(result) == {"id", "error"}
        assert set(result["error"]) == {"field", "message"}
        return
    assert set(result) == {"id", "answer", "edition", "reasons"}
    assert result["reasons"]
    for reason in result["reasons"]:
        assert {"clause", "rule", "text"} <= reason.keys() <= {"clause", "rule", "text", "law"}
        assert re.fullmatch(r"(IX|VA|SP|RC|MM)-[A-Z]+-\d\dR?", reason["rule"])
        assert all(isinstance(value, str) and value for value in reason.values())
    assert_shaped(example["ask"], result["answer"])


@pytest.mark.parametrize("topic", LEAST)
def test_the_least_facts_suffice_and_none_of_them_can_be_left_out(topic: str) -> None:
    service = service_of(topic)
    assert_shaped(topic, answer(topic, service=service, **LEAST[topic]))
    for left_out in LEAST[topic]:
        others = {name: value for name, value in LEAST[topic].items() if name != left_out}
        if (topic, left_out) == ("admission", "accepted"):  # Nobody has accepted the terms: that is an answer too.
            assert_shaped(topic, answer(topic, service=service, **others))
        else:
            assert refused_field(topic, service=service, **others) == left_out


@pytest.mark.req("IX-GEN-05")
@pytest.mark.parametrize(("topic", "name"), [(topic, name) for topic, facts in FACTS.items() for name in facts])
def test_every_stated_fact_is_taken_and_checked(topic: str, name: str) -> None:
    right, wrong = FACTS[topic][name]
    service = service_of(topic, name)
    least = LEAST_AT.get((topic, service), LEAST[topic]) | WITH.get((topic, name), {})
    assert_shaped(topic, answer(topic, service=service, **{**least, name: right}))
    assert refused_field(topic, service=service, **{**least, name: wrong}) == name
    assert refused_field(topic, service=service, **{**least, f"{name}_": right}) == f"{name}_"


@pytest.mark.parametrize("topic", TOPICS)
def test_the_tables_state_every_fact(topic: str) -> None:
    assert {*TOPICS[topic].facts} == {*FACTS[topic]}


@pytest.mark.parametrize(
    ("topic", "facts", "default"),
    [
        ("coverage", {"shipped": "2025-04-22"}, {"purchase_proof": True}),
        ("coverage", {}, {"extension_kits": 0}),
        ("registration", {}, {"bodies": 1}),
        ("window", {}, {"part": "hardware"}),
        ("entitlement", {}, {"part": "hardware"}),
        ("restoration", {"config_backup_available": True}, {"config_backup_readable": True}),
        ("fee", {}, {"basis": "excluded"}),
        ("fee", {}, {"consent": True}),
        ("fee", {}, {"engineers": 1}),
        ("traffic", {}, {"protocol": "ipv4"}),
        ("traffic", {}, {"through_utm": True}),
        ("stop_notice", {}, {"daily_at": "09:00"}),
        ("desk_scope", {}, {"contract_active": True}),
        ("insurance", {}, {"own_network": True, "crime": False}),
    ],
)
def test_a_stated_default_stands_for_a_fact_left_out(
    topic: str, facts: dict[str, Any], default: dict[str, Any]
) -> None:
    least, unknown = LEAST[topic] | facts, dict.fromkeys(default)
    given = [ask(topic, service=service_of(topic), **least | further) for further in ({}, default, unknown)]
    assert given[0] == given[1] == given[2]


@pytest.mark.parametrize(
    ("topic", "facts", "field"),
    [
        ("coverage", {"purchase_proof": False}, "shipped"),
        ("coverage", {"end_of_sale": "2025-06-17", "support_limit": "2025-06-16"}, "support_limit"),
        ("window", {"start_weekday": None}, "start_weekday"),
        ("window", {"part": "desk"}, "part"),
        ("entitlement", {"coverage": {"start": "2025-06-17", "end": "2025-06-16"}}, "coverage"),
        ("entitlement", {"cause": "EX-01"}, "cause"),
        ("entitlement", {"work": "OX-03"}, "work"),
        ("extension", {"end_of_sale": "2025-06-17", "support_limit": "2025-06-16"}, "support_limit"),
        ("reperformance", {"failed": "2025-06-16"}, "failed"),
        ("reperformance", {"claimed": "2025-06-16"}, "claimed"),
        ("confidentiality", {"form": "oral", "documented": "2025-06-16"}, "documented"),
        ("confidentiality", {"agreed_until": "2025-06-16"}, "agreed_until"),
        ("damages", {"noticed": "2025-06-17", "claimed": "2025-06-16"}, "claimed"),
        ("fee", {"finished": _MOMENT}, "finished"),
        ("fee", {"engineers": 2}, "estimate_approved"),
        ("stop_notice", {"recovered": _EARLIER}, "recovered"),
        ("stop_notice", {"until": _EARLIER}, "until"),
        ("stop_notice", {"until": "2026-08-17T09:00+09:00"}, "until"),
        ("heartbeat", {"last_contact": "2025-06-17T10:01+09:00"}, "last_contact"),
        ("heartbeat", {"last_contact": _MOMENT, "centre_down": [{"from": _MOMENT, "to": _EARLIER}]}, "centre_down"),
        ("retention", {"on": "2025-06-16"}, "on"),
        ("average", {"to": _DAY}, "from"),
        ("average", {"from": _DAY}, "to"),
        ("average", {"from": _DAY, "to": "2025-06-16"}, "to"),
        ("average", {"from": _DAY, "to": "2025-06-18", "on": _DAY}, "to"),
        ("average", {"from": "2025-01-01", "to": "2025-04-01"}, "to"),
        ("replacement_age", {"on": "2025-06-16"}, "manufactured"),
    ],
)
def test_what_contradicts_itself_or_lacks_something_is_refused_by_its_field(
    topic: str, facts: dict[str, Any], field: str
) -> None:
    assert refused_field(topic, service=service_of(topic), **LEAST[topic] | facts) == field


def test_without_proof_the_shipment_stands_in_for_the_purchase() -> None:
    found = answer("coverage", registered="2025-06-03", purchase_proof=False, shipped="2025-04-22")
    assert (found["counted_from"], found["end"], found["purchase_basis"]) == ("2025-04-22", "2028-04-30", "shipped")


@pytest.mark.parametrize("plan", PLANS)
def test_the_moments_of_a_window(plan: str) -> None:
    """Open: it opens at `at`. Round the clock: it never closes. The two-hour target is not of this service."""
    at = {"at": "2025-06-17T01:30:59Z", "start_weekday": "tue"}
    found = answer("window", plan=plan, **at)
    assert (found["open"], found["opens_at"], found["attend_by"]) == (True, "2025-06-17T10:30+09:00", None)
    assert found["closes_at"] == ("2025-06-17T21:00+09:00" if plan.startswith("5d") else None)
    assert answer("window", plan=plan, part="reception", **at)["closes_at"] is None
    evening = answer("window", plan=plan, at="2025-06-17T21:00+09:00", start_weekday="tue")
    assert (evening["open"], evening["opens_at"], evening["closes_at"]) == (
        (False, "2025-06-18T08:30+09:00", "2025-06-18T21:00+09:00")
        if plan.startswith("5d")
        else (True, "2025-06-17T21:00+09:00", None)
    )


@pytest.mark.parametrize(
    ("facts", "claim_by", "in_time"),
    [
        ({}, None, None),
        ({"noticed": "2025-06-17"}, "2026-06-17", None),
        ({"noticed": "2025-06-17", "claimed": "2026-06-17"}, "2026-06-17", True),
        ({"noticed": "2025-06-17", "claimed": "2026-06-18"}, "2026-06-17", False),
        ({"claimed": "2025-06-17"}, "2026-06-17", None),
        ({"known": "2025-06-17"}, None, None),
    ],
)
def test_a_claim_is_in_time_or_not_only_where_the_facts_say(
    facts: dict[str, str], claim_by: str | None, in_time: bool | None
) -> None:
    found = answer("damages", **LEAST["damages"], **facts)
    assert (found["claim_by"], found["in_time"]) == (claim_by, in_time)


def test_a_last_day_on_a_day_off_is_named_and_not_moved() -> None:
    """2025-12-05 and 30 days end on Sunday 2026-01-04."""
    found = answer("registration", pack_purchased="2025-12-05", application_received="2025-12-05")
    assert (found["apply_by"], found["answer_by"]) == ("2026-01-04", "2026-01-04")
    assert found["day_off"] == ["apply_by", "answer_by"]
    assert "day_off" not in answer("registration", pack_purchased="2025-06-02")


@pytest.mark.parametrize(
    ("plan", "hint"),
    [("9x5-5Y", "「9x5-5y」ではありませんか。"), ("9x5-2y", "9x5-1y、9x5-3y、"), ("5y", "9x5-1y、9x5-3y、")],
)
def test_no_plan_is_guessed_at_where_several_are_equally_near(plan: str, hint: str) -> None:
    facts = {"purchased": "2025-04-01", "registered": "2025-04-01"}
    error = decide({"id": 1, "ask": "coverage", "service": "video", "plan": plan, "facts": facts})["error"]
    assert error["field"] == "plan"
    assert error["message"].startswith(f"「{plan}」というプランはありません。{hint}")
