"""Measurements against fixed yardsticks: `python -m bench`. Both sides run in turn, and the ratio is what counts."""
