"""How many builds each filter of the library leaves, from the table of counts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from builds.models import LibraryCount

FILTERS = ("profession", "elite", "mode", "role")
_COLUMNS = ("profession", "elite_specialization", "game_mode", "role")


@dataclass(frozen=True, slots=True)
class Facets:
    """total: builds that pass all filters. of: filter to value to how many there would be with that value in its
    place; "" for any."""

    total: int
    of: Mapping[str, Mapping[str, int]]


def facets(filters: Mapping[str, str]) -> Facets:
    """filters: of FILTERS, "" or absent for any. The table has a row for each combination there is: hundreds."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in FILTERS}
    total = 0
    for *cell, builds in LibraryCount.objects.filter(builds__gt=0).values_list(*_COLUMNS, "builds"):
        values = dict(zip(FILTERS, cell, strict=True))
        values["elite"] = values["elite"] or "core"
        failed = [name for name in FILTERS if filters.get(name) and filters[name] != values[name]]
        if not failed:
            total += builds
        for name in FILTERS if not failed else failed if len(failed) == 1 else ():
            counts[name][values[name]] += builds
            counts[name][""] += builds
    return Facets(total, counts)
