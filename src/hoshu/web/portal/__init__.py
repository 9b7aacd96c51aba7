"""Screens of customers and resellers."""
