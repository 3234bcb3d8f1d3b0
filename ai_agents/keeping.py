"""What the agents store about people, for the privacy page."""

from accounts.keeping import Keeping, in_time
from ai_agents.models.agent_run import KEPT
from ai_agents.services.runs.starting import KEPT_WITHOUT_ACCOUNT


def kept_of_agents() -> list[Keeping]:
    return [
        Keeping(
            "What you ask the recommender and the team commander",
            "your words with the choices beside them, the steps of the answer and the answer; without an account "
            "under a hash of your address",
            "to work on it in the background, to show it to you again, and to answer the same question once",
            f"{in_time(KEPT)}; {in_time(KEPT_WITHOUT_ACCOUNT)} without an account",
        ),
    ]
