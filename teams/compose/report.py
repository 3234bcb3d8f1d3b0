"""What a composition had to give up or take for granted, as sentences in the commander's language."""

from collections.abc import Callable, Iterable, Sequence

from builds.recommend.fit import MODE_WORDS
from teams.compose.candidates import DOES_ALSO, Option
from teams.compose.demands import role_played
from teams.compose.program import Choice, Slack
from teams.language.model import Who
from teams.language.say import EN, any_of, mode_words

_KINDS = ("role", "name", "place")
"""In the order in which they are given up."""


def relaxed_sentences(
    slacks: Iterable[tuple[Slack, int]],
    off_filler: int,
    filler: tuple[Who, ...],
    language: str,
    why: Callable[[object], str] | None = None,
) -> list[str]:
    """slacks: what was missed, and by how many players. why: where there are players, the reason among them."""
    en = language == EN
    said: list[str] = []
    if off_filler:
        if filler:
            who = any_of(filler, language, 2)
            said.append(
                f"{off_filler} of those who fill the rest are not {who}: there are too few."
                if en
                else f"{off_filler} de ceux qui complètent ne sont pas {who} : il y en a trop peu."
            )
        else:
            said.append(
                f"{off_filler} who fill the rest are of a role whose number you named: there was nobody else."
                if en
                else f"{off_filler} qui complètent ont un rôle dont le nombre est dit : il n'y a personne d'autre."
            )
    grouped: dict[tuple[str, object, int], list[tuple[int | None, int]]] = {}
    for slack, missing in slacks:
        grouped.setdefault((slack.kind, slack.what, slack.wanted), []).append((slack.place, missing))
    for (kind, what, wanted), where in sorted(grouped.items(), key=lambda item: _KINDS.index(item[0][0])):
        missing = sum(number for _, number in where)
        if kind == "place" and why is not None:
            said.append(
                f"Places that stay empty, for want of players who could stand there: {missing}."
                if en
                else f"Places qui restent vides, faute de joueurs possibles : {missing}."
            )
            continue
        if kind == "place":
            said.append(
                f"Places that stay empty, for want of a build that may stand there: {missing}."
                if en
                else f"Places qui restent vides, faute de build possible : {missing}."
            )
            continue
        total = sum(wanted for _ in where)
        who = any_of(_whos(what), language, total)
        groups = [place + 1 for place, _ in where if place is not None]
        place_text = _groups(groups, language)
        if why is not None:
            said.append(
                f"{missing} of the {total} {who}{place_text} could not be had: {why(what)}."
                if en
                else f"{missing} sur {total} {who}{place_text} : {why(what)}."
            )
            continue
        said.append(
            f"{missing} of the {total} {who}{place_text} could not be had: no build that fits, or no room for it."
            if en
            else f"{missing} sur {total} {who}{place_text} : introuvable, ou pas de place."
        )
    return said


def _whos(what: object) -> tuple[Who, ...]:
    assert isinstance(what, tuple)
    if what and isinstance(what[0], Who):
        return what
    if what and isinstance(what[0], tuple):  # names and their roles
        names, roles = what
        return tuple(Who(name.profession, name.elite, roles[0]) for name in names)
    return tuple(Who(role=role) for role in what)


def _groups(groups: Sequence[int], language: str) -> str:
    if not groups:
        return ""
    listed = ", ".join(map(str, groups))
    if language == EN:
        return f" (subgroup{'s' if len(groups) > 1 else ''} {listed})"
    return f" (sous-groupe{'s' if len(groups) > 1 else ''} {listed})"


def choice_notes(choices: Iterable[Choice], mode: str, language: str) -> list[str]:
    """What is not quite as asked for, once for each build."""
    en = language == EN
    said: dict[str, None] = {}
    for choice in choices:
        option = choice.option
        build = option.candidate.build
        role = role_played(option, choice.roles)
        if role and option.plays[role] < DOES_ALSO:
            played = any_of((Who(role=role),), language)
            own = any_of((Who(role=build.role),), language) if build.role else "-"
            said[
                f"“{build.name}” ({option.specialization}) plays as {played}; it was published as {own}."
                if en
                else f"« {build.name} » ({option.specialization}) joue {played} ; il a été publié comme {own}."
            ] = None
        if option.closeness < DOES_ALSO:
            said[_published_elsewhere(option, mode, language)] = None
    return list(said)


def _published_elsewhere(option: Option, mode: str, language: str) -> str:
    build = option.candidate.build
    if language == EN:
        return (
            f"“{build.name}” ({option.specialization}) was published for {MODE_WORDS[build.game_mode]}; "
            f"none that is asked for was for {MODE_WORDS[mode]}."
        )
    return (
        f"« {build.name} » ({option.specialization}) a été publié pour {mode_words(build.game_mode, language)} ; "
        f"aucun de ceux demandés ne l'a été pour {mode_words(mode, language)}."
    )


def gear_notes(missing: Iterable[tuple[Option, str]], language: str) -> list[str]:
    return list(
        dict.fromkeys(
            f"“{option.candidate.build.name}” does not wear {gear}: no build of this name does."
            if language == EN
            else f"« {option.candidate.build.name} » ne porte pas {gear} : aucun build de ce nom ne le fait."
            for option, gear in missing
        )
    )
