"""Loads the demo with a quarter of its customers: the same stories in a quarter of the time."""

import sys

from hoshu.cli import main
from hoshu.cli.demo import world

world.FIRMS = world.FIRMS[:10]
sys.exit(main(["demo"]))
