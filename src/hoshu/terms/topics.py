"""Every topic of the engine, once. A new one is a module with its `Topic` and a line here."""

from collections.abc import Mapping

from .change import CHANGE
from .confidentiality import CONFIDENTIALITY
from .costs import COSTS
from .coverage import COVERAGE
from .damages import DAMAGES
from .entitlement import ENTITLEMENT
from .extension import EXTENSION
from .refund import REFUND
from .registration import REGISTRATION
from .reperformance import REPERFORMANCE
from .restoration import RESTORATION
from .terms_change import TERMS_CHANGE
from .topic import Topic
from .transfer import TRANSFER
from .window import WINDOW

TOPICS: Mapping[str, Topic] = {
    topic.name: topic
    for topic in (
        COVERAGE,
        REGISTRATION,
        WINDOW,
        ENTITLEMENT,
        RESTORATION,
        CHANGE,
        EXTENSION,
        REFUND,
        TERMS_CHANGE,
        REPERFORMANCE,
        CONFIDENTIALITY,
        DAMAGES,
        COSTS,
        TRANSFER,
    )
}
