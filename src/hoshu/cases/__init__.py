"""A contact becomes a case: intake, exchange, completion."""
