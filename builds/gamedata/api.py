"""The official API as a client sees it: entries by id, two hundred a call, patient where it asks for patience.

Answers are kept in a folder until the whole job is done, so that a run that was ended goes on where it stood."""

import hashlib
import os
import random
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import orjson

from gw2optimizer.errors import Unavailable
from gw2optimizer.http import ConfiguredClient, configured

SCHEMA_VERSION = "2024-07-20T01:00:00.000Z"
PAGE = 200
MAX_BYTES = 32 * 1024 * 1024
KEPT_SECONDS = 48 * 3600
"""How old a kept answer may be: the number of a game build does not change with every repair of the data."""

Entry = dict[str, Any]
Progress = Callable[[str, int, int], None]
"""Called with what is fetched, how many calls are done, how many there are."""


@dataclass(frozen=True, slots=True)
class Patience:
    """attempts: of one call. first, longest: seconds between two of them, doubling from one to the other.
    most: seconds that the server may ask for."""

    attempts: int = 6
    first: float = 1.0
    longest: float = 60.0
    most: float = 300.0

    def delay(self, attempt: int) -> float:
        """attempt: 1 after the first. Jittered, so that clients that failed together don't return together."""
        return min(self.longest, self.first * 2.0 ** (attempt - 1)) * random.uniform(0.5, 1.0)


class _TryAgainError(Exception):
    """wait: seconds that the server asked for, None where it asked for none."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class GameApi:
    """A context manager. All methods raise Unavailable when the API gave no usable answer.
    folder: where answers are kept, below it one folder for each game build, language and server."""

    def __init__(
        self,
        base_url: str,
        *,
        folder: Path,
        language: str = "en",
        patience: Patience | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.client: ConfiguredClient = configured(base_url, timeout=(5, 60), max_bytes=MAX_BYTES)
        self.language = language
        self.patience = patience or Patience()
        self.progress: Progress = progress or (lambda what, done, total: None)
        build = self._call("build", {})
        if not isinstance(build, dict) or not isinstance(build.get("id"), int) or build["id"] < 1:
            raise Unavailable(f"{self.client.name} gave no number of a game build.")
        self.game_build: int = build["id"]
        server = hashlib.sha256(self.client.base_url.encode()).hexdigest()[:8]
        self.pages = folder / f"{self.game_build}-{language}-{server}"
        self.pages.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> "GameApi":
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def forget(self) -> None:
        """Drops the kept answers: they are used, or can't be."""
        shutil.rmtree(self.pages, ignore_errors=True)

    def ids(self, endpoint: str) -> list[int]:
        answer = self._kept(endpoint, {})
        if not isinstance(answer, list) or not all(isinstance(id_, int) for id_ in answer):
            raise Unavailable(f"{self.client.name} gave something else than ids for {endpoint}.")
        self.progress(endpoint + " ids", 1, 1)
        return answer

    def all(self, endpoint: str) -> list[Entry]:
        entries = self._entries(endpoint, self._kept(endpoint, {"ids": "all"}))
        self.progress(endpoint, 1, 1)
        return entries

    def many(self, endpoint: str, ids: Iterable[int]) -> list[Entry]:
        """The entries of these ids that exist, in the order of their ids."""
        wanted = sorted(set(ids))
        pages = [wanted[start : start + PAGE] for start in range(0, len(wanted), PAGE)]
        found: list[Entry] = []
        for done, page in enumerate(pages, 1):
            answer = self._kept(endpoint, {"ids": ",".join(map(str, page))})
            entries = self._entries(endpoint, answer)
            if not {entry["id"] for entry in entries} <= set(page):
                raise Unavailable(f"{self.client.name} gave other {endpoint} than it was asked for.")
            found += sorted(entries, key=lambda entry: int(entry["id"]))
            self.progress(endpoint, done, len(pages))
        return found

    def _entries(self, endpoint: str, answer: Any) -> list[Entry]:
        whole = isinstance(answer, list) and all(isinstance(e, dict) and "id" in e for e in answer)
        if not whole or len({entry["id"] for entry in answer}) != len(answer):
            raise Unavailable(f"{self.client.name} gave something else than a list of {endpoint}.")
        return answer  # type: ignore[no-any-return]

    def _kept(self, endpoint: str, params: dict[str, str]) -> Any:
        name = hashlib.sha256(f"{endpoint}?{params.get('ids', '')}".encode()).hexdigest()[:20]
        path = self.pages / f"{endpoint.replace('/', '-')}-{name}.json"
        try:
            if time.time() - path.stat().st_mtime < KEPT_SECONDS:
                return orjson.loads(path.read_bytes())
        except FileNotFoundError:
            pass
        answer = self._call(endpoint, params)
        # Renamed when it is whole, so that a kept answer is never half of one.
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(orjson.dumps(answer))
        part.replace(path)
        return answer

    def _call(self, endpoint: str, params: dict[str, str]) -> Any:
        for attempt in range(1, self.patience.attempts + 1):
            try:
                return self._ask(endpoint, params)
            except _TryAgainError as error:
                if attempt == self.patience.attempts:
                    raise Unavailable(f"{error} It was asked {attempt} times for {endpoint}.") from error
                if error.wait is not None and error.wait > self.patience.most:
                    raise Unavailable(f"{error} It wants a pause of {error.wait:.0f} seconds.") from error
                time.sleep(max(error.wait or 0.0, self.patience.delay(attempt)))
        raise AssertionError("unreachable")

    def _ask(self, endpoint: str, params: dict[str, str]) -> Any:
        headers = {"X-Schema-Version": SCHEMA_VERSION}
        query = params if endpoint == "build" or self.language == "en" else {**params, "lang": self.language}
        name = self.client.name
        try:
            response = self.client.get(endpoint, params=query, headers=headers)
        except Unavailable as error:
            raise _TryAgainError(error.message) from error
        status = response.status_code
        if status == 429 or status >= 500:
            raise _TryAgainError(f"{name} answered with status {status}.", _wait(response.headers.get("Retry-After")))
        if status == 404 and "ids" in params and params["ids"] != "all":
            return []  # none of the ids exists any more
        if status not in (200, 206):  # 206: some of the ids do not exist
            raise Unavailable(f"{name} answered {endpoint} with status {status}.")
        try:
            return orjson.loads(response.content)
        except orjson.JSONDecodeError as error:
            raise _TryAgainError(f"{name} answered {endpoint} with something else than JSON.") from error


def _wait(header: str | None) -> float | None:
    """Seconds of a Retry-After, which is a number or a date; None for neither."""
    if not header:
        return None
    if header.strip().isdigit():
        return float(header)
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Answers:
    """What one sync asked for, as the API gave it. newest: per endpoint the highest id that it lists."""

    game_build: int
    professions: Sequence[Entry]
    specializations: Sequence[Entry]
    traits: Sequence[Entry]
    skills: Sequence[Entry]
    skill_ids: frozenset[int]
    legends: Sequence[Entry]
    pets: Sequence[Entry]
    itemstats: Sequence[Entry]
    items: Sequence[Entry]
    amulets: Sequence[Entry]
    newest: dict[str, int]


def download(api: GameApi, *, items: Iterable[int], itemstats: Iterable[int], seen: dict[str, int]) -> Answers:
    """items, itemstats: ids that are known. Of the many others only those above `seen` are asked for: the API
    lists 70,000 items, and ids only grow."""
    professions = api.all("professions")
    specializations = api.all("specializations")
    traits = api.many("traits", (t for s in specializations for t in _ints(s, "minor_traits", "major_traits")))
    skill_ids = api.ids("skills")
    skills = api.many("skills", skill_ids)
    item_ids, stat_ids = api.ids("items"), api.ids("itemstats")
    return Answers(
        game_build=api.game_build,
        professions=professions,
        specializations=specializations,
        traits=traits,
        skills=skills,
        skill_ids=frozenset(skill_ids),
        legends=api.all("legends"),
        pets=api.all("pets"),
        itemstats=api.many("itemstats", {*itemstats, *(i for i in stat_ids if i > seen["itemstats"])}),
        items=api.many("items", {*items, *(i for i in item_ids if i > seen["items"])}),
        amulets=api.all("pvp/amulets"),
        newest={
            "items": max([seen["items"], *item_ids]),
            "itemstats": max([seen["itemstats"], *stat_ids]),
        },
    )


def _ints(entry: Entry, *keys: str) -> list[int]:
    return [id_ for key in keys for id_ in entry.get(key, ()) if isinstance(id_, int)]
