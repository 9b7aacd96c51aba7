# ruff: noqa
# fmt: off
"""The same decision for zen-engine: its rules as a JDM graph, taken over unchanged, and its fastest way to ask."""
from .plain import EXCL

def jdm():
    rules = [{"_id": f"r{i}", "c": f'"{k}"', "o": "true", "k": f'"{k}"'} for i, k in enumerate(EXCL)] + \
            [{"_id": "rd", "c": "", "o": "false", "k": '""'}]
    ex = [("base", "d(purchase).startOf('month').add(years, 'year').endOf('month').format('%Y-%m-%d')"),
          ("cap", "eos == null ? '9999-12-31' : d(eos).startOf('month').add(5, 'year').endOf('month').format('%Y-%m-%d')"),
          ("capped", "d($.cap) < d($.base)"), ("end", "$.capped ? $.cap : $.base"),
          ("day", "d(req).format('%Y-%m-%d')"), ("dow", "d(req).weekday()"),
          ("minute", "d(req).hour() * 60 + d(req).minute()"),
          ("in_hours", "$.dow in [2..6] and $.minute in [510..1260)")]
    fin = [("started", "d(day) >= d(purchase)"), ("expired", "d(day) > d(end)"),
           ("covered", "$.started and not $.expired and not excluded"), ("dispatch_now", "$.covered and in_hours"),
           ("reasons", "filter([capped ? 'CAPPED' : '', $.started ? '' : 'NOT_STARTED', $.expired ? 'EXPIRED' : '', excl_code, in_hours ? '' : 'HOURS'], # != '')"),
           ("end", "end")]
    def expr(i, rows, p): return {"id": i, "name": i, "type": "expressionNode", "content": {"expressions": [
        {"id": f"{i}{n}", "key": k, "value": v} for n, (k, v) in enumerate(rows)], "passThrough": p}}
    nodes = [{"id": "in", "name": "in", "type": "inputNode"}, expr("dates", ex, True),
             {"id": "excl", "name": "excl", "type": "decisionTableNode", "content": {"hitPolicy": "first", "passThrough": True,
              "inputs": [{"id": "c", "name": "Code", "field": "code"}],
              "outputs": [{"id": "o", "name": "Excluded", "field": "excluded"}, {"id": "k", "name": "Code", "field": "excl_code"}], "rules": rules}},
             expr("final", fin, False), {"id": "out", "name": "out", "type": "outputNode"}]
    ids = [n["id"] for n in nodes]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes,
            "edges": [{"id": f"e{i}", "type": "edge", "sourceId": a, "targetId": b} for i, (a, b) in enumerate(zip(ids, ids[1:]))]}

def asker():
    """zen's best path: `evaluate(key)` with a static loader."""
    import zen
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"cov": jdm()}}})
    return lambda question: engine.evaluate("cov", question)
