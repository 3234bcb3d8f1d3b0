"""The import directions of the project, read from its source."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# An app may import itself, what stands lower, and the tools of gw2optimizer.
LOWER = {
    "accounts": set(),
    "builds": {"accounts"},
    "teams": {"builds", "accounts"},
    "ai_agents": {"teams", "builds", "accounts"},
    "learning": {"ai_agents", "teams", "builds", "accounts"},
    "gw2optimizer": set(),
}
TOOLS = {
    *("api", "cache", "commands", "error_views", "errors", "health", "http", "middleware", "observability", "pages"),
    *("models", "pagination", "ratelimits", "runs", "serializers", "strict_json"),
}
# The two that put the site together.
ASSEMBLY = {"gw2optimizer/urls.py", "gw2optimizer/settings.py"}
# Usable and tested without a database.
PLAIN = ("builds/gamedata", "builds/chatlinks", "builds/engine", "teams/spec", "teams/coverage", "teams/score")
FRAMEWORKS = {"django", "rest_framework", "celery"}
PLAIN_TOOLS = {"errors", "http"}


def modules() -> list[Path]:
    return sorted(path for app in LOWER for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)


def imports(path: Path) -> set[str]:
    """Absolute names of all modules that the file imports, also inside functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            names.add(node.module)
            if node.module in LOWER:
                names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path: Path) -> None:
    name = str(path.relative_to(ROOT))
    app = name.split("/")[0]
    for imported in imports(path):
        parts = imported.split(".")
        if parts[0] not in LOWER or parts[0] == app or name in ASSEMBLY:
            continue
        if parts[0] == "gw2optimizer":
            assert len(parts) == 1 or parts[1] in TOOLS, f"{name} imports {imported}"
        else:
            assert parts[0] in LOWER[app], f"{name} imports {imported}"


@pytest.mark.parametrize("name", sorted(PLAIN_TOOLS))
def test_plain_tools_import_no_framework(name: str) -> None:
    tool = ROOT / "gw2optimizer" / name
    modules = sorted(tool.rglob("*.py")) if tool.is_dir() else [tool.with_suffix(".py")]
    for module in modules:
        assert not {imported.split(".")[0] for imported in imports(module)} & FRAMEWORKS


@pytest.mark.parametrize("folder", PLAIN)
def test_plain_packages_import_no_framework(folder: str) -> None:
    for path in sorted((ROOT / folder).rglob("*.py")):
        for imported in imports(path):
            assert imported.split(".")[0] not in FRAMEWORKS, f"{path.relative_to(ROOT)} imports {imported}"
            if imported.startswith("gw2optimizer."):
                assert imported.split(".")[1] in PLAIN_TOOLS, f"{path.relative_to(ROOT)} imports {imported}"
