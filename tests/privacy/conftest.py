"""The fixtures that the tests of the registers share."""

from tests.flows.registering import desk, known_scans, shop  # noqa: F401  (fixtures)
