"""People, organisations, sites and roles; who may see what. Every check lives in `access`."""


class Refused(ValueError):
    """Something about people or organisations that cannot be so: `field` names the entry, `message` is for people."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message
