"""The rules: question in, answer with its reasons out. Pure."""
