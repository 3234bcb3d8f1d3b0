"""The orders in which teams are listed."""

import math
import uuid
from typing import Any

from gw2optimizer.pagination import PAGE_SIZE, Order, Page, cursor_of, moment, number, page_of, text

__all__ = ["OWN_TEAMS", "PAGE_SIZE", "REVISIONS", "TEAM_ORDERS", "Order", "Page", "cursor_of", "page_of"]


def fraction(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ValueError("not a number that a database holds")
    return float(value)


TEAM_ORDERS = {
    "newest": Order({"updated_at": moment, "id": uuid.UUID}, descending=True),
    "score": Order({"synergy_score": fraction, "id": uuid.UUID}, descending=True),
    "name": Order({"name_key": text, "id": uuid.UUID}, descending=False),
}
OWN_TEAMS = TEAM_ORDERS["newest"]
REVISIONS = Order({"number": number}, descending=True)
