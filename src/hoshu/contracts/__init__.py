"""Licences, applications, agreements and their revisions, devices: who is owed what."""
