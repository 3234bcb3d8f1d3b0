from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from builds.chatlinks import (
    BuildTemplate,
    ChatLinkError,
    Line,
    decode_build_template,
    decode_link,
    encode_build_template,
    encode_link,
    find_codes,
)
from tests.chatlinks import ENGINEER, RANGER, REVENANT, cases, library, templates


def raw(code: str) -> bytes:
    return b64decode(code.removeprefix("[&").removesuffix("]"))


def link(content: bytes) -> str:
    return f"[&{b64encode(content).decode()}]"


def told(template: BuildTemplate) -> dict[str, Any]:
    return {
        "byte_length": template.byte_length,
        "profession_code": template.profession,
        "specializations": [(line.id, list(line.choices)) for line in template.specializations],
        "terrestrial_palette": list(template.land),
        "aquatic_palette": list(template.water),
        "has_weapon_trailer": template.long,
        "weapon_ids": list(template.weapons),
        "skill_override_ids": list(template.skill_overrides),
    }


def test_decode_gives_what_the_shared_cases_say(shared_dir: Path) -> None:
    checked = 0
    for case in cases(shared_dir):
        template, expected = decode_build_template(case["code"]), case["expected"]
        wanted = {name: expected[name] for name in told(template)}
        wanted["specializations"] = [(line["id"], line["traits"]) for line in expected["specializations"]]
        assert told(template) == wanted
        assert template.rest == b""
        pets = expected.get("pets", {"terrestrial": [], "aquatic": []})
        assert [list(template.pets_land), list(template.pets_water)] == [pets["terrestrial"], pets["aquatic"]]
        if legends := expected.get("legends"):
            assert template.legends_land == (legends["terrestrial_active"], legends["terrestrial_inactive"])
            assert template.legends_water == (legends["aquatic_active"], legends["aquatic_inactive"])
            assert list(template.inactive_utilities_land) == legends["terrestrial_inactive_utility_palette"]
            assert list(template.inactive_utilities_water) == legends["aquatic_inactive_utility_palette"]
        else:
            assert template.legends_land == template.inactive_utilities_water == ()
        checked += 1
    assert checked == 31


def test_encode_gives_back_every_code_that_is_known(shared_dir: Path) -> None:
    codes = [case["code"] for case in cases(shared_dir)]
    codes += [build["template_code"] for build in library(shared_dir)]
    assert len(codes) == 31 + 358
    assert [encode_build_template(decode_build_template(code)) for code in codes] == codes


@settings(deadline=None)
@given(templates())
def test_decode_undoes_encode(template: BuildTemplate) -> None:
    assert decode_build_template(encode_build_template(template)) == template


@settings(deadline=None, max_examples=300)
@given(st.binary(min_size=43, max_size=43), st.one_of(st.just(b""), st.binary(max_size=80)))
@example(bytes([1, 16, 0xFF]) + bytes(40), b"\0\0unknown")
def test_encode_undoes_decode_to_the_byte(fixed: bytes, tail: bytes) -> None:
    code = link(b"\x0d" + fixed + tail)
    try:
        template = decode_build_template(code)
    except ChatLinkError:
        # The counts promise more than there is; no other bytes are refused.
        weapons_end = 1 + 2 * tail[0]
        assert len(tail) <= weapons_end or len(tail) < weapons_end + 1 + 4 * tail[weapons_end]
    else:
        assert encode_build_template(template) == code


def test_decode_keeps_bytes_without_a_meaning() -> None:
    content = bytearray(raw(RANGER)) + b"later"
    content[3] |= 0b10000000
    content[40] = 7
    template = decode_build_template(link(bytes(content)))
    assert template.specializations[0] == Line(8, (1, 2, 2), spare=2)
    assert template.unread_extra == bytes([0] * 8 + [7] + [0] * 3)
    assert template.rest == b"later"
    assert encode_build_template(template) == link(bytes(content))


@pytest.mark.parametrize(
    "text",
    [
        RANGER,
        f"  {RANGER}\n",
        RANGER[2:-1],
        RANGER[1:],
        RANGER[:-1],
        RANGER.replace("=", ""),
        f"\N{NO-BREAK SPACE}{RANGER[2:-2]}\t",
    ],
)
def test_decode_forgives_blanks_and_missing_brackets_and_padding(text: str) -> None:
    assert encode_build_template(decode_build_template(text)) == RANGER


def test_decode_ignores_bits_that_base64_leaves_over() -> None:
    assert raw(RANGER) == raw(RANGER.replace("A=]", "D=]"))
    assert encode_build_template(decode_build_template(RANGER.replace("A=]", "D=]"))) == RANGER


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "nothing stands between"),
        ("[&]", "nothing stands between"),
        ("====", "nothing stands between"),
        ("[&DQYf LSka]", "Character 7 (' ')"),
        ("  [&DQé]", "Character 7 ('\\xe9')"),
        ("[&DQ\udc80]", "Character 5 ('\\udc80')"),
        ("[&DQ=A]", "Character 5 ('=')"),
        (RANGER.replace("]", "=]"), "Character 87: one = more"),
        ("[&DQYfL]", "cut off after character 7"),
        ("[&" + "A" * 4096 + "]", "at most 4096 characters"),
        ("[&BgAAAAA=]", "Byte 0 (head)"),
        (link(raw(ENGINEER)[:1]), "cut off at byte 1, in its profession"),
        (link(raw(ENGINEER)[:5]), "cut off at byte 5, in its traits of specialization 2"),
        (link(raw(ENGINEER)[:10]), "cut off at byte 10, in its water skill palette of heal"),
        (link(raw(ENGINEER)[:25]), "cut off at byte 25, in its land skill palette of elite"),
        (link(raw(ENGINEER)[:43]), "cut off at byte 43, in its pets or legends"),
        (link(raw(ENGINEER) + b"\0"), "cut off at byte 45, before its skill override count"),
        (link(raw(ENGINEER) + b"\xff\x05\0\0"), "Byte 44 (weapon count): it announces 255 in 510 bytes, but 3"),
        (link(raw(ENGINEER) + b"\x01\x05\0\x02\0\0"), "Byte 47 (skill override count): it announces 2 in 8 bytes"),
    ],
)
def test_decode_says_where_a_code_is_wrong(text: str, where: str) -> None:
    with pytest.raises(ChatLinkError) as error:
        decode_build_template(text)
    assert where in error.value.message
    assert (error.value.code, error.value.status) == ("malformed", 400)


@pytest.mark.parametrize("value", [None, 7, b"[&DQ==]", ["[&DQ==]"]])
def test_decode_refuses_what_is_no_text(value: Any) -> None:
    with pytest.raises(ChatLinkError, match="is a text"):
        decode_build_template(value)


_near_codes = st.builds(
    lambda code, at, new: code[: at % len(code)] + new + code[at % len(code) + 1 :],
    st.sampled_from([RANGER, REVENANT, ENGINEER]),
    st.integers(0, 100),
    st.text(max_size=4),
)
_base64_like = st.binary(max_size=120).map(link)


@settings(deadline=None, max_examples=500)
@given(st.one_of(st.text(), st.binary().map(lambda b: b.decode("latin-1")), _near_codes, _base64_like))
def test_decode_raises_nothing_but_its_own_error(text: str) -> None:
    for decode, encode in ((decode_build_template, encode_build_template), (decode_link, encode_link)):
        try:
            decoded = decode(text)
        except ChatLinkError:
            continue
        assert decode(encode(decoded)) == decoded


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"profession": 256}, "profession"),
        ({"specializations": (Line(), Line())}, "specializations"),
        ({"specializations": (Line(), Line(1, (0, 4, 0)), Line())}, "specializations[1].choices"),
        ({"specializations": (Line(-1), Line(), Line())}, "specializations[0].id"),
        ({"specializations": (Line(), Line(), Line(1, spare=4))}, "specializations[2].spare"),
        ({"land": (1, 2, 3, 4)}, "land"),
        ({"water": (1, 2, 3, 4, 65536)}, "water"),
        ({"extra": bytes(15)}, "extra"),
        ({"weapons": (65536,)}, "weapons"),
        ({"weapons": (5,) * 256}, "weapons"),
        ({"skill_overrides": (1 << 32,)}, "skill_overrides"),
        ({"long": False, "weapons": (5,)}, "short"),
        ({"long": False, "rest": b"x"}, "short"),
        ({"rest": bytes(3100)}, "at most 3069 bytes"),
    ],
)
def test_template_refuses_what_no_link_can_hold(wrong: dict[str, Any], where: str) -> None:
    with pytest.raises(ChatLinkError) as error:
        BuildTemplate(**{"profession": 1, **wrong})
    assert where in error.value.message


def test_longest_template_can_be_read_again() -> None:
    template = BuildTemplate(1, weapons=(5,) * 255, rest=bytes(3069 - 46 - 510))
    assert decode_build_template(encode_build_template(template)) == template


def test_find_codes_gives_each_build_code_of_a_text_once() -> None:
    text = f"Open {RANGER}, then {REVENANT}; a trait [&B98AAAA=] and {RANGER} again. [&DQ not a code]"
    assert find_codes(text) == [RANGER, REVENANT]
    assert find_codes("") == []


def test_find_codes_is_bounded() -> None:
    many = "".join(f"[&DQQ{n:04}=]" for n in range(300))
    assert len(find_codes(many)) == 100
    assert find_codes(" " * 1_000_000 + RANGER) == []
    assert find_codes("[&DQ" + "A" * 5000 + "]") == []
