"""Every write of a build. A row is made from a valid BuildSpec alone, and each save is a revision."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Activity
from accounts.services.activity import record_activity
from builds.access import refuse_publishing
from builds.catalogue import current_catalogue
from builds.gamedata import Catalogue
from builds.gamedata.names import plain
from builds.models import Build, BuildRevision
from builds.services.index import cell_of, count_change, index_build
from builds.spec import BuildSpec, parse_build, plain_json
from builds.spec.shapes import clean_name, is_readable
from builds.spec.template import specialization_name
from gw2optimizer.errors import Conflict, InvalidInput, NotFound

if TYPE_CHECKING:
    from accounts.models import User

log = structlog.get_logger(__name__)

MAX_TAGS = 10
MAX_TAG_LENGTH = 30
MAX_DESCRIPTION = 10_000
MAX_NOTE = 200

# What `update_build` takes beside the value.
FIELDS = frozenset(
    {"name", "visibility", "description", "difficulty", "tags", "source_url", "source_label", "as_of", "is_fresh"}
)


@transaction.atomic
def create_build(*, owner: "User", spec: BuildSpec, origin: str = Build.Origin.TYPED, **fields: Any) -> Build:
    """spec: from `parse_build`. fields: what `_create` takes beside them. Raises InvalidInput for those, NotAllowed for
    publishing without a verified address."""
    build = _create(owner=owner, spec=spec, origin=origin, **fields)
    verb = Activity.Verb.PICKED if origin == Build.Origin.RECOMMENDED else Activity.Verb.SAVED
    record_activity(user=owner, verb=verb, target_kind="build", target_id=build.pk)
    return build


def _create(
    *,
    owner: "User",
    spec: BuildSpec,
    origin: str,
    visibility: str = Build.Visibility.PRIVATE,
    description: str = "",
    difficulty: int | None = None,
    tags: Sequence[str] = (),
    source_url: str = "",
    source_label: str = "",
    library_key: str | None = None,
    as_of: datetime | None = None,
    is_fresh: bool = True,
) -> Build:
    refuse_publishing(owner, visibility)
    now = timezone.now()
    build = Build(
        owner=owner,
        origin=origin,
        visibility=visibility,
        description=description,
        difficulty=difficulty,
        tags=clean_tags(tags),
        source_url=source_url,
        source_label=source_label,
        library_key=library_key,
        is_fresh=is_fresh,
        as_of=as_of or now,
        created_at=now,
        updated_at=now,
    )
    write_spec(build, spec, current_catalogue())
    _save(build)
    index_build(build, was_public=False)
    count_change(None, cell_of(build))
    _add_revision(build, author=owner, note="")
    log.debug("build_created", build=str(build.pk), origin=origin)
    return build


@transaction.atomic
def update_build(
    *,
    build_id: uuid.UUID,
    author: "User",
    version: int | None,
    spec: BuildSpec | None = None,
    note: str = "",
    **fields: Any,
) -> Build:
    """version: the one the author has seen; None writes over whatever is there.
    fields: of FIELDS. Raises NotFound for a build that is gone, Conflict where somebody saved in between, InvalidInput
    for what the build can't hold; nothing is written then."""
    if unknown := fields.keys() - FIELDS:
        raise TypeError(f"update_build has no {', '.join(sorted(unknown))}")
    build = Build.objects.select_for_update(of=("self",)).select_related("owner").filter(pk=build_id).first()
    if build is None:
        raise NotFound("There is no such build any more.")
    if version is not None and build.version != version:
        raise Conflict(
            f"This build was saved in the meantime (version {build.version}, you had {version}). "
            "Nothing was overwritten: copy what you have, reload, and save again."
        )
    if build.visibility != Build.Visibility.PUBLIC:
        refuse_publishing(build.owner, fields.get("visibility", build.visibility))
    before, counted = _state(build), cell_of(build)
    now = timezone.now()
    if "tags" in fields:
        fields["tags"] = clean_tags(fields["tags"])
    name = fields.pop("name", None)
    for field, value in fields.items():
        setattr(build, field, value)
    spec = spec or build.value
    if name is not None:
        spec = replace(spec, name=clean_name(name))
    write_spec(build, spec, current_catalogue())
    if _content(build.spec) != _content(before["spec"]):
        build.as_of, build.is_fresh = fields.get("as_of", now), fields.get("is_fresh", True)
    after = _state(build)
    if after == before:
        return build
    # Every change counts, who may see it above all: an old form must not open again what was closed since.
    build.version += 1
    build.updated_at = now
    _save(build)
    index_build(build, was_public=before["visibility"] == Build.Visibility.PUBLIC)
    count_change(counted, cell_of(build))
    changed = ", ".join(name for name in after if after[name] != before[name] and name not in _IN_REVISION)
    _add_revision(build, author=author, note=note or (f"Changed: {changed}" if changed else ""))
    log.debug("build_saved", build=str(build.pk), version=build.version)
    return build


@transaction.atomic
def restore_revision(*, build_id: uuid.UUID, number: int, author: "User", version: int | None) -> Build:
    """The build becomes what it was; what it is now stays in its history. Raises InvalidInput for a number that is
    not in the history or a revision that the present game data no longer knows."""
    revision = BuildRevision.objects.filter(build=build_id, number=number).first()
    if revision is None:
        raise InvalidInput("There is no such revision.", fields={"number": ["There is no such revision."]})
    spec = parse_build(revision.spec, current_catalogue()).spec
    return update_build(
        build_id=build_id,
        author=author,
        version=version,
        spec=spec,
        description=revision.description,
        note=f"Restored revision {number}",
    )


@transaction.atomic
def copy_build(*, source: Build, owner: "User") -> Build:
    """A private copy for the owner; source: a build that the owner may see."""
    build = _create(
        owner=owner,
        spec=source.value,
        origin=Build.Origin.IMPORTED,
        description=source.description,
        difficulty=source.difficulty,
        tags=source.tags,
        source_url=source.source_url,
        source_label=source.source_label or f"{source.name}, {source.owner.username}",
    )
    record_activity(user=owner, verb=Activity.Verb.COPIED, target_kind="build", target_id=source.pk)
    return build


@transaction.atomic
def delete_build(*, build: Build) -> None:
    key = str(build.pk)
    locked = Build.objects.select_for_update(of=("self",)).filter(pk=build.pk).first()
    if locked is None:
        raise NotFound("There is no such build any more.")
    count_change(cell_of(locked), None)
    locked.delete()
    log.info("build_deleted", build=key)


def clean_tags(tags: Sequence[str]) -> list[str]:
    """Trimmed, lower case, without repeats. Raises InvalidInput for too many or too long ones."""
    cleaned = list(dict.fromkeys(tag.strip().lower() for tag in tags if tag.strip()))
    text = f"Up to {MAX_TAGS} tags of up to {MAX_TAG_LENGTH} characters."
    if any(not is_readable(tag) for tag in cleaned):
        text = "A tag holds a character that can't be seen."
    elif len(cleaned) <= MAX_TAGS and all(len(tag) <= MAX_TAG_LENGTH for tag in cleaned):
        return cleaned
    raise InvalidInput(text, fields={"tags": [text]})


# What a revision holds itself, and what follows from it.
_IN_REVISION = frozenset({"name", "description", "spec", "as_of", "is_fresh"})


def _state(build: Build) -> dict[str, Any]:
    return {field: getattr(build, field) for field in ("name", "spec", *sorted(FIELDS - {"name"}))}


def _content(spec: dict[str, Any]) -> dict[str, Any]:
    """What decides whether a build is up to date: another name does not make an old build new."""
    return {key: value for key, value in spec.items() if key != "name"}


def write_spec(build: Build, spec: BuildSpec, catalogue: Catalogue) -> None:
    """Sets the value and every column that repeats a part of it; saves nothing."""
    specialization = specialization_name(spec, catalogue)
    build.spec = plain_json(spec)
    build.name = spec.name
    build.profession = spec.profession
    build.elite_specialization = "" if specialization == spec.profession else specialization
    build.game_mode = spec.game_mode
    build.wvw_style = spec.wvw_style or ""
    build.role = spec.role or ""
    build.template_code = spec.template_code
    build.name_key = plain(spec.name)[:120]
    words = (
        spec.name,
        specialization,
        spec.profession,
        spec.role or "",
        *spec.secondary_roles,
        spec.game_mode,
    )
    build.search_text = " ".join(plain(part) for part in (*words, *build.tags))[:600]


def _save(build: Build) -> None:
    errors: dict[str, list[str]] = {}
    try:
        build.full_clean(exclude={"owner"}, validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        errors |= error.message_dict
    for field, most in (("description", MAX_DESCRIPTION), ("source_label", None), ("source_url", None)):
        text = getattr(build, field) or ""
        # A text field has no limit of its own, and no database takes every character.
        if most is not None and len(text) > most:
            errors[field] = [f"This is longer than {most} characters."]
        elif not is_readable(text, lines=True):
            errors[field] = ["It holds a control character."]
    if errors:
        field, texts = next(iter(errors.items()))
        raise InvalidInput(f"The build can't be saved: {field}: {texts[0]}", fields=errors)
    build.save()


def _add_revision(build: Build, *, author: "User", note: str) -> None:
    BuildRevision.objects.create(
        build=build,
        number=build.version,
        name=build.name,
        description=build.description,
        spec=build.spec,
        author=author,
        note=note[:MAX_NOTE],
    )
