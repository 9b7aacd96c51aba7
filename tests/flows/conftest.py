"""The fixtures that the stories share."""

from tests.flows.registering import desk, known_scans, shop  # noqa: F401  (fixtures)
