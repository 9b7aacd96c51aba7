"""HTTP: console (staff), portal (customers), api (partners), entrance (login, set-up)."""
