"""The house rules that a machine can keep: who may import whom, and what no template may hold."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LONGEST_MODULE = 450

# Which of the project's packages each may import, itself included.
MAY_IMPORT = {
    "gw2optimizer": {"gw2optimizer"},
    "accounts": {"accounts", "gw2optimizer"},
    "builds": {"builds", "accounts", "gw2optimizer"},
    "teams": {"teams", "builds", "accounts", "gw2optimizer"},
    "ai_agents": {"ai_agents", "teams", "builds", "accounts", "gw2optimizer"},
    "learning": {"learning", "ai_agents", "teams", "builds", "accounts", "gw2optimizer"},
}
# The two modules that know every app; no app may know them.
TOP = {"gw2optimizer.urls", "gw2optimizer.settings"}

PURE = (
    "builds.gamedata", "builds.chatlinks", "builds.engine", "builds.spec", "builds.language",
    "builds.recommend", "teams.spec", "teams.coverage", "teams.score", "teams.language", "teams.compose",
    "teams.layout", "teams.compare", "teams.exports", "teams.roster",
)  # fmt: skip
FRAMEWORKS = {"django", "rest_framework", "celery"}
# The tools that are plain Python themselves.
PLAIN_TOOLS = ("gw2optimizer.errors", "gw2optimizer.http")


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def modules() -> list[Path]:
    found = [path for package in MAY_IMPORT for path in (ROOT / package).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


MODULES = modules()
_INSIDE = tuple(f"{package}." for package in PURE)
PURE_MODULES = [path for path in MODULES if f"{module_name(path)}.".startswith(_INSIDE)]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def imports_in(source: str, module: str, *, is_package: bool = False) -> set[str]:
    """Full names of all that is imported, at any depth of the module; `from a import b` gives a and a.b."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = _base_of(node, module, is_package=is_package)
            names |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return names


def _base_of(node: ast.ImportFrom, module: str, *, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    kept = parts[: len(parts) - node.level + is_package]
    return ".".join([*kept, node.module] if node.module else kept)


def is_within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def wrong_imports(source: str, module: str, *, is_package: bool = False) -> set[str]:
    """The direction of docs and design: nothing points back, and nothing but the two at the top knows all."""
    if module in TOP:
        return set()
    own = module.split(".")[0]
    names = imports_in(source, module, is_package=is_package)
    back = {name for name in names if name.split(".")[0] in MAY_IMPORT.keys() - MAY_IMPORT[own]}
    up = {name for name in names if any(is_within(name, top) for top in TOP)}
    return back | up


def impure_imports(source: str, module: str, *, is_package: bool = False) -> set[str]:
    """What the plain Python of the game may not know: frameworks, and the rest of the project but its plain tools."""
    names = imports_in(source, module, is_package=is_package)
    home = {*PURE, *PLAIN_TOOLS}
    return {
        name
        for name in names
        if name.split(".")[0] in FRAMEWORKS
        or (
            name.split(".")[0] in MAY_IMPORT
            # `from builds import spec` names both.
            and name not in {"builds", "teams", "gw2optimizer"}
            and not any(is_within(name, package) for package in home)
        )
    }


@pytest.mark.parametrize(
    ("source", "module", "wrong"),
    [
        ("import builds.models", "accounts.services", {"builds.models"}),
        ("from ai_agents import runs", "builds.views", {"ai_agents", "ai_agents.runs"}),
        ("def f():\n    from builds import models", "gw2optimizer.health", {"builds", "builds.models"}),
        ("from learning.events import x", "ai_agents.agents", {"learning.events", "learning.events.x"}),
        ("from gw2optimizer import settings", "builds.views", {"gw2optimizer.settings"}),
        (
            "from gw2optimizer.urls import urlpatterns",
            "accounts.views",
            {"gw2optimizer.urls", "gw2optimizer.urls.urlpatterns"},
        ),
        ("from builds import views", "gw2optimizer.urls", set()),
        ("from accounts.models import User", "builds.models", set()),
        ("from teams import models", "ai_agents.agents", set()),
        ("from buildsomething import x", "accounts.models", set()),
    ],
)
def test_wrong_imports_are_seen(source: str, module: str, wrong: set[str]) -> None:
    assert wrong_imports(source, module) == wrong


@pytest.mark.parametrize(
    ("source", "module", "wrong"),
    [
        ("from django.conf import settings", "builds.engine.gear", {"django.conf", "django.conf.settings"}),
        ("from ..models import Build", "builds.spec.model", {"builds.models", "builds.models.Build"}),
        ("import builds.catalogue", "builds.gamedata.names", {"builds.catalogue"}),
        ("from gw2optimizer.cache import get", "builds.engine", {"gw2optimizer.cache", "gw2optimizer.cache.get"}),
        ("from builds.gamedata import Catalogue", "builds.spec.model", set()),
        ("from .model import Trait", "builds.gamedata.names", set()),
        ("from gw2optimizer.errors import InvalidInput", "builds.spec.model", set()),
    ],
)
def test_impure_imports_are_seen(source: str, module: str, wrong: set[str]) -> None:
    assert impure_imports(source, module) == wrong


def test_relative_imports_of_a_package_start_at_itself() -> None:
    assert imports_in("from . import model", "builds.spec", is_package=True) == {"builds.spec", "builds.spec.model"}
    assert imports_in("from . import model", "builds.spec") == {"builds", "builds.model"}


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_module_imports_in_one_direction(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert wrong_imports(source, module_name(path), is_package=path.stem == "__init__") == set()


@pytest.mark.parametrize("path", PURE_MODULES, ids=module_name)
def test_pure_module_imports_no_framework(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert impure_imports(source, module_name(path), is_package=path.stem == "__init__") == set()


def test_pure_modules_load_where_there_is_no_django() -> None:
    """Also what they import from elsewhere: another process, in which the frameworks can't be imported."""
    names = [module_name(path) for path in PURE_MODULES]
    program = (
        "import importlib, sys\n"
        f"sys.modules.update(dict.fromkeys({sorted(FRAMEWORKS)!r}))\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_module_is_short_enough_to_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


class TemplateReader(HTMLParser):
    """Collects what the security policy forbids, or would load from elsewhere."""

    LOADING = frozenset({"src", "srcset", "poster", "data", "background"})
    LOADING_BY_HREF = frozenset({"link", "use", "image", "base"})

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "style":
            self.faults.append("style element")
        if tag == "script" and "src" not in values and "json" not in values.get("type", ""):
            self.faults.append("inline script")
        for name, value in values.items():
            self.faults += self._faults_of(tag, name, value.strip().lower())

    def _faults_of(self, tag: str, name: str, value: str) -> Iterator[str]:
        if name == "style":
            yield "style attribute"
        if re.fullmatch(r"on[a-z]+|hx-on.*", name):
            yield f"handler {name}"
        if value.startswith(("javascript:", "js:")):
            yield f"script in {name}"
        loads = name in self.LOADING or (tag in self.LOADING_BY_HREF and name in {"href", "xlink:href"})
        if loads and re.match(r"(https?:)?//", value):
            yield f"external {name}"


def faults_in(template: str) -> list[str]:
    faults = []
    if re.search(r"\|\s*safe(seq)?\b", template) or re.search(r"{%\s*autoescape\s+off", template):
        faults.append("unescaped value")
    # What the template language says isn't HTML, and its quotes would confuse the reader.
    html = re.sub(r"{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}", "", template, flags=re.DOTALL)
    html = re.sub(r"{{.*?}}", "value", html, flags=re.DOTALL)
    html = re.sub(r"{%.*?%}", " ", html, flags=re.DOTALL)
    reader = TemplateReader()
    reader.feed(html)
    reader.close()
    return faults + reader.faults


@pytest.mark.parametrize(
    ("template", "faults"),
    [
        ("<script>go()</script>", ["inline script"]),
        ("<style>p {}</style>", ["style element"]),
        ('<p style="color: red">', ["style attribute"]),
        ('<p {% if a == "b" %}style="x"{% endif %}>', ["style attribute"]),
        ('<button onclick="go()">', ["handler onclick"]),
        ('<button hx-on::after-request="go()">', ["handler hx-on::after-request"]),
        ('<a href=" javascript:go()">', ["script in href"]),
        ("<div hx-vals='js:{a: go()}'>", ["script in hx-vals"]),
        ('<script src="https://cdn.example/x.js"></script>', ["external src"]),
        ('<link rel="stylesheet" href="//cdn.example/x.css">', ["external href"]),
        ('<img srcset="HTTP://cdn.example/x.png 2x">', ["external srcset"]),
        ("<p>{{ text|safe }}</p>", ["unescaped value"]),
        ("<p>{{ text | safe|upper }}</p>", ["unescaped value"]),
        ("{% autoescape off %}{{ text }}{% endautoescape %}", ["unescaped value"]),
        ("<script src=\"{% static 'js/site.js' %}\"></script>", []),
        ('<script type="application/json">{}</script>', []),
        ('<a href="https://wiki.guildwars2.com/">{{ one|safer }}</a>', []),
        ("{# onclick= |safer #}{% comment %}<p onclick='x'>{% endcomment %}", []),
    ],
)
def test_faults_are_seen(template: str, faults: list[str]) -> None:
    assert faults_in(template) == faults


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_holds_nothing_the_policy_forbids(path: Path) -> None:
    assert faults_in(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "path", sorted([*ROOT.glob("static/css/*.css"), *ROOT.glob("static/js/*.js")]), ids=lambda path: path.name
)
def test_own_static_file_loads_nothing_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"""(?:url\(|@import|from|import\(|fetch\()\s*["']?(?:https?:)?//""", text) == []


def test_commands_do_not_wait_for_the_compiler() -> None:
    """Numba takes half a second to load, which only a search for gear is worth."""
    code = "import django, sys; django.setup(); import gw2optimizer.urls; print('numba' in sys.modules)"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "gw2optimizer.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
