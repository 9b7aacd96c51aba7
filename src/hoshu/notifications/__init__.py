"""What we tell people: the message registry, letters as PDF, the outbox and its channels."""
