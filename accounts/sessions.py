"""The session engine: Django's own in the database, with columns that tell whose session it is and from where."""

from datetime import datetime, timedelta
from typing import Any, override

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Session
from accounts.models.logins import LONGEST_AGENT
from gw2optimizer.ratelimits import client_address

# How exact "last used" is: a page must not cost a write.
USE_NOTED_EVERY = timedelta(minutes=5)

# Kept in the session's own data, since the store knows no request.
_BEGUN, _ADDRESS, _AGENT = "_begun_at", "_address", "_agent"


class SessionStore(DatabaseStore):
    last_used_at: datetime | None = None

    @classmethod
    @override
    def get_model_class(cls) -> type[Session]:
        return Session

    @override
    def create_model_instance(self, data: dict[str, Any]) -> Session:
        now = timezone.now()
        begun = data.get(_BEGUN)
        self.last_used_at = now
        return Session(
            session_key=self._get_or_create_session_key(),  # type: ignore[attr-defined]  # the stubs lack it
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            user_id=data.get(SESSION_KEY),
            created_at=datetime.fromisoformat(begun) if begun else now,
            last_used_at=now,
            address=data.get(_ADDRESS),
            agent=data.get(_AGENT, ""),
        )

    @override
    def load(self) -> dict[str, Any]:
        row = self._get_session_from_db()  # type: ignore[attr-defined]  # the stubs lack it
        if row is None:
            return {}
        self.last_used_at = row.last_used_at
        return self.decode(row.session_data)


def note_origin(request: HttpRequest) -> None:
    """Writes into the session of somebody who has just logged in where that was."""
    request.session[_BEGUN] = timezone.now().isoformat()
    request.session[_ADDRESS] = client_address(request)
    request.session[_AGENT] = agent_of(request)


def agent_of(request: HttpRequest) -> str:
    """What the browser calls itself, without what can't be seen."""
    text = request.headers.get("User-Agent", "")[:LONGEST_AGENT]
    return "".join(character for character in text if character.isprintable())


def note_use(request: HttpRequest) -> None:
    """Keeps "last used" true to a few minutes. A session that was saved or ended meanwhile needs nothing."""
    store: Any = request.session
    seen = getattr(store, "last_used_at", None)
    now = timezone.now()
    if seen is not None and now - seen >= USE_NOTED_EVERY:
        Session.objects.filter(session_key=store.session_key).update(last_used_at=now, address=client_address(request))
