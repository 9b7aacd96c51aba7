"""Screens of the operator's staff: intake, registration, cases, today."""
