"""Before a role is known: first page, login, first set-up, design page."""
