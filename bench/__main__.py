"""`python -m bench [NAME ...]`: every measurement there is, or the named ones."""

import sys
from importlib import import_module

MEASUREMENTS = ("decide", "opentime", "portfolio", "cases", "imports", "search")

for name in sys.argv[1:] or MEASUREMENTS:
    import_module(f"bench.{name}").run()
