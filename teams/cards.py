"""What teams show on the dashboard."""

from accounts.cards import Card, Content
from accounts.models import User
from teams.models import Team

SHOWN = 6


def teams_card(user: User) -> Content:
    teams = list(Team.objects.filter(owner=user).for_list().order_by("-updated_at", "-id")[:SHOWN])
    return Content({"teams": teams}, is_empty=not teams)


TEAMS = Card("teams", "My teams", "teams/cards/teams.html", teams_card, order=30, all="teams:mine")
