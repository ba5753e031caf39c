"""Answers as they look, for the OpenAPI document: one example for each shape of rows, tasks, segments and problems."""

from typing import Any

_NOTE = {
    "row": 8120, "seq": 90412, "source": "api", "id": "n-17", "customer": 1042, "kind": "note",
    "at": "2026-03-21T10:30:00+03:30", "day": "2026-03-21", "subject": "", "text": "Prefers to be called after six",
    "staff": "Mina", "outcome": "", "duration": None, "custom": {},
}  # fmt: skip
_RETURN = {
    "row": 77, "seq": 90433, "source": "shop", "id": "r-31", "order": "o-7001", "customer": 1042,
    "at": "2026-03-28T09:00:00+03:30", "day": "2026-03-28", "product": "tea-500", "quantity": "1",
    "amount": "450", "currency": "EUR", "reason": "Damaged",
}  # fmt: skip
_STORED = {"status": "new", "row": 55012, "customer": 1042, "problems": []}
_REFUSED = {
    "pointer": "/rows/1/at", "code": "date_parsing", "detail": "Input should be a valid date", "remedy": "",
}  # fmt: skip
_TASK = {
    "row": 310, "title": "Call back about the delivery", "notes": "", "customer": 1042, "due_on": "2026-04-02",
    "due_time": "09:30:00", "priority": 1, "assignee": 3, "state": "open", "outcome": "",
}  # fmt: skip
_SEGMENT = {
    "slug": "lost", "name": "Lost", "description": "No longer active.", "kind": "preset", "count": 512,
    "as_of": "2026-03-21", "built_at": "2026-03-21T03:00:00Z", "error": "",
}  # fmt: skip
_MEMBER = {"id": 1042, "key": "c-1001", "name": "Sara Rahimi", "company": "", "location": "Shiraz"}

EXAMPLES: dict[str, Any] = {
    "CustomerRowOut": {
        "id": 1042, "seq": 90410, "name": "Sara Rahimi", "title": "Dr", "company": "", "birthday": "1990-05-01",
        "location": "Shiraz", "joined_at": "2024-01-15", "tags": ["regular"], "custom": {"Size": "M"}, "owner": 3,
        "merged_into": None, "emails": ["sara@example.com"], "phones": ["+989121234567"],
        "keys": [{"source": "shop", "key": "c-1001"}], "risk_band": "raised", "risk": 0.42, "risk_horizon_days": 90,
        "risk_as_of": "2026-03-21",
    },
    "ScoresOut": {
        "next_cursor": None,
        "kind": "orders", "horizon_days": 90, "as_of": "2026-03-21", "verdict": "percent", "lacks": [], "count": 1,
        "rows": [
            {"customer": 1042, "risk_band": "raised", "risk": 0.42, "value_12m": 640.5, "value_36m": 1310.0,
             "value_at_risk": 268.0, "expected_orders": 1.8, "next_order_days": 34},
        ],
    },
    "OrderRowOut": {
        "row": 55012, "seq": 90411, "source": "shop", "id": "o-7001", "customer": 1042,
        "at": "2026-03-21T10:30:00+03:30", "day": "2026-03-21", "status": "completed", "counts": True,
        "currency": "EUR", "location": "Shiraz", "amount": "900", "custom": {},
        "lines": [
            {"row": 55012, "product": "tea-500", "product_name": "Tea, 500 g", "product_line": "Tea", "quantity": "2",
             "amount": "900", "discount": None, "tax": None, "shipping": None},
        ],
        "returns": [_RETURN],
    },
    "ReturnRowOut": _RETURN,
    "SubscriptionRowOut": {
        "row": 902, "seq": 90420, "source": "club", "id": "s-12", "customer": 1042, "plan": "Year", "amount": "120",
        "currency": "EUR", "interval": "1 year", "started_at": "2026-01-01", "ended_at": None, "cancel_reason": "",
        "frozen_from": None, "frozen_until": None, "sessions": None, "sessions_used": None, "last_visit": "2026-03-20",
        "custom": {},
    },
    "EventRowOut": _NOTE,
    "StoredOut": _STORED,
    "BatchOut": {
        "counts": {"new": 1, "changed": 0, "same": 0, "rejected": 1},
        "results": [_STORED, {"status": "rejected", "row": None, "customer": None, "problems": [_REFUSED]}],
    },
    "TaskOut": _TASK,
    "TasksOut": {"rows": [_TASK], "next_cursor": None},
    "SegmentOut": _SEGMENT,
    "SegmentsOut": {"segments": [_SEGMENT]},
    "MembersOut": {"segment": "lost", "count": 512, "members": [_MEMBER], "next_cursor": 1042},
    "ProblemOut": {
        "type": "about:blank", "title": "Unprocessable Content", "status": 422, "code": "row_rejected",
        "detail": "That is no day.", "problems": [_REFUSED],
    },
}  # fmt: skip


def add_examples(document: dict[str, Any]) -> None:
    """Put the examples into the shapes of an OpenAPI document; a page of rows shows one row."""
    shapes = document["components"]["schemas"]
    for name, shape in shapes.items():
        row = shape.get("properties", {}).get("rows", {}).get("items", {}).get("$ref", "").rsplit("/", 1)[-1]
        if name in EXAMPLES:
            shape["example"] = EXAMPLES[name]
        elif row in EXAMPLES and "last_seq" in shape["properties"]:
            shape["example"] = {
                "rows": [EXAMPLES[row]], "next_cursor": None, "last_seq": EXAMPLES[row]["seq"],
            }  # fmt: skip
