"""What every management command of the project shares."""

import logging
import sys
from pathlib import Path
from typing import Any, ClassVar

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser, SystemCheckError

from gw2optimizer.errors import DomainError, MalformedInput
from gw2optimizer.strict_json import repeated_name


class OneLineErrors(BaseCommand):
    """Base of a command whose bad input is one line on stderr and exit status 2, with nothing on stdout:
    write to stdout only when all that can fail has been done. From `call_command` the same arrives as
    CommandError with `returncode` 2."""

    bad_input: ClassVar[tuple[type[Exception], ...]] = (DomainError,)
    """Errors that are the caller's to mend. A command that looks names up adds `UnknownName`."""

    quiet: ClassVar[tuple[str, ...]] = ()
    """Loggers whose warnings are no business of who types this command: only their errors reach stderr."""

    _from_shell = False

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        # Makes the parser raise: argparse itself would print the usage, too, which is more than one line.
        parser.called_from_command_line = False
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        self._from_shell = True
        for name in self.quiet:
            logging.getLogger(name).setLevel(logging.ERROR)
        try:
            super().run_from_argv(argv)
        except (_RefusedError, CommandError) as error:
            if "--traceback" in argv:
                raise
            self.stderr.write(str(error))
            sys.exit(2)

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except SystemCheckError:
            raise
        except self._caught() as error:
            line = _one_line(error)
            if self._from_shell:
                raise _RefusedError(line) from error
            raise CommandError(line, returncode=2) from error

    def _caught(self) -> tuple[type[Exception], ...]:
        return (CommandError, *self.bad_input)


class _RefusedError(Exception):
    """Passes by Django's own handler, which would put the name of an exception class before the sentence."""


def _one_line(error: Exception) -> str:
    text = str(error)
    if isinstance(error, DomainError):
        told = [f"{field}: {' '.join(texts)}" for field, texts in error.fields.items()]
        text = " ".join([text, *(line for line in told if line not in text)])
    return " ".join(text.split())


def read_file(file: str, *, most: int, what: str) -> bytes:
    """file: a path, or - for standard input. most: bytes; what: that which is never so long, such as "build".
    Raises MalformedInput for what can't be read or is longer."""
    try:
        if file == "-":
            content = sys.stdin.buffer.read(most + 1)
        else:
            with Path(file).open("rb") as opened:
                content = opened.read(most + 1)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = getattr(error, "strerror", None) or error
        raise MalformedInput(f"{file[:200]!r} can't be read: {reason}.") from error
    if len(content) > most:
        raise MalformedInput(f"{file[:200]!r} is larger than {most:,} bytes; no {what} is.")
    return content


def read_json(file: str, *, most: int, what: str) -> Any:
    """As `read_file`, decoded. Raises MalformedInput for what is not JSON, and for a name that stands twice, too."""
    content = read_file(file, most=most, what=what)
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise MalformedInput(f"{file[:200]!r} is not JSON: {error}.") from error
    if name := repeated_name(content):
        raise MalformedInput(f"{file[:200]!r} has the name “{name[:60]}” twice in one object.")
    return value
