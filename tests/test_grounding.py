"""No name and no figure of the model's own stands in a sentence that is kept."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_agents.grounding import Offer, Prose, ground
from builds.catalogue import current_catalogue
from tests.ollama_server.garbage import HOSTILE, INVENTED_FIGURES, INVENTED_NAMES, TOKENS


def offer() -> Offer:
    """A trait, a boon and a figure."""
    found = Offer(current_catalogue(), "en")
    assert found.thing("trait", 567) == "trait:567"
    found.named("boon", "Might", "Might")
    assert found.value("82 %", "of the time with quickness") == "value:1"
    return found


def kept(text: str, language: str = "en") -> Prose:
    return ground([text], offer(), language)


GOOD = {
    "It gives [[boon:Might]] to the whole group.": "It gives Might to the whole group.",
    "[[trait:567]] is good here, and I like it.": "{trait} is good here, and I like it.",
    "The group has it for [[value:1]].": "The group has it for 82 % (of the time with quickness).",
    "Without it, the group's damage is lower; keep it!": "Without it, the group's damage is lower; keep it!",
    "This build (with [[trait:567]]) is easy to play…": "This build (with {trait}) is easy to play…",
    "it is well-rounded": "it is well-rounded",
}


@pytest.mark.parametrize(("text", "shown"), GOOD.items())
def test_plain_sentence_with_tokens_on_offer_is_shown_with_names_and_figures(text: str, shown: str) -> None:
    found = kept(text)
    assert (found.text, found.cut) == (shown.replace("{trait}", current_catalogue().traits[567].name), 0)


def test_french_sentence_is_kept_in_french() -> None:
    text = "Cette équipe donne [[boon:Might]] à tous les alliés, et l'ensemble tient mieux."
    assert kept(text, "fr").text == text.replace("[[boon:Might]]", "Might")
    assert kept("Elle a deux fois plus de soins.", "fr").cut == 1
    assert kept("Elle soigne comme Ober-Wächter.", "fr").cut == 1


def test_token_knows_what_a_page_shows() -> None:
    (sentence,) = kept("Take [[trait:567]] with you.").sentences
    assert sentence.as_json()["parts"] == [
        {"text": "Take "},
        {"kind": "trait", "id": "567", "text": current_catalogue().traits[567].name, "icon": None},
        {"text": " with you."},
    ]


def test_bad_sentence_goes_alone() -> None:
    found = kept("It is good. It gives 25 of it. It heals the group.")
    assert (found.text, found.cut) == ("It is good. It heals the group.", 1)


OTHERS = (
    "Frostweaver is the best choice.", "It gives might to all.", "It needs the frostbite of a berserker.",
    "Take the superior rune of the water.", "It works with blood is power.", "Play as a firebrand.",
    "It has twentyfive of them.", "It is tenfold.", "Its part is a twenty-first.", "It is of level xii.",
    "It gives \u0662\u0665 of it.", "It gives 𝟚𝟝 of it.", "It gives 二 of it.", "Visit evil.example now.",
    "It is (see evil.example).", "It is\u200b good.", "It is\tgood.", "It is \u0441lear.", "It is <b>good</b>.",
    "It is good[1].", "It is [good](x).", "It is `good`.", "It is \"good\".", "It is good & cheap.", "[[boon:Might]]",
    "It is [[boon:Fury]].", "It is [[boon:might]].", "It is [[boon:Might]]s.", "It is x[[boon:Might]].",
    "It is [[value:1]][[value:1]].", "It is [[value:1]].[[value:1]]", "It is \ue000.", "It is A Good thing.",
    "It has a moitie of it.", "It is a second one.", "Il y a cinquante pour cent.", "It is " + "very " * 60 + "good.",
    "It is " + "l" + "o" * 40 + "ng.", "It is " + "[[boon:Might]] and " * 9 + "good.", "good",
)  # fmt: skip


@pytest.mark.parametrize(
    "text", [*INVENTED_NAMES, *INVENTED_FIGURES, *HOSTILE, *OTHERS, *(t for t in TOKENS if t != "[[trait:99999999]]")]
)
def test_sentence_with_anything_else_is_cut(text: str) -> None:
    found = ground([text], Offer(current_catalogue(), "en") if text in TOKENS else offer(), "en")
    assert found.sentences == ()


WORDS = st.sampled_from(
    ["it", "gives", "[[trait:567]]", "[[value:1]]", "[[value:7]]", "[[boon:Fury]]", "Sword", "five", "might", "a",
     "the", "group", "²", "25", "Meteor", "shower", "meteor", "…", "(", ")", "]]", "[[", "trait:567", "deux",
     "evil.example", "ⅻ", "ＡＢ", "berserker", "firebrand", "\n", ".", "!", "-", "'"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(WORDS, st.text(max_size=4)), max_size=12), st.sampled_from([" ", ""]))
def test_what_is_kept_has_no_figure_or_name_but_of_tokens(parts: list[str], joint: str) -> None:
    offered = offer()
    for sentence in ground([joint.join(parts)], offered, "en").sentences:
        words = " ".join(part for part in sentence.parts if isinstance(part, str))
        tokens = [part for part in sentence.parts if not isinstance(part, str)]
        assert all(offered.get(token.key) == token for token in tokens)
        assert not any(unicodedata.category(c)[0] in "NCSM" for c in words)
        assert unicodedata.normalize("NFKC", words).replace("...", "…") == words.replace("...", "…")
        assert not re.search(r"\b(five|deux|might|meteor shower|berserker|firebrand)\b", words, re.IGNORECASE)
        assert not re.search(r"\w[A-Z]|[a-z,] [A-Z](?!\b)", words)
        assert "evil.example" not in words
