"""取り込み: tables of other people's, tried row by row, then taken in. What a kind of table means is handed in."""


class Refused(Exception):
    """An import that cannot go on like this: `message` says in Japanese what to do instead."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
