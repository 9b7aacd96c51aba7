"""個人情報: who agreed to what, what is held and why, what was shown to whom, what leaked, what is erased."""


class Refused(Exception):
    """A step that is not allowed: `message` says in Japanese what to do instead, `clause` on what ground.

    `field` names the entry of the form that is at fault, where one is.
    """

    def __init__(self, message: str, clause: str = "", *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.clause = clause
        self.field = field
