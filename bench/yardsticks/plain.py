# ruff: noqa
# fmt: off
"""One coverage-and-entitlement decision in hand-written Python: the yardstick, taken over unchanged.

end = month_end(purchase + N years); end = min(end, month_end(end_of_sale + 5y)); covered if purchase <= day <= end and
the fault code is not one of 25 exclusions; dispatch now if Tue..Sat 08:30 <= t < 21:00; give all reasons.
"""
import calendar, datetime as dt, random

EXCL = {f"X{i:02d}": f"Exclusion {i}: not covered (clause 7.{i})" for i in range(1, 26)}
CODES = [f"X{i:02d}" for i in range(1, 61)]

def gen(n, seed=1):
    r = random.Random(seed); out = []
    base = dt.date(2017, 1, 1)
    for _ in range(n):
        p = base + dt.timedelta(days=r.randrange(3600))
        eos = (p + dt.timedelta(days=r.randrange(-200, 1500))) if r.random() < .6 else None
        q = dt.datetime.combine(p, dt.time()) + dt.timedelta(minutes=r.randrange(-1440*30, 1440*3000))
        out.append({"purchase": p.isoformat(), "years": r.choice((1, 3, 5, 7)), "eos": eos.isoformat() if eos else None,
                    "req": q.isoformat(timespec="seconds"), "code": r.choice(CODES)})
    return out

TXT = {"EXPIRED": "Coverage ended", "NOT_STARTED": "Before purchase date", "HOURS": "Outside Tue-Sat 08:30-21:00",
       "CAPPED": "End date capped at end of sale + 5 years"}
def month_end(d, years):
    y = d.year + years
    return dt.date(y, d.month, calendar.monthrange(y, d.month)[1])
def decide(x):
    p = dt.date.fromisoformat(x["purchase"]); q = dt.datetime.fromisoformat(x["req"]); e = x["eos"]
    end = month_end(p, x["years"]); reasons = []
    if e is not None:
        cap = month_end(dt.date.fromisoformat(e), 5)
        if cap < end: end = cap; reasons.append("CAPPED")
    day = q.date(); cov = True
    if day < p: cov = False; reasons.append("NOT_STARTED")
    if day > end: cov = False; reasons.append("EXPIRED")
    c = x["code"]
    if c in EXCL: cov = False; reasons.append(c)
    m = q.hour * 60 + q.minute
    inh = 1 <= q.weekday() <= 5 and 510 <= m < 1260
    if not inh: reasons.append("HOURS")
    return {"end": end.isoformat(), "covered": cov, "dispatch_now": cov and inh, "reasons": reasons}
def decide_text(x):
    r = decide(x); r["texts"] = [EXCL.get(k) or TXT[k] for k in r["reasons"]]; return r
