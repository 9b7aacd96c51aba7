"""Units under several agreements of one service: how many days lie between them, and how many are paid for twice."""

from typing import NamedTuple

import numpy as np

from .days import NEVER, Numbers


class Gaps(NamedTuple):
    """For each row, looking back to the agreements of the same unit that began before it; NEVER where there is none."""

    gap_days: Numbers
    """Days without service between the end of the earlier ones and the start of this."""
    overlap_days: Numbers
    """Days of this one on which an earlier one serves too; NEVER where the earlier one and this one both never end."""


def gaps(unit: Numbers, service: Numbers, start: Numbers, end: Numbers) -> Gaps:
    """Compared are agreements of one service: another one does not fill its gaps. An end of NEVER is open.

    `unit` and `service` are the places of names; rows that name no unit, or are never served, are left out.
    """
    found = Gaps(*(np.full(len(unit), NEVER, np.int32) for _ in Gaps._fields))
    rows = np.flatnonzero((unit < NEVER) & (start < NEVER))
    # In most books few units stand in several rows.
    rows = rows[np.bincount(unit[rows])[unit[rows]] > 1] if rows.size else rows
    if not rows.size:
        return found
    rows = rows[np.lexsort((end[rows], start[rows], service[rows], unit[rows]))]
    starts, ends = start[rows].astype(np.int64), end[rows].astype(np.int64)
    follows = (unit[rows][1:] == unit[rows][:-1]) & (service[rows][1:] == service[rows][:-1])
    # The latest end so far: the days of each unit lie above those of the one before.
    above = np.concatenate(([0], np.cumsum(~follows))) << 32
    latest = np.maximum.accumulate(above + ends)[:-1] - above[1:]
    both = np.minimum(ends[1:], latest)
    overlap = np.where(both < NEVER, np.maximum(both - starts[1:] + 1, 0), NEVER)
    found.gap_days[rows[1:]] = np.where(follows, np.maximum(starts[1:] - latest - 1, 0), NEVER)
    found.overlap_days[rows[1:]] = np.where(follows, overlap, NEVER)
    return found
