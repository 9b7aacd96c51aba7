"""Licences, registrations, agreements and their revisions, devices."""


class Refused(Exception):
    """A step that the rules do not allow: `message` says in Japanese what to do instead, `clause` on what ground."""

    def __init__(self, message: str, clause: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.clause = clause
