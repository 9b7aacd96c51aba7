"""What we tell people: the message registry, letters as PDF, the outbox and its channels."""


class Refused(ValueError):
    """Not put, not printed, not changed: `message` tells the person what is wrong and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
