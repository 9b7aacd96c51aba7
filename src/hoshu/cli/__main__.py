"""`python -m hoshu.cli`: how the supervisor starts its children."""

import sys

from hoshu.cli import main

sys.exit(main())
