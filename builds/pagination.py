"""The orders in which builds are listed."""

import uuid

from gw2optimizer.pagination import (
    PAGE_SIZE,
    Order,
    Page,
    cursor_of,
    flag,
    moment,
    number,
    page_of,
    rows_from,
    text,
)

__all__ = ["BUILD_ORDERS", "OWN_BUILDS", "PAGE_SIZE", "REVISIONS", "Order", "Page", "cursor_of", "page_of", "rows_from"]

BUILD_ORDERS = {
    "newest": Order({"is_fresh": flag, "as_of": moment, "id": uuid.UUID}, descending=True),
    "name": Order({"name_key": text, "id": uuid.UUID}, descending=False),
}
OWN_BUILDS = Order({"updated_at": moment, "id": uuid.UUID}, descending=True)
REVISIONS = Order({"number": number}, descending=True)
