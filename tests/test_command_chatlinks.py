import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError, SystemCheckError

from builds.chatlinks import decode_build_template
from builds.chatlinks.describe import describe
from gw2optimizer.commands import OneLineErrors
from gw2optimizer.errors import InvalidInput
from tests.chatlinks import ENGINEER, RANGER, REVENANT
from tests.packaged import packaged

ROOT = Path(__file__).resolve().parent.parent


def decoded(*arguments: str) -> str:
    output = io.StringIO()
    call_command("decode_chatlink", *arguments, stdout=output)
    return output.getvalue()


def encoded(description: Any, folder: Path) -> str:
    file = folder / "link.json"
    file.write_text(description if isinstance(description, str) else json.dumps(description))
    output = io.StringIO()
    call_command("encode_chatlink", str(file), stdout=output)
    return output.getvalue()


def shell(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=os.environ,
        input=stdin,
        capture_output=True,
        check=False,
    )


@pytest.mark.django_db
def test_decode_chatlink_prints_the_description() -> None:
    description = describe(decode_build_template(RANGER), packaged())
    assert json.loads(decoded(RANGER, "--json")) == description


@pytest.mark.django_db
def test_decode_chatlink_prints_text_for_people() -> None:
    assert decoded(RANGER).splitlines()[:2] == [
        "Ranger",
        "  Marksmanship: " + ", ".join(packaged().traits[trait].name for trait in (1021, 1000, 1015)),
    ]
    assert "  Weapons: Hammer, Spear" in decoded(RANGER)
    assert "  Skill overrides: 63335, 63131, 63208" in decoded(RANGER)
    pets = packaged().pets
    assert f"  Pets, land: {pets[66].name}, {pets[55].name}" in decoded(RANGER)
    assert "  Legends, water: Legendary Demon Stance, Legendary Dwarf Stance" in decoded(REVENANT)
    assert "Skills" not in decoded(ENGINEER)
    assert decoded("[&B98AAAA=]") == f"trait 223: {packaged().traits[223].name}\n"
    assert decoded("[&AgEBAAAA]") == "item 1: unknown\n"


@pytest.mark.django_db
@pytest.mark.parametrize("code", [RANGER, REVENANT, ENGINEER, "[&B98AAAA=]", "[&AgGqtgDgfQ4AAP9fAAAnYAAA]"])
def test_encode_chatlink_undoes_decode_chatlink(code: str, tmp_path: Path) -> None:
    assert encoded(decoded(code, "--json"), tmp_path) == code + "\n"


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["", "hello", "[&DQgAAAA=]", "[&AA==]", RANGER[:50], RANGER.replace("DQQ", "DQo")])
def test_decode_chatlink_refuses_bad_codes_in_one_line(code: str) -> None:
    output = io.StringIO()
    with pytest.raises(CommandError) as error:
        call_command("decode_chatlink", code, "--json", stdout=output)
    assert error.value.returncode == 2
    assert output.getvalue() == ""
    assert str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("[1]", "must be an object"),
        ('{"profession": "Ranger", "weapons": ["Broom"]}', "weapons.0: There is no weapon “Broom”"),
        ('{"profession": "Ran\\nked"}', "profession: There is no profession “Ran ked”"),
        ('{"a": 1, "b": 2}', "a: This field is not known, nor is b; there are profession, "),
        (" " * 1_000_001, "is larger than"),
    ],
)
def test_encode_chatlink_refuses_bad_files_in_one_line(content: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=message) as error:
        encoded(content, tmp_path)
    assert error.value.returncode == 2
    assert "\n" not in str(error.value)


@pytest.mark.django_db
def test_encode_chatlink_lists_the_known_fields_once(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nor is e, nor are 15 more; there are") as error:
        encoded(dict.fromkeys("abcdefghijklmnopqrst"), tmp_path)
    assert str(error.value).count("skill_overrides") == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["missing.json", ".", "nul\0byte"])
def test_encode_chatlink_says_why_a_file_cant_be_read(name: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="can't be read"):
        call_command("encode_chatlink", str(tmp_path / name))


def test_commands_pipe_into_each_other() -> None:
    description = shell("decode_chatlink", REVENANT, "--json")
    assert (description.returncode, description.stderr) == (0, b"")
    code = shell("encode_chatlink", "-", stdin=description.stdout)
    assert (code.returncode, code.stdout.decode(), code.stderr) == (0, REVENANT + "\n", b"")


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (("decode_chatlink", "[&DQgAAAA=]", "--json"), b""),
        (("decode_chatlink", RANGER.replace("DQQ", "DQo"), "--json"), b""),
        (("decode_chatlink",), b""),
        (("decode_chatlink", RANGER, "--xml"), b""),
        (("encode_chatlink", "-"), b"\xff\xfe"),
        (("encode_chatlink", "-"), b'{"profession": "Monk"}'),
    ],
)
def test_shell_gets_one_line_and_exit_status_2(arguments: tuple[str, ...], stdin: bytes) -> None:
    done = shell(*arguments, stdin=stdin)
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.count(b"\n") == 1
    assert b"Traceback" not in done.stderr


class _Failing(OneLineErrors):
    requires_system_checks = []
    failure: Exception

    def handle(self, *args: Any, **options: Any) -> None:
        raise self.failure


def test_one_line_errors_joins_the_message_and_the_fields(capsys: pytest.CaptureFixture[str]) -> None:
    command = _Failing()
    command.failure = InvalidInput("No\nway.", fields={"a.b": ["Wrong.", "Very."], "c": ["No way."]})
    with pytest.raises(SystemExit) as ended:
        command.run_from_argv(["manage.py", "failing"])
    assert ended.value.code == 2
    assert capsys.readouterr().err == "No way. a.b: Wrong. Very. c: No way.\n"


def test_one_line_errors_lets_programming_errors_through() -> None:
    command = _Failing()
    command.failure = KeyError("x")
    with pytest.raises(KeyError):
        command.run_from_argv(["manage.py", "failing"])


def test_one_line_errors_shows_where_an_error_came_from_on_request() -> None:
    command = _Failing()
    command.failure = InvalidInput("No.")
    with pytest.raises(Exception, match="No") as error:
        command.run_from_argv(["manage.py", "failing", "--traceback"])
    assert error.value.__cause__ is command.failure


def test_one_line_errors_leaves_failed_checks_to_django() -> None:
    command = _Failing()
    command.failure = SystemCheckError("many\nlines")
    with pytest.raises(SystemExit) as ended:
        command.run_from_argv(["manage.py", "failing"])
    assert ended.value.code == 1
