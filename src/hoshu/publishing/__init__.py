"""The operator's own editions: drafts that designers work on, and what was published from them, never to change."""
