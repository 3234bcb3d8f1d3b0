"""Lists by keyset: a page starts after a row, not after a number of rows, so that a late page costs what the first
does and nothing is seen twice while rows come and go."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from django.db.models import F, Model, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from gw2optimizer.errors import MalformedInput

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Order:
    """fields: column to how its value is read from a cursor; the last one is unique. All run in one direction,
    which is what lets one index answer."""

    fields: Mapping[str, Callable[[Any], Any]]
    descending: bool

    @property
    def columns(self) -> list[str]:
        """For `order_by`."""
        return [f"-{column}" if self.descending else column for column in self.fields]


def moment(value: Any) -> datetime:
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError("no time zone")
    # Here, since a database would break on a moment that UTC does not have.
    return found.astimezone(UTC)


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("not a flag")
    return value


def text(value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError("not a text that a database holds")
    return value


def number(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**31:
        raise ValueError("not a number that a database holds")
    return value


@dataclass(frozen=True, slots=True)
class Page[M: Model]:
    items: list[M]
    next_cursor: str | None
    first: bool


def page_of[M: Model](rows: QuerySet[M], order: Order, cursor: str = "", size: int = PAGE_SIZE) -> Page[M]:
    """cursor: `next_cursor` of the page before, "" for the first. Costs one query.
    Raises MalformedInput for a cursor that was not made here."""
    items = list(rows_from(rows, order, cursor)[: size + 1])
    more = len(items) > size
    items = items[:size]
    return Page(items, cursor_of(items[-1], order) if more else None, not cursor)


def rows_from[M: Model](rows: QuerySet[M], order: Order, cursor: str) -> QuerySet[M]:
    """The rows that come after the cursor, in order. Raises MalformedInput."""
    rows = rows.order_by(*order.columns)
    if not cursor:
        return rows
    compare = TupleLessThan if order.descending else TupleGreaterThan
    # Nothing beside the tuple: with the first column bounded on its own as well, SQLite starts in the index there and
    # steps over every row between.
    place = tuple(read_values(cursor, order.fields.values()))
    return rows.filter(compare(Tuple(*(F(column) for column in order.fields)), place))


def cursor_of(row: Model, order: Order) -> str:
    """The cursor of the page that begins after the row."""
    return encoded([getattr(row, column) for column in order.fields])


def encoded(values: Sequence[Any]) -> str:
    """A place in a list as an address holds it."""
    return urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def read_values(cursor: str, readers: Collection[Callable[[Any], Any]]) -> list[Any]:
    """What `encoded` was given. Raises MalformedInput."""
    try:
        values = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(readers):
            raise ValueError("wrong length")
        return [read(value) for read, value in zip(readers, values, strict=True)]
    except (ValueError, TypeError, AttributeError, OverflowError, binascii.Error) as error:
        raise MalformedInput("The list can't go on from there: its cursor is not one of ours.") from error
