"""What the site stores about people, as the privacy page tells it. Each app says its own in `AppConfig.ready()`;
numbers come from where the code reads them, so that the page can't promise what nobody keeps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from accounts import devices
from accounts.jwt import Access, Refresh
from accounts.services import logins, mails, moderation, tokens
from accounts.services.login_tokens import FAMILY_LIFE


@dataclass(frozen=True, slots=True)
class Keeping:
    """what: is stored. why: it is. until: when it goes."""

    name: str
    what: str
    why: str
    until: str


@dataclass(frozen=True, slots=True)
class Cookie:
    name: str
    why: str
    until: str


_SENTRY = ". Failures are also sent to an error tracker (Sentry), without personal data"

_told: dict[str, Callable[[], Sequence[Keeping]]] = {}


def register_keeping(part: str, told: Callable[[], Sequence[Keeping]]) -> None:
    """part: whose it is, such as "builds". told: called for each page, since settings may be changed in tests."""
    if part in _told:
        raise ValueError(f"{part} has told what it keeps already")
    _told[part] = told


def keepings() -> list[Keeping]:
    return [entry for told in _told.values() for entry in told()]


def in_time(length: timedelta) -> str:
    """Such as "90 days", "a year", "1 hour"."""
    days, seconds = length.days, length.seconds
    if days == 365:
        return "a year"
    count, unit = (days, "day") if days else (seconds // 3600, "hour") if seconds >= 3600 else (seconds // 60, "minute")
    return f"{count} {unit}{'' if count == 1 else 's'}"


def kept_of_accounts() -> list[Keeping]:
    return [
        Keeping(
            "Your account",
            "username, shown name, e-mail address, what you wrote about yourself, language, time zone, usual game "
            "mode, the day you joined, and your password as a hash (Argon2id) from which nobody reads it back",
            "to know you again, and to reach you about the account",
            "until you change it or delete the account",
        ),
        Keeping(
            "Sessions",
            "when one began and was last used, the IP address, what the browser calls itself",
            "to keep you logged in, and so that you can see and end sessions",
            f"until you log out or end it, at most {in_time(timedelta(seconds=settings.SESSION_COOKIE_AGE))} after "
            "it was last renewed",
        ),
        Keeping(
            "Log-ins",
            "each try with its time, outcome, IP address and browser, also wrong ones",
            "to stop whoever guesses passwords, and to show you who tried",
            f"{in_time(logins.KEPT_FOR)}; {in_time(logins.UNKNOWN_KEPT_FOR)} where the name belongs to nobody, and "
            "then the name itself is not stored",
        ),
        Keeping(
            "Tokens for scripts and apps",
            "name, rights, when it was made, last used and ends; of the token itself a hash; of log-ins by API also IP "
            "address and program",
            "to let your programs in",
            f"personal ones {in_time(tokens.ENDED_KEPT_FOR)} after their end; log-ins by API end after "
            f"{in_time(FAMILY_LIFE)} and are removed {in_time(Refresh.lifetime)} later",
        ),
        Keeping(
            "Letters",
            "which letter went to which address, and when",
            "to send it again if it is lost, and not to fill a mailbox",
            in_time(mails.KEPT_FOR),
        ),
        Keeping(
            "What you do here",
            "which builds and teams you rated, played, saved, copied, picked or edited, what was shown beside them, "
            "and the wish that you typed for a recommendation",
            "to recommend better. You can switch it off under Settings",
            "not removed by age yet; your name is cut off it when you delete the account",
        ),
        Keeping(
            "Reports",
            "what you reported or asked moderators for, in your words",
            "for moderators to decide",
            f"{in_time(moderation.SETTLED_KEPT_FOR)} after the decision; your name is cut off it when you delete "
            "your account",
        ),
        Keeping(
            "Counters against floods",
            "how often an account or address asked for something, under a hash",
            "so that nobody can take the site from the others",
            "minutes to hours, by kind; what counts a share of a day, until that day is over",
        ),
        Keeping(
            "Acts of staff",
            "what moderators and admins did to what, when, and from which IP address; of what it was done to only "
            "kind and id",
            "so that staff can be held to what they do",
            "it stays; your name is cut off it when your account goes",
        ),
        Keeping(
            "The server's log",
            "which kind of page was asked for, the outcome and how long it took, with a random request id; no "
            "password, token or mail address",
            "to find what broke",
            "as long as whoever runs this site keeps logs" + (_SENTRY if settings.SENTRY_DSN else ""),
        ),
    ]


def cookies() -> list[Cookie]:
    """What may stand in a browser; only the theme is not needed."""
    return [
        Cookie(
            settings.SESSION_COOKIE_NAME,
            "Keeps you logged in; set when you log in.",
            in_time(timedelta(seconds=settings.SESSION_COOKIE_AGE)),
        ),
        Cookie(
            settings.CSRF_COOKIE_NAME,
            "Proves that a form was sent from this site.",
            in_time(timedelta(seconds=settings.CSRF_COOKIE_AGE)),
        ),
        Cookie(
            settings.DEVICE_COOKIE_NAME,
            "Says, signed, that you logged in from this browser before, so that strangers who guess your password "
            "can't lock you out.",
            in_time(devices.LIFE),
        ),
        Cookie("theme", "Dark or light, set only when you press the switch.", "a year"),
        Cookie("messages", "Carries a sentence such as “Saved.” to the next page.", "until that page is shown"),
        Cookie(
            f"{settings.ACCESS_COOKIE_NAME}, {settings.REFRESH_COOKIE_NAME}",
            "Only for programs that log in by the API and ask for cookies.",
            f"{in_time(Access.lifetime)} and {in_time(Refresh.lifetime)}",
        ),
    ]
