"""Hiding what players published, showing it again, and what is said about it. Each act of a moderator is in the log
of staff acts, in the same transaction."""

from datetime import timedelta
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Hideable, Mail, Report, StaffAct, User
from accounts.models.moderation import MOST_CHARACTERS
from accounts.registries import after_hiding, hideables, kind_of
from accounts.services.mails import order_mail
from accounts.services.staff_acts import By, record_staff_act
from gw2optimizer.errors import Conflict, InvalidInput, NotAllowed, NotFound

log = structlog.get_logger(__name__)

LEAST_CHARACTERS = 3
SETTLED_KEPT_FOR = timedelta(days=365)


@transaction.atomic
def hide(*, target: Hideable, by: By, reason: str) -> None:
    """The owner reads the reason: on the page, in the list of their own, in a letter. Open reports are settled by it.
    Raises InvalidInput for a reason that says nothing, Conflict for what is hidden already, NotAllowed for one's own,
    NotFound for what is gone or no longer public."""
    reason = _checked(reason, field="reason")
    row = _locked(target, by)
    if row.is_hidden:
        raise Conflict("This is hidden already. Show it again first to give another reason.")
    if row.visibility != "public":
        raise NotFound("Its owner has closed this in the meantime.")
    _write(row, target, hidden_at=timezone.now(), hidden_reason=reason)
    _settle(row, Report.Outcome.HIDDEN)
    record_staff_act(
        by=by, verb=StaffAct.Verb.HIDDEN, target=row, before={"hidden": False}, after={"hidden": True, "reason": reason}
    )
    _tell_owner(row, Mail.Kind.HIDDEN)
    log.info("hidden", kind=kind_of(row), id=str(row.pk))


@transaction.atomic
def show_again(*, target: Hideable, by: By) -> None:
    """Raises Conflict for what is not hidden, NotAllowed for one's own, NotFound for what is gone."""
    row = _locked(target, by)
    if not row.is_hidden:
        raise Conflict("This is not hidden.")
    before = {"hidden": True, "reason": row.hidden_reason}
    _write(row, target, hidden_at=None, hidden_reason="")
    _settle(row, Report.Outcome.SHOWN)
    record_staff_act(by=by, verb=StaffAct.Verb.SHOWN, target=row, before=before, after={"hidden": False})
    _tell_owner(row, Mail.Kind.SHOWN_AGAIN)
    log.info("shown_again", kind=kind_of(row), id=str(row.pk))


@transaction.atomic
def dismiss(*, target: Hideable, by: By) -> int:
    """Settles what is open and leaves the thing as it is; an owner who asked is told. Returns how many that were.
    Raises Conflict where nothing is open, NotAllowed for one's own, NotFound."""
    row = _locked(target, by)
    asked = open_reports(row).filter(cause=Report.Cause.APPEAL).exists()
    count = _settle(row, Report.Outcome.DISMISSED)
    if not count:
        raise Conflict("Nothing is open here any more: somebody else has decided.")
    after = {"hidden": row.is_hidden, "settled": count}
    record_staff_act(by=by, verb=StaffAct.Verb.DISMISSED, target=row, before={"hidden": row.is_hidden}, after=after)
    if asked:
        _tell_owner(row, Mail.Kind.STAYS_HIDDEN)
    return count


@transaction.atomic
def report(*, target: Hideable, reporter: User, text: str) -> Report:
    """target: public and somebody else's. Raises InvalidInput, Conflict for a second one while the first is open."""
    return _say(Report.Cause.REPORT, target, reporter, text, "You have reported this; it waits for a moderator.")


@transaction.atomic
def appeal(*, target: Hideable, owner: User, text: str) -> Report:
    """Raises InvalidInput, Conflict for what is not hidden, or while a moderator has still to look."""
    row: Hideable | None = _rows(type(target)).filter(pk=target.pk, owner=owner).first()
    if row is None or not row.is_hidden:
        raise Conflict("This is not hidden any more.")
    if row.visibility != "public":
        raise Conflict("Make it public first: what only you may see is not looked at.")
    return _say(Report.Cause.APPEAL, row, owner, text, "You have asked; it waits for a moderator.")


def _say(cause: Report.Cause, target: Hideable, user: User, text: str, twice: str) -> Report:
    text = _checked(text, field="text")
    try:
        with transaction.atomic():
            made = Report.objects.create(
                cause=cause, reporter=user, target_kind=kind_of(target), target_id=target.pk, text=text
            )
    except IntegrityError as error:
        raise Conflict(twice) from error
    log.info("reported", cause=cause, kind=made.target_kind, id=str(made.target_id))
    return made


def open_reports(target: Hideable) -> QuerySet[Report]:
    return Report.objects.filter(target_kind=kind_of(target), target_id=target.pk, closed_at=None)


def reports_on(target: Hideable) -> QuerySet[Report]:
    """All, newest first."""
    rows = Report.objects.filter(target_kind=kind_of(target), target_id=target.pk)
    return rows.select_related("reporter").order_by("-id")


def queue() -> QuerySet[Report]:
    """What is open about things that a moderator can see."""
    seen = Q(pk__in=[])
    for model in hideables().values():
        # Not by the kind, too: ids are of one thing alone, and the kind would lead the database to all that ever was
        # reported of it.
        seen |= Q(Exists(_rows(model).filter(pk=OuterRef("target_id"), visibility="public")))
    return Report.objects.filter(seen, closed_at=None).select_related("reporter")


def targets_of(reports: list[Report]) -> dict[int, Hideable]:
    """Report to what it is about, one query a kind; only what a list shows of it is read."""
    found: dict[int, Hideable] = {}
    for kind, model in hideables().items():
        keys = {entry.target_id for entry in reports if entry.target_kind == kind}
        rows = listed(_rows(model)).in_bulk(keys) if keys else {}
        found |= {e.pk: rows[e.target_id] for e in reports if e.target_kind == kind and e.target_id in rows}
    return found


def listed(rows: QuerySet[Any]) -> QuerySet[Any]:
    fields = ("owner__username", "name", "visibility", "hidden_at", "hidden_reason", "updated_at")
    return rows.select_related("owner").only(*fields)


def delete_settled_reports() -> int:
    """A year after the decision, and at once where the thing itself is gone."""
    old = Q(closed_at__lt=timezone.now() - SETTLED_KEPT_FOR)
    for kind, model in hideables().items():
        old |= Q(~Exists(_rows(model).filter(pk=OuterRef("target_id"))), target_kind=kind)
    count, _ = Report.objects.filter(old).delete()
    return count


def _rows(model: type[Hideable]) -> QuerySet[Any]:
    # The abstract class names columns that only its children have.
    return model._base_manager.all()


def _checked(text: str, *, field: str) -> str:
    text = text.strip()
    if not LEAST_CHARACTERS <= len(text) <= MOST_CHARACTERS:
        wrong = f"Say why, in {LEAST_CHARACTERS} to {MOST_CHARACTERS} characters."
    elif not all(part.isprintable() for part in text.splitlines()):
        wrong = "It holds a character that can't be seen."
    else:
        return text
    raise InvalidInput(wrong, fields={field: [wrong]})


def _locked(target: Hideable, by: By) -> Hideable:
    rows = _rows(type(target)).select_for_update(of=("self",)).select_related("owner")
    row: Hideable | None = rows.filter(pk=target.pk).first()
    if row is None:
        raise NotFound("This is gone.")
    if by.actor is not None and row.owner_id == by.actor.pk and not by.actor.is_superuser:
        raise NotAllowed("Somebody else decides about what is yours.")
    return row


def _write(row: Hideable, target: Hideable, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
        setattr(target, name, value)
    row.save(update_fields=list(values))
    after_hiding(row)


def _settle(row: Hideable, outcome: Report.Outcome) -> int:
    return open_reports(row).update(closed_at=timezone.now(), outcome=outcome)


def _tell_owner(row: Hideable, kind: Mail.Kind) -> None:
    if row.owner.email:
        about = {"kind": kind_of(row), "name": row.name, "reason": row.hidden_reason, "path": row.get_absolute_url()}
        order_mail(kind=kind, to=row.owner.email, user=row.owner, about=about)
