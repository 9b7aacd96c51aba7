"""The answers somebody acted on: question, answer, reasons and edition, append-only, replayable."""
