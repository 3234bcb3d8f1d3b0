"""Usernames that nobody may register."""

SYSTEM_OWNER = "GW2Optimizer"

# What a player would take for the site's own voice, or for one of its addresses.
_RESERVED = {
    "admin",
    "administrator",
    "anonymous",
    "api",
    "arenanet",
    "help",
    "me",
    "moderator",
    "root",
    "staff",
    "support",
    "system",
}


def same_name(one: str, other: str) -> bool:
    return one.lower() == other.lower()


def is_reserved(username: str) -> bool:
    return username.lower() in _RESERVED or same_name(username, SYSTEM_OWNER)
