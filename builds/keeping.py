"""What builds store about people, for the privacy page."""

from accounts.keeping import Keeping, in_time
from builds.services.gear_runs import KEPT, MOST_KEPT


def kept_of_builds() -> list[Keeping]:
    return [
        Keeping(
            "Your builds",
            "each with its notes and all earlier states. Private until you choose otherwise; with a public one "
            "everybody sees your username",
            "to show them to you, and to those you choose",
            "until you delete them or your account; copies that others made stay theirs",
        ),
        Keeping(
            "Searches for gear",
            "the build as it was, what you asked for and what was found; without an account under a hash of your "
            "address",
            "so that you find the result again",
            f"{in_time(KEPT)}, and of those that are over the newest {MOST_KEPT}",
        ),
        Keeping(
            "Saved filters of the library",
            "the name that you gave each, and what it filters by",
            "so that you find the same list again",
            "until you delete them or your account",
        ),
        Keeping(
            "Unsaved changes in the editor",
            "the build as you left it, in your browser alone",
            "so that a reload loses nothing",
            "until you save or discard it, or clear the data of this site in your browser",
        ),
    ]
