"""`coverage` and what follows from it for the five services, written by hand in numpy: every rule once more, no clause.

Names and serial numbers are numbers from the start, and dates datetime64: no time is counted for that.
"""

from typing import Any

import numpy as np
import pyarrow as pa

D, M = "M8[D]", "M8[M]"
NAT = np.datetime64("NaT")
YEARS = {f"{head}{years}y": years for head in ("", "5d-", "7d-", "9x5-", "24x7-") for years in range(1, 8)}
SERVICES = ("ix", "video", "supportpack", "remote-care", "mimamori")


def columns(table: pa.Table) -> dict[str, Any]:
    """The book as arrays."""
    found: dict[str, Any] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        cells = column.combine_chunks()
        if name == "service":
            found[name] = np.array([SERVICES.index(cell) for cell in cells.to_pylist()])
        elif name == "plan":
            found["years"] = np.array([YEARS.get(cell, 0) for cell in cells.to_pylist()])
        elif name == "serial":
            found[name] = cells.dictionary_encode().indices.to_numpy()
        elif pa.types.is_timestamp(cells.type):
            found[name] = cells.to_numpy(zero_copy_only=False).astype("M8[s]")
        elif pa.types.is_boolean(cells.type):
            found[name] = cells.fill_null(True).to_numpy(zero_copy_only=False)
        elif pa.types.is_integer(cells.type):
            found[name] = cells.fill_null(0).to_numpy()
        else:
            found[name] = cells.to_numpy(zero_copy_only=False).astype(D)
    return found


def elapsed(day: Any, years: Any) -> Any:
    month = day.astype(M)
    return (month + 12 * years).astype(D) + (day - month.astype(D))


def within_months(event: Any, months: int) -> Any:
    first = event + 1
    month = first.astype(M)
    target = month + months
    return np.minimum(target.astype(D) + (first - month.astype(D)), (target + 1).astype(D)) - 1


def month_end(day: Any) -> Any:
    return (day.astype(M) + 1).astype(D) - 1


def earlier(day: Any, other: Any) -> Any:
    """The earlier one; NaT is no day."""
    return np.fmin(day, other)


def answer(given: dict[str, Any], as_of: Any, expiring: int) -> dict[str, Any]:
    """Every column of the answer; NaT, -1 and 0 stand for none."""
    service, count = given["service"], len(given["service"])
    as_of = np.datetime64(as_of, "D")
    out: dict[str, Any] = {
        name: np.full(count, NAT, D)
        for name in ("counted_from", "start", "end", "hardware_end", "software_end", "warranty_end")
    }
    out |= {name: np.full(count, NAT, D) for name in ("extension_from", "extension_new_end")}
    out |= {name: np.zeros(count, np.int8) for name in ("cap", "purchase_basis")}
    out |= {name: np.full(count, -1, np.int8) for name in ("in_time", "extension_buyable", "extension_by_approval")}
    out["days_used"] = np.full(count, NAT, "m8[D]")
    for number, work_out in enumerate((_ix, _video, _supportpack, _remote_care, _mimamori)):
        rows = np.flatnonzero(service == number)
        for name, column in work_out({name: column[rows] for name, column in given.items()}, as_of).items():
            out[name][rows] = column
    start, end = out["start"], out["end"]
    ended = end < as_of
    out["active"] = (start <= as_of) & ~ended
    out["days_left"] = np.where(ended, np.timedelta64("NaT"), end - as_of)
    out["expiring"] = (end <= as_of + expiring) & ~ended
    out["gap_days"], out["overlap_days"] = _between(given["serial"] * len(SERVICES) + service, start, end)
    return out


def _served(counted_from: Any, start: Any, end: Any) -> dict[str, Any]:
    served = start <= end
    return {
        "counted_from": counted_from,
        "start": np.where(served, start, NAT),
        "end": np.where(served, end, NAT),
        "days_used": np.where(served, start - counted_from, np.timedelta64("NaT")),
    }


def _ix(given: dict[str, Any], on: Any) -> dict[str, Any]:
    proven = given["purchase_proof"]
    bought = np.where(proven, given["purchased"], given["shipped"])
    counted = earlier(bought, given["card_deadline"] + 1)
    end = month_end(elapsed(counted, given["years"]))
    for kit in (1, 2):
        end = np.where(given["extension_kits"] >= kit, within_months(end, 12), end)
    recorded = given["support_limit"]
    limit = np.where(np.isnat(recorded), within_months(given["end_of_sale"], 60), recorded)
    capped = limit < end
    end = earlier(end, limit)
    stopped = given["ended_early"] < end
    end = earlier(end, given["ended_early"])
    found = _served(counted, np.maximum(given["registered"], bought), end)
    found["cap"] = np.where(stopped, 3, np.where(capped, 1, 0))
    found["purchase_basis"] = np.where(proven, 1, 2)
    return {**found, **_extension(found["end"], limit, on)}


def _extension(end: Any, limit: Any, on: Any) -> dict[str, Any]:
    month = end.astype(M)
    opened = month - 3
    opens = np.minimum(opened.astype(D) + (end - month.astype(D)), (opened + 1).astype(D) - 1)
    full = within_months(end, 12)
    new_end = earlier(full, limit)
    beyond, early, late = limit <= end, on < opens, on > new_end
    sellable = ~(beyond | early | late) & ~np.isnat(end)
    by_approval = sellable & ((on > end) | (new_end < full))
    known = ~np.isnat(end)
    return {
        "extension_from": opens,
        "extension_new_end": np.where(beyond | (late & ~early), NAT, new_end),
        "extension_buyable": np.where(known, sellable & ~by_approval, -1),
        "extension_by_approval": np.where(known, by_approval, -1),
    }


def _video(given: dict[str, Any], on: Any) -> dict[str, Any]:
    bought, years = given["purchased"], given["years"]
    end = elapsed(bought, years)
    limit = np.where(years >= 6, NAT, within_months(given["production_ended"], 60))
    capped = limit < end
    hardware = earlier(end, limit)
    stopped = given["ended_early"] < end
    end = earlier(end, given["ended_early"])
    found = _served(bought, given["registered"], end)
    served = ~np.isnat(found["end"])
    found["hardware_end"] = np.where(served, earlier(hardware, end), NAT)
    found["software_end"] = found["end"]
    found["warranty_end"] = elapsed(bought, given["warranty_years"])
    found["cap"] = np.where(stopped, 3, np.where(capped, 2, 0))
    applied, last = given["application_received"], given["pack_purchased"] + 30
    found["in_time"] = np.where(np.isnat(applied) | np.isnat(last), -1, applied <= last)
    return found


def _supportpack(given: dict[str, Any], on: Any) -> dict[str, Any]:
    inspected, years, applied = given["inspected"], given["years"], given["application_received"]
    bought = np.where(np.isnat(inspected), given["purchased"], inspected)
    end = elapsed(bought, years)
    half_year = within_months(bought, 6)
    limit = np.where((years >= 6) & (applied <= half_year), NAT, given["parts_until"])
    capped = limit < end
    end = earlier(end, limit)
    stopped = given["ended_early"] < end
    end = earlier(end, given["ended_early"])
    found = _served(bought, given["registered"], end)
    found["cap"] = np.where(stopped, 3, np.where(capped, 2, 0))
    last = given["pack_purchased"] + 30
    late = (applied > last) | (applied > half_year)
    found["in_time"] = np.where(late, 0, np.where(np.isnat(applied) | np.isnat(last), -1, 1))
    return found


def _remote_care(given: dict[str, Any], on: Any) -> dict[str, Any]:
    start, end = _day(given["accepted"]), _day(given["ends"]) - 1
    return _open(start, start, end)


def _mimamori(given: dict[str, Any], on: Any) -> dict[str, Any]:
    return _open(given["contract_start"], _day(given["initial_set"]), month_end(given["cancelled"]))


def _open(counted_from: Any, start: Any, end: Any) -> dict[str, Any]:
    nothing = end < start
    return {
        "counted_from": counted_from,
        "start": np.where(nothing, NAT, start),
        "end": np.where(nothing, NAT, end),
    }


def _day(moment: Any) -> Any:
    return (moment + np.timedelta64(9, "h")).astype(D)


def _between(unit: Any, start: Any, end: Any) -> tuple[Any, Any]:
    gap, overlap = np.full(len(unit), -1), np.full(len(unit), -1)
    rows = np.flatnonzero(~np.isnat(start))
    unit, first = unit[rows], start[rows].view(np.int64)
    last = np.where(np.isnat(end[rows]), 10**8, end[rows].view(np.int64))
    order = np.lexsort((last, first, unit))
    rows, unit, first, last = rows[order], unit[order], first[order], last[order]
    latest = np.maximum.accumulate(unit * 10**9 + last)[:-1] - unit[1:] * 10**9
    same = unit[1:] == unit[:-1]
    both = np.minimum(latest, last[1:])
    gap[rows[1:]] = np.where(same, np.maximum(first[1:] - latest - 1, 0), -1)
    overlap[rows[1:]] = np.where(same & (both < 10**8), np.maximum(both - first[1:] + 1, 0), -1)
    return gap, overlap
