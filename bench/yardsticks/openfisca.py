# ruff: noqa
# fmt: off
"""The same decision for openfisca-core, its variables taken over unchanged: one simulation for one question."""
import datetime as dt

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable
from openfisca_core.periods import DateUnit
from openfisca_core.simulation_builder import SimulationBuilder

isx = np.zeros(256, bool); isx[1:26] = True
Item = build_entity(key="item", plural="items", label="item", is_person=True)
Cust = build_entity(key="cust", plural="custs", label="customer", roles=[{"key": "member", "plural": "members", "label": "m"}])
tbs = TaxBenefitSystem([Item, Cust]); ET = DateUnit.YEAR; PER = "2026"  # 46.0.1: a formula on an ETERNITY variable fails (pendulum: year -1 is out of range)
def var(name, typ, formula=None, default=None):
    d = {"value_type": typ, "entity": Item, "definition_period": ET, "label": name}
    if default is not None: d["default_value"] = default
    if formula: d["formula"] = formula
    tbs.add_variable(type(name, (Variable,), d))
M, D = "M8[M]", "M8[D]"
var("purchase", dt.date); var("years", int); var("eos", dt.date, default=dt.date(2900, 1, 1)); var("req_day", dt.date); var("minute", int); var("dow", int); var("code", int)
var("base_end", dt.date, lambda i, p, q=None: (i("purchase", p).astype(M) + (i("years", p) * 12 + 1)).astype(D) - 1)
var("cap_end", dt.date, lambda i, p, q=None: (i("eos", p).astype(M) + 61).astype(D) - 1)
var("end_date", dt.date, lambda i, p, q=None: np.minimum(i("base_end", p), i("cap_end", p)))
var("capped", bool, lambda i, p, q=None: i("cap_end", p) < i("base_end", p))
var("not_started", bool, lambda i, p, q=None: i("req_day", p) < i("purchase", p))
var("expired", bool, lambda i, p, q=None: i("req_day", p) > i("end_date", p))
var("excluded", bool, lambda i, p, q=None: isx[i("code", p)])
var("in_hours", bool, lambda i, p, q=None: (i("dow", p) >= 1) & (i("dow", p) <= 5) & (i("minute", p) >= 510) & (i("minute", p) < 1260))
var("covered", bool, lambda i, p, q=None: ~(i("not_started", p) | i("expired", p) | i("excluded", p)))
var("dispatch_now", bool, lambda i, p, q=None: i("covered", p) & i("in_hours", p))
var("reasons", int, lambda i, p, q=None: i("capped", p) + 2 * i("not_started", p) + 4 * i("expired", p) + 8 * i("excluded", p) + 16 * (~i("in_hours", p)))


def columns(questions):
    """The columns that openfisca reads, one row a question."""
    P = np.array([x["purchase"] for x in questions], "M8[D]"); Y = np.array([x["years"] for x in questions])
    E = np.array([x["eos"] or "NaT" for x in questions], "M8[D]"); Q = np.array([x["req"] for x in questions], "M8[m]")
    C = np.array([int(x["code"][1:]) for x in questions], "i4")
    day = Q.astype(D); dow = (day.view("i8") + 3) % 7; mi = Q.view("i8") - day.view("i8") * 1440; EO = np.where(np.isnat(E), np.datetime64("2900-01-01"), E)
    return {"purchase": P, "years": Y, "eos": EO, "req_day": day, "minute": mi, "dow": dow, "code": C}


def asker(questions):
    """Asks for the question of a number."""
    values = columns(questions)

    def ask(i):
        sim = SimulationBuilder().build_default_simulation(tbs, 1)
        for k_, v in values.items(): sim.set_input(k_, PER, v[i:i + 1])
        return sim.calculate("end_date", PER), sim.calculate("covered", PER), sim.calculate("dispatch_now", PER), sim.calculate("reasons", PER)

    return ask
