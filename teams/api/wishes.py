"""What may be asked of the engine about teams: the same shapes for `/teams/` and `/ai/`."""

import uuid
from typing import Any, override

from rest_framework import serializers

from builds.api.serializers import Choice, Strict, Text, Whole
from builds.catalogue import current_catalogue
from builds.gamedata.model import MODES
from teams.access import readable_team
from teams.api.serializers import TeamInput
from teams.compose import GLAD_WEIGHT, Playing
from teams.compose.players import MOST_WEIGHT
from teams.language import LONGEST_TEXT
from teams.roster import parse_moment
from teams.roster_access import own_roster
from teams.services.advice import MOST_SECONDS, USUAL_SECONDS
from teams.services.given import given_team
from teams.spec import MAX_PLAYERS, TeamSpec

MOST_SEED = 2**31 - 1


class Searching(Strict):
    seed = Whole(required=False, min_value=0, max_value=MOST_SEED, default=1, help_text="The same seed, the same team.")
    seconds = serializers.FloatField(
        required=False, min_value=0.1, max_value=MOST_SECONDS, default=USUAL_SECONDS, help_text="Of search at most."
    )


# The other fields of a wish say which team is meant.
class OfTeam(Strict):
    team = TeamInput(required=False)
    team_id = serializers.UUIDField(required=False, help_text="In place of `team`: one that you may see.")

    @override
    def validate(self, attrs: Any) -> Any:
        if ("team" in attrs) == ("team_id" in attrs):
            raise serializers.ValidationError("Give either `team` or `team_id`.")
        return attrs


class AnalysisQuery(Strict):
    mends = serializers.BooleanField(
        required=False, default=True, help_text="Whether changes are tried, which takes seconds for a full squad."
    )


class AnalysisWish(AnalysisQuery, OfTeam):
    pass


class TeamOptimisationWish(Searching):
    max_changes = Whole(min_value=0, max_value=MAX_PLAYERS, help_text="Places that may take another build.")
    preserve = serializers.ListField(
        child=Whole(min_value=1, max_value=MAX_PLAYERS), required=False, default=list, max_length=MAX_PLAYERS,
        help_text="Numbers of places that stay, from 1; locked ones do so anyway.",
    )  # fmt: skip


class OfTeamOptimisationWish(TeamOptimisationWish, OfTeam):
    pass


class CommandWish(Searching):
    message = Text(max_length=LONGEST_TEXT, allow_blank=True, help_text="English or French, in your own words.")
    mode = Choice(required=False, allow_null=True, choices=MODES)
    language = Choice(required=False, choices=("en", "fr"), help_text="By the words if absent.")
    team = TeamInput(required=False, allow_null=True, help_text="At hand: the message may change it.")
    team_id = serializers.UUIDField(required=False, help_text="In place of `team`: one that you may see.")

    roster_id = serializers.UUIDField(required=False, help_text="A roster of yours: its players take the places.")
    when = Text(required=False, max_length=60, help_text='Whom the roster has then, such as "tuesday 20:00".')
    gladness = serializers.FloatField(
        required=False, min_value=0, max_value=MOST_WEIGHT, help_text="How much it counts what players play gladly."
    )

    @override
    def validate(self, attrs: Any) -> Any:
        if attrs.get("team") is not None and "team_id" in attrs:
            raise serializers.ValidationError("Give only one of `team` and `team_id`.")
        lonely = {name: ["Give `roster_id` beside it."] for name in ("when", "gladness") if name in attrs}
        if lonely and "roster_id" not in attrs:
            raise serializers.ValidationError(lonely)
        return attrs


class ComposeWish(CommandWish):
    message = Text(
        required=False, max_length=LONGEST_TEXT, allow_blank=True, help_text="English or French, in your own words."
    )
    wish = serializers.DictField(required=False, help_text="In place of `message`: the `wish` of a reading, edited.")

    @override
    def validate(self, attrs: Any) -> Any:
        if ("message" in attrs) == ("wish" in attrs):
            raise serializers.ValidationError("Give either `message` or `wish`.")
        return super().validate(attrs)


def team_of(data: dict[str, Any], user: Any) -> TeamSpec | None:
    """Takes `team` or `team_id` out of what was given. Raises NotFound and InvalidInput."""
    key: uuid.UUID | None = data.pop("team_id", None)
    document = data.pop("team", None)
    if key is not None:
        return readable_team(user, key).value
    return None if document is None else given_team(document, user, current_catalogue())[0]


def playing_of(data: dict[str, Any], user: Any) -> Playing | None:
    """Takes `roster_id`, `when` and `gladness` out of what was given. Raises NotFound and InvalidInput."""
    key, when, weight = (data.pop(name, None) for name in ("roster_id", "when", "gladness"))
    if key is None:
        return None
    moment = parse_moment(when) if when else None
    return Playing(own_roster(user, key).value, moment, GLAD_WEIGHT if weight is None else weight)
