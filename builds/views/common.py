"""What several pages of a player's own builds need."""

from django import forms
from django.http import HttpRequest

from accounts.models import User
from builds.models import Build
from gw2optimizer.errors import DomainError


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # login_required stands before every caller
    return request.user


def add_errors(form: forms.Form, error: DomainError) -> None:
    """Each at its field where the form has one, else above the form."""
    known = {field: texts for field, texts in error.fields.items() if field in form.fields}
    for field, texts in known.items():
        for text in texts:
            form.add_error(field, text)
    if not known:
        form.add_error(None, error.message)


def saved_at(build: Build) -> str:
    """The page of a build that was just saved: it offers to undo that."""
    return f"{build.get_absolute_url()}?saved"


def undo_of(build: Build) -> int | None:
    """The revision before the present one, where the two differ in what a revision holds."""
    before = build.revisions.filter(number=build.version - 1).first()
    if before is None:
        return None
    same = (before.name, before.description, before.spec) == (build.name, build.description, build.spec)
    return None if same else before.number
