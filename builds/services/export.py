"""What an account's export holds of its builds, its searches for gear and its filters."""

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from builds.models import Build, BuildRevision, GearRun, SavedFilter

if TYPE_CHECKING:
    from accounts.models import User


def export_builds(user: "User") -> list[dict[str, Any]]:
    """Own builds, oldest first, each with all of its revisions; two queries however many there are."""
    revisions = Prefetch("revisions", BuildRevision.objects.order_by("number"))
    rows = Build.objects.filter(owner=user).order_by("created_at", "id").prefetch_related(revisions)
    return [_plain(build) for build in rows]


def _plain(build: Build) -> dict[str, Any]:
    return {
        "id": str(build.pk),
        "name": build.name,
        "visibility": build.visibility,
        "share_key": build.share_key,
        "hidden_at": build.hidden_at.isoformat() if build.hidden_at else None,
        "hidden_reason": build.hidden_reason,
        "origin": build.origin,
        "description": build.description,
        "difficulty": build.difficulty,
        "tags": build.tags,
        "source_url": build.source_url,
        "source_label": build.source_label,
        "created_at": build.created_at.isoformat(),
        "updated_at": build.updated_at.isoformat(),
        "version": build.version,
        "build": build.spec,
        "revisions": [
            {
                "number": revision.number,
                "name": revision.name,
                "description": revision.description,
                "note": revision.note,
                "created_at": revision.created_at.isoformat(),
                "build": revision.spec,
            }
            for revision in build.revisions.all()
        ],
    }


def export_gear_runs(user: "User") -> list[dict[str, Any]]:
    """Own searches that are still kept, oldest first."""
    return [
        {
            "id": str(run.pk),
            "of_build": str(run.build_id) if run.build_id else None,
            "build": run.spec,
            "wish": run.request,
            "status": run.status,
            "result": run.result,
            "error": run.error_message,
            "created_at": run.created_at.isoformat(),
            "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        }
        for run in GearRun.objects.filter(owner=user).order_by("created_at", "id")
    ]


def export_saved_filters(user: "User") -> list[dict[str, Any]]:
    """By name."""
    return [
        {"name": saved.name, "query": saved.query, "created_at": saved.created_at.isoformat()}
        for saved in SavedFilter.objects.filter(owner=user)
    ]
