"""A clock, a mailbox and a way to count hashes for tests of accounts."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Mail
from accounts.services.mails import deliver
from tests.factories import PASSWORD
from tests.hashers import QuickArgon2

NEW_PASSWORD = "eleven skritt dance"
NEWCOMER = {"username": "Taimi", "email": "taimi@example.com", "password": PASSWORD}


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: self.now)

    def go(self, **much: float) -> datetime:
        self.now += timedelta(**much)
        return self.now


def post_letters() -> list[Any]:
    """What the worker does with all that waits; returns the letters that this sent."""
    before = len(mail.outbox)
    for key in Mail.objects.filter(sent_at=None).order_by("created_at", "id").values_list("pk", flat=True):
        deliver(key)
    return mail.outbox[before:]


def link_in(letter: Any) -> str:
    """The path of the one link of ours in a letter."""
    [path] = re.findall(r"http://127\.0\.0\.1:8000(/\S+)", letter.body)
    return str(path)


def log_in(client: Client, identifier: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/login/", {"identifier": identifier, "password": password, **more})


def errors_of(response: Any) -> dict[str, list[str]]:
    return {name: list(texts) for name, texts in response.context["form"].errors.items()}


def counted_hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows with each password that is hashed or checked."""
    hashes: list[str] = []

    def counted(method: Callable[..., Any], name: str) -> Callable[..., Any]:
        def call(*args: object, **kwargs: object) -> Any:
            hashes.append(name)
            return method(*args, **kwargs)

        return call

    monkeypatch.setattr(QuickArgon2, "encode", counted(QuickArgon2.encode, "encode"))
    monkeypatch.setattr(QuickArgon2, "verify", counted(QuickArgon2.verify, "verify"))
    return hashes
