"""Lists by keyset: complete, stable, and answered from an index alone."""

import json
import random
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis
import pytest
from django.db import connection
from django.db.models import QuerySet
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from builds.models import Build, BuildRevision
from builds.pagination import BUILD_ORDERS, OWN_BUILDS, REVISIONS, Order, cursor_of, page_of, rows_from
from builds.services.builds import create_build, update_build, write_spec
from builds.spec import BuildSpec, parse_build
from gw2optimizer.errors import MalformedInput
from tests.factories import UserFactory
from tests.specs import minimal, packaged

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
ORDERS = {**BUILD_ORDERS, "own": OWN_BUILDS}


@pytest.fixture
def owner(db: None) -> User:
    return UserFactory()


def value(**changes: Any) -> BuildSpec:
    return parse_build(minimal(**changes), packaged()).spec


def row(owner: User, spec: BuildSpec, **fields: Any) -> Build:
    build = Build(owner=owner, visibility="public", **fields)
    write_spec(build, spec, packaged())
    return build


def many(owner: User, count: int, **fields: Any) -> list[Build]:
    """Few different moments and names, so that the id has to decide."""
    chance = random.Random(3)
    specs = [value(name=f"Build {i}") for i in range(4)]
    return Build.objects.bulk_create(
        row(
            owner,
            chance.choice(specs),
            as_of=NOON + timedelta(microseconds=chance.randrange(5)),
            updated_at=NOON + timedelta(microseconds=chance.randrange(5)),
            is_fresh=chance.random() < 0.7,
            **fields,
        )
        for _ in range(count)
    )


def walk(rows: QuerySet[Build], order: Order, size: int) -> Iterator[list[Build]]:
    cursor: str | None = ""
    while cursor is not None:
        page = page_of(rows, order, cursor, size)
        assert page.first is (cursor == "")
        yield page.items
        cursor = page.next_cursor


# --- walking ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize("count", [0, 1, 4, 5, 47])
def test_a_walk_shows_every_row_once_in_order(owner: User, name: str, count: int) -> None:
    many(owner, count)
    pages = list(walk(Build.objects.all(), ORDERS[name], 5))
    seen = [build.pk for page in pages for build in page]
    assert seen == list(Build.objects.order_by(*ORDERS[name].columns).values_list("pk", flat=True))
    assert len(seen) == count
    assert [len(page) for page in pages[:-1]] == [5] * (len(pages) - 1)
    assert len(pages) == max(1, -(-count // 5))


def test_newest_means_fresh_first_then_by_date(owner: User) -> None:
    days = [NOON - timedelta(days=number) for number in range(4)]
    spec = value()
    Build.objects.bulk_create([row(owner, spec, as_of=day, is_fresh=fresh) for day in days for fresh in (False, True)])
    (page,) = walk(Build.objects.all(), BUILD_ORDERS["newest"], 20)
    assert [(build.is_fresh, build.as_of) for build in page] == [
        (fresh, day) for fresh in (True, False) for day in days
    ]


@pytest.mark.parametrize("name", ORDERS)
def test_rows_that_come_and_go_repeat_and_hide_nothing(owner: User, name: str) -> None:
    order = ORDERS[name]
    stay = {build.pk for build in many(owner, 60)}
    chance = random.Random(5)
    seen: list[uuid.UUID] = []
    for page in walk(Build.objects.all(), order, 7):
        seen += [build.pk for build in page]
        # Rows arrive before and after the place of the reader, and rows already seen, and some not yet, go.
        many(owner, 3)
        gone = chance.sample(sorted(stay), 3)
        Build.objects.filter(pk__in=gone).delete()
        stay -= set(gone)
        if len(seen) > 300:
            pytest.fail("the walk does not end")
    assert len(seen) == len(set(seen))
    assert stay <= set(seen)


def test_the_row_of_the_cursor_may_be_gone(owner: User) -> None:
    many(owner, 12)
    order = BUILD_ORDERS["newest"]
    every = list(Build.objects.order_by(*order.columns))
    first = page_of(Build.objects.all(), order, size=5)
    first.items[-1].delete()
    assert page_of(Build.objects.all(), order, first.next_cursor or "", 5).items == every[5:10]


def test_a_page_holds_its_size_and_knows_the_last(owner: User) -> None:
    many(owner, 20)
    full = page_of(Build.objects.all(), OWN_BUILDS)
    assert (len(full.items), full.next_cursor) == (20, None)
    many(owner, 1)
    first = page_of(Build.objects.all(), OWN_BUILDS)
    assert len(first.items) == 20
    assert len(page_of(Build.objects.all(), OWN_BUILDS, first.next_cursor or "").items) == 1


def test_a_history_is_walked_by_number(owner: User) -> None:
    build = create_build(owner=owner, spec=value())
    for number in range(1, 6):
        update_build(build_id=build.pk, author=owner, version=number, name=f"Name {number}")
    first = page_of(build.revisions.all(), REVISIONS, size=4)
    rest = page_of(build.revisions.all(), REVISIONS, first.next_cursor or "", 4)
    assert [revision.number for revision in (*first.items, *rest.items)] == [6, 5, 4, 3, 2, 1]


# --- cursors ---------------------------------------------------------------------------------------
def encoded(content: str | bytes) -> str:
    return urlsafe_b64encode(content.encode() if isinstance(content, str) else content).decode()


def rows_of(order: Order) -> QuerySet[Any]:
    return BuildRevision.objects.all() if order is REVISIONS else Build.objects.all()


ID = str(uuid.UUID(int=7))
MOMENT = NOON.isoformat()
GARBAGE = [
    "x", "=", "not a cursor", "ü", "\x00", "%", "A" * 5_000, encoded(" "), encoded("p=not-a-date"), encoded(b"\xff"),
    *map(
        encoded,
        (
            "null", "{}", "[]", "1", '"x"', "[" * 3_000, "[1e999]", "NaN",
            json.dumps([True, MOMENT]),
            json.dumps([True, MOMENT, ID, 1]),
            json.dumps([1, MOMENT, ID]),
            json.dumps([None, MOMENT, ID]),
            json.dumps([True, None, ID]),
            json.dumps([True, 5, ID]),
            json.dumps([True, "2026-06-01T12:00:00", ID]),
            json.dumps([True, "2026-13-01T12:00:00Z", ID]),
            json.dumps([True, "0001-01-01T00:00:00+14:00", ID]),
            json.dumps([True, "9999-12-31T23:59:59-14:00", ID]),
            json.dumps([True, MOMENT, "7"]),
            json.dumps([True, MOMENT, 7]),
            json.dumps([True, MOMENT, []]),
            json.dumps([True, MOMENT, {}]),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize("cursor", GARBAGE)
@pytest.mark.parametrize("order", [*ORDERS.values(), REVISIONS], ids=[*ORDERS, "revisions"])
def test_a_cursor_that_is_not_ours_is_refused(order: Order, cursor: str) -> None:
    with pytest.raises(MalformedInput) as caught:
        page_of(rows_of(order), order, cursor)
    assert caught.value.status == 400
    assert caught.value.message == "The list can't go on from there: its cursor is not one of ours."


@pytest.mark.parametrize(
    ("order", "values"),
    [
        ("name", ["a\x00b", ID]), ("name", [5, ID]), ("name", [None, ID]), ("own", ["", ID]), ("own", [True, ID]),
        ("revisions", [True]), ("revisions", [-1]), ("revisions", [2**31]), ("revisions", ["1"]), ("revisions", [1.0]),
    ],
)  # fmt: skip
def test_each_part_of_a_cursor_is_checked(order: str, values: list[Any]) -> None:
    chosen = {**ORDERS, "revisions": REVISIONS}[order]
    with pytest.raises(MalformedInput):
        page_of(rows_of(chosen), chosen, encoded(json.dumps(values)))


def test_a_cursor_of_one_order_does_not_fit_another(owner: User) -> None:
    (build,) = many(owner, 1)
    for name, others in (("newest", ("name", "own")), ("name", ("newest",)), ("own", ("newest", "name"))):
        for other in others:
            with pytest.raises(MalformedInput):
                page_of(Build.objects.all(), ORDERS[name], cursor_of(build, ORDERS[other]))


@pytest.mark.django_db
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@hypothesis.given(
    st.text(max_size=30)
    | st.binary(max_size=30).map(lambda content: encoded(content))
    | st.lists(st.none() | st.booleans() | st.integers() | st.text() | st.datetimes().map(str), max_size=4).map(
        lambda values: encoded(json.dumps(values))
    )
)
def test_any_text_is_a_page_or_is_refused(cursor: str) -> None:
    for order in ORDERS.values():
        try:
            page = page_of(Build.objects.all(), order, cursor)
        except MalformedInput:
            continue
        assert page.items == []


# --- cost ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3, 100])
def test_a_page_costs_one_query_and_none_a_row(
    owner: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    many(owner, count)
    for order in ORDERS.values():
        with django_assert_num_queries(1):
            page = page_of(Build.objects.public().for_list(), order, size=50)
            shown = [(build.owner.username, build.name, build.tags, build.specialization) for build in page.items]
        assert len(shown) == min(count, 50)
        if page.next_cursor:
            with django_assert_num_queries(1):
                rest = page_of(Build.objects.public().for_list(), order, page.next_cursor, 50)
                assert [build.owner.username for build in rest.items] == [owner.username] * 50


LISTS: dict[str, tuple[dict[str, str], str, str]] = {
    "all": ({}, "newest", "build_by_age"),
    "all by name": ({}, "name", "build_by_name"),
    "profession": ({"profession": "Guardian"}, "newest", "build_by_profession"),
    "specialization": ({"elite": "Firebrand"}, "newest", "build_by_elite"),
    "core": ({"elite": "core"}, "newest", "build_by_elite"),
    "mode": ({"mode": "wvw"}, "newest", "build_by_mode"),
    "role": ({"role": "healer"}, "newest", "build_by_role"),
    "profession by name": ({"profession": "Guardian"}, "name", "build_by_profession_name"),
    "specialization by name": ({"elite": "Firebrand"}, "name", "build_by_elite_name"),
    "mode by name": ({"mode": "wvw"}, "name", "build_by_mode_name"),
    "role by name": ({"role": "healer"}, "name", "build_by_role_name"),
}


def plan_of(rows: QuerySet[Build]) -> list[str]:
    sql, parameters = rows.query.sql_with_params()
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN (COSTS OFF)"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A handful of rows is sorted faster than an index is read: ask what it does when it can't sort.
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"{explain} {sql}", parameters)
        return [str(line[-1]) for line in cursor.fetchall()]


def assert_index_alone(rows: QuerySet[Build], order: Order, index: str) -> None:
    (some, *_) = Build.objects.all()[:1]
    columns = ", ".join(order.fields)
    for cursor in ("", cursor_of(some, order)):
        plan = plan_of(rows_from(rows, order, cursor)[:21])
        text = "\n".join(plan)
        # Which index is cheapest, PostgreSQL tells from statistics that a few rows do not have.
        assert index in text if connection.vendor == "sqlite" else "Index" in text
        assert "Sort" not in text
        assert "TEMP B-TREE" not in text
        if not cursor:
            continue
        if connection.vendor == "sqlite":
            compare = "<" if order.descending else ">"
            places = ",".join("?" * len(order.fields))
            assert f"({columns.replace(' ', '')}){compare}({places})" in plan[0]
        else:
            (condition,) = [line for line in plan if "Index Cond" in line and "ROW(" in line]
            assert all(column in condition for column in order.fields)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_the_library_is_read_from_its_index_without_a_sort(owner: User, name: str) -> None:
    many(owner, 3)
    asked, order, index = LISTS[name]
    assert_index_alone(Build.objects.public().matching(**asked), BUILD_ORDERS[order], index)


def test_own_builds_are_read_from_their_index_without_a_sort(owner: User) -> None:
    many(owner, 3)
    assert_index_alone(Build.objects.filter(owner=owner), OWN_BUILDS, "build_by_owner")
