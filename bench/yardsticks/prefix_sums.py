# ruff: noqa
# fmt: off
"""Open minutes by prefix sums and bisect over windows written out beforehand: the yardstick, taken over unchanged.

Tue-Sat 08:30-21:00 without the public holidays, 2024 to 2031; minutes are counted from EP.
"""
import bisect, datetime as dt, holidays

JP = holidays.country_holidays("JP", years=range(2023, 2032)); HOL = sorted(JP)
O, C = dt.time(8, 30), dt.time(21, 0); D0, D1 = dt.date(2024, 1, 1), dt.date(2031, 12, 31); EP = dt.datetime(2024, 1, 1)
days = [d for i in range((D1 - D0).days + 1) if (d := D0 + dt.timedelta(days=i)).weekday() in (1, 2, 3, 4, 5) and d not in JP]
S = [int((dt.datetime.combine(d, O) - EP).total_seconds()) // 60 for d in days]; L = 750; P = [i * L for i in range(len(S) + 1)]
def add(m, n):                      # m: minute since EP; n: working minutes; variable-length windows would use E[i]-S[i]
    i = bisect.bisect_right(S, m) - 1
    w = P[i] + min(m - S[i], L) if i >= 0 else 0
    w += n; j = bisect.bisect_left(P, w) - 1
    return S[j] + w - P[j]
def worked(m):
    i = bisect.bisect_right(S, m) - 1; return P[i] + min(m - S[i], L) if i >= 0 else 0
def between(a, b): return worked(b) - worked(a)
