"""Every topic of the engine, once. A new one is a module of that name with its `TOPIC`, and its name here."""

from collections.abc import Iterator, Mapping
from importlib import import_module

from .topic import Topic

_NAMES = (
    "coverage",
    "registration",
    "window",
    "entitlement",
    "restoration",
    "fee",
    "alarm",
    "software_support",
    "upgrade",
    "change",
    "extension",
    "refund",
    "terms_change",
    "reperformance",
    "confidentiality",
    "damages",
    "costs",
    "transfer",
    "ending",
    "handover",
    "inquiry",
    "billing",
    "insurance",
    "failure_level",
    "slo",
    "maintenance",
    "desk_scope",
    "rating",
    "alert_mail",
    "stop_notice",
    "heartbeat",
    "traffic",
    "retention",
    "average",
    "replacement_age",
    "erase",
    "telemetry",
    "contact",
    "admission",
    "use",
    "disclosure",
)


class _Topics(Mapping[str, Topic]):
    """Topics by name. Each is imported when it is first asked for, as a command asks one or two of them."""

    def __getitem__(self, name: str) -> Topic:
        if name not in _NAMES:
            raise KeyError(name)
        topic: Topic = import_module(f"{__package__}.{name}").TOPIC
        return topic

    def __contains__(self, name: object) -> bool:
        return name in _NAMES

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)


TOPICS: Mapping[str, Topic] = _Topics()
