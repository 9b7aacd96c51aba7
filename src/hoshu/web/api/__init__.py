"""Doors for programs: JSON over HTTP with tokens."""
