"""The rules: question in, answer with its reasons out. Pure: no clock, no database, nothing outside.

`decide` is the only judge of what a service promises. Screens, jobs, the API and the command line all ask it.
"""

from .engine import decide
from .facts import quoted
from .topic import SAYS_THE_SAME

__all__ = ["SAYS_THE_SAME", "decide", "quoted"]
