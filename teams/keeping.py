"""What teams store about people, for the privacy page."""

from accounts.keeping import Keeping
from teams.services.rosters import MOST_DAYS, USUAL_DAYS


def kept_of_teams() -> list[Keeping]:
    return [
        Keeping(
            "Your teams",
            "each with its notes, the names of players that you typed in, and all earlier states. Private until you "
            "choose otherwise",
            "to show them to you, and to those you choose",
            "until you delete them or your account",
        ),
        Keeping(
            "Rosters and sign-ups",
            "of each player the name, the note, what they play and when they have time, as the organiser wrote it or "
            "the player by the sign-up link, with or without an account. Only the organiser sees it",
            "to put teams together",
            "until the organiser removes it, or deletes the roster or the account; players who signed up by a link "
            f"can leave by their own link at any time. Sign-up links end after {USUAL_DAYS} days, or what the "
            f"organiser chose, {MOST_DAYS} at most",
        ),
    ]
