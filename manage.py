#!/usr/bin/env python3
"""Command line of the project. Works with any Python once `make setup` has made `.venv`."""

import os
import sys
from pathlib import Path


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gw2optimizer.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        # Typed with the system's Python: go on with the one that has the packages.
        python = Path(__file__).resolve().parent / ".venv" / "bin" / "python"
        if not python.exists() or Path(sys.prefix) == python.parent.parent:
            sys.exit("The packages are not installed yet. Run `make setup` first.")
        os.execv(python, [str(python), *sys.argv])  # noqa: S606
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # Once the settings stand, it is the code that is wrong.
        if settings.configured:
            raise
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
