"""People, organisations, sites and roles; who may see what. Every check lives in `access`."""
