"""How PostgreSQL runs a read: its plan with times, and nothing in it that tells of rows the caller may not see."""

from collections.abc import Mapping
from typing import Any

import orjson

EXPLAIN = b"explain (analyze, costs off, buffers off, timing on, summary on, format json) "

TOLD = (
    "Node Type",
    "Parent Relationship",
    "Subplan Name",
    "Strategy",
    "Join Type",
    "Relation Name",
    "Alias",
    "Index Name",
    "CTE Name",
    "Function Name",
    "Index Cond",
    "Hash Cond",
    "Merge Cond",
    "Join Filter",
    "Filter",
    "Sort Key",
    "Actual Rows",
    "Actual Loops",
    "Actual Total Time",
)
"""What is shown of a node. Estimates and the rows that a filter threw away count other tenants' rows, too."""


def explained(sql: bytes | None, found: bytes | None) -> dict[str, Any]:
    """`sql` is the statement, `plan` its nodes, `planningMs` and `executionMs` the time of a run of its own.

    All but `sql` are missing where no statement was needed; then `sql` is None.
    """
    if sql is None or found is None:
        return {"sql": None}
    [told] = orjson.loads(found)
    return {
        "sql": sql.decode(),
        "plan": _node(told["Plan"]),
        "planningMs": told["Planning Time"],
        "executionMs": told["Execution Time"],
    }


def _node(node: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: node[name] for name in TOLD if name in node}
    below = [_node(one) for one in node.get("Plans", ())]
    return {**shown, "Plans": below} if below else shown
