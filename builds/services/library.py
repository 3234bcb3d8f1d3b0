"""The starter library as public builds of the system owner."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from django.db import transaction

from accounts.models import User
from accounts.services import system_owner
from builds.catalogue import current_catalogue
from builds.library.records import LibraryRecord
from builds.models import Build
from builds.models.build import UNDATED
from builds.services.builds import create_build, update_build
from builds.spec import parse_build, plain_json
from gw2optimizer.errors import InvalidInput

log = structlog.get_logger(__name__)

_PART_WORDS = {
    "weapons_in_code": "the weapons in the code", "game_mode": "game mode", "wvw_style": "WvW style",
    "template_code": "code", "secondary_roles": "second roles", "elite_specialization": "specialization",
    "specializations": "traits",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loaded:
    """refused: names of builds that the present game data does not know any more, with the reason."""

    created: int
    updated: int
    unchanged: int
    refused: tuple[str, ...]


@transaction.atomic
def load_records(records: Iterable[LibraryRecord]) -> Loaded:
    """All or nothing, and the same again when called again: a record is known by its key."""
    owner = system_owner()
    present = {build.library_key: build for build in Build.objects.filter(owner=owner, library_key__isnull=False)}
    created = updated = unchanged = 0
    refused: list[str] = []
    for record in records:
        build = present.get(record.key)
        try:
            outcome = _load_one(record, build, owner)
        except InvalidInput as error:
            refused.append(f"{record.build['name']}: {error.message}")
            continue
        created += outcome == "created"
        updated += outcome == "updated"
        unchanged += outcome == "unchanged"
    if created or updated or refused:
        log.info("library_loaded", created=created, updated=updated, unchanged=unchanged, refused=len(refused))
    return Loaded(created, updated, unchanged, tuple(refused))


def _load_one(record: LibraryRecord, build: Build | None, owner: User) -> str:
    as_of = datetime.fromisoformat(record.published).replace(tzinfo=UTC) if record.published else UNDATED
    if build is not None and (build.spec, build.as_of, build.is_stale) == (record.build, as_of, record.stale):
        return "unchanged"
    # Packed from checked builds, but a newer snapshot may be active by now.
    spec = parse_build(record.build, current_catalogue()).spec
    if build is not None and build.spec == plain_json(spec) and (build.as_of, build.is_stale) == (as_of, record.stale):
        return "unchanged"
    if build is None:
        create_build(
            owner=owner,
            spec=spec,
            origin=Build.Origin.IMPORTED,
            visibility=Build.Visibility.PUBLIC,
            description=_provenance(record),
            source_label=record.source[:300],
            source_url=source_address(record.source),
            library_key=record.key,
            as_of=as_of,
            is_fresh=not record.stale,
        )
        return "created"
    update_build(
        build_id=build.pk,
        author=owner,
        version=None,
        spec=spec,
        description=_provenance(record),
        as_of=as_of,
        is_fresh=not record.stale,
    )
    return "updated"


_REPOSITORY = re.compile(r"([\w.-]+/[\w.-]+):")
_SITE_PAGE = re.compile(r"([\w-]+\.com/[\w./-]+)")


def source_address(source: str) -> str:
    """The page of a source: "owner/repository:path" is one of GitHub's, "site.com/page/ ..." that page; else ""."""
    if found := _REPOSITORY.match(source):
        return f"https://github.com/{found[1]}"
    if found := _SITE_PAGE.match(source):
        return f"https://{found[1]}"
    return ""


def _provenance(record: LibraryRecord) -> str:
    parts = [_PART_WORDS.get(part, part) for part in record.derived]
    return f"Worked out here, not published as such: {', '.join(parts)}." if parts else ""
