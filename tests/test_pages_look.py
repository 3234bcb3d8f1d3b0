"""What all pages share: nothing inline, only our own files, names for readers, colours that can be read."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import Client

from builds.catalogue import current_catalogue
from builds.models import Build
from builds.presentation import glyphs
from builds.services.builds import create_build
from builds.spec import parse_build
from builds.templatetags import look
from tests.factories import PASSWORD, UserFactory

ROOT = Path(settings.BASE_DIR)
CSS = (ROOT / "static" / "css" / "site.css").read_text()
SPRITE = (ROOT / "static" / "img" / "icons.svg").read_text()
SYMBOLS = set(re.findall(r'<symbol id="([^"]+)"', SPRITE))
TEMPLATES = [
    *sorted((ROOT / "templates" / "builds").glob("*.html")),
    *sorted((ROOT / "templates" / "components").glob("*.html")),
    ROOT / "templates" / "base.html",
]
CODE = "[&DQYfLSkaOCcXAXQANRfLAL4BjwBOARwBlwCWAAAAAAAAAAAAAAAAAAAAAAAAAA==]"


class Page(HTMLParser):
    """tags: each start tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def values(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.tags if name in attrs]


def check(text: str) -> None:
    page = Page(text)
    assert page.values("style") == []
    assert [name for _, attrs in page.tags for name in attrs if name.startswith(("on", "hx-on"))] == []
    assert [attrs for tag, attrs in page.tags if tag == "script" and not attrs.get("src")] == []
    assert "<style" not in text
    ids = page.values("id")
    assert [name for name, times in Counter(ids).items() if times > 1] == []
    for name in ("for", "aria-describedby", "aria-labelledby", "data-copy"):
        for value in page.values(name):
            assert set(value.split()) <= set(ids), f"{name}={value}"
    for tag, attrs in page.tags:
        if tag in {"script", "link", "img", "use"}:
            address = attrs.get("src") or attrs.get("href") or ""
            assert address.startswith("/"), address
        if tag == "use":
            assert (attrs["href"] or "").partition("#")[2] in SYMBOLS
    assert sum(tag == "h1" for tag, _ in page.tags) == 1
    assert sum(tag == "main" for tag, _ in page.tags) == 1


@pytest.fixture
def build(db: None) -> Build:
    text = {"name": "Fire <Weaver>", "profession": "Elementalist", "template_code": CODE}
    data = text | {"gear": {"helm": "Berserker's"}, "rune": "Scholar", "relic": "Fireworks"}
    spec = parse_build(data, current_catalogue()).spec
    return create_build(owner=UserFactory(), spec=spec, visibility="public")


def test_pages_for_anyone_keep_the_rules(client: Client, build: Build) -> None:
    for address in ("/", "/?q=" + CODE.replace("&", "%26"), "/?q=qqq", "/builds/", "/builds/?q=nothing+there",
                    "/builds/?mode=nonsense", "/builds/create/", build.get_absolute_url(), "/login/", "/register/",
                    "/nowhere/"):  # fmt: skip
        check(client.get(address).content.decode())


def test_pages_of_an_owner_keep_the_rules(client: Client, build: Build) -> None:
    assert client.login(username=build.owner.username, password=PASSWORD)
    address = build.get_absolute_url()
    for part in ("", "edit/", "delete/", "history/", "history/?from=1&to=1"):
        check(client.get(address + part).content.decode())
    check(client.get("/builds/mine/").content.decode())


def test_names_of_players_are_escaped(client: Client, build: Build) -> None:
    page = client.get(build.get_absolute_url()).content.decode()
    assert "Fire &lt;Weaver&gt;" in page
    assert "<Weaver>" not in page


def test_the_trait_line_tells_readers_what_is_chosen(client: Client, build: Build) -> None:
    page = client.get(build.get_absolute_url()).content.decode()
    chosen = re.findall(r'<span class="name[^"]*">([^<]+)</span><span class="sr-only">, chosen</span>', page)
    spec = build.value
    names = [current_catalogue().traits[t].name for line in spec.specializations if line for t in line.traits if t]
    assert [name.replace("&#x27;", "'") for name in chosen] == names


def test_the_code_can_be_taken_without_javascript(client: Client, build: Build) -> None:
    page = Page(client.get(build.get_absolute_url()).content.decode())
    (box,) = [attrs for tag, attrs in page.tags if attrs.get("id") == "build-code"]
    assert (box["value"], "readonly" in box) == (CODE, True)


def test_htmx_is_set_up_without_eval_or_injected_style(client: Client, db: None) -> None:
    page = Page(client.get("/builds/").content.decode())
    (content,) = [attrs["content"] for tag, attrs in page.tags if attrs.get("name") == "htmx-config"]
    import json

    config: dict[str, Any] = json.loads(content or "")
    assert (config["allowEval"], config["includeIndicatorStyles"], config["historyCacheSize"]) == (False, False, 0)
    assert config["selfRequestsOnly"] is True

    def swaps(status: int) -> bool:
        rule = next(rule for rule in config["responseHandling"] if re.fullmatch(rule["code"], str(status)))
        return bool(rule["swap"])

    assert [code for code in (200, 204, 302, 400, 404, 409, 413, 422, 429, 500, 502, 503) if swaps(code)] == [
        200, 302, 409, 413, 422, 429, 503,
    ]  # fmt: skip


def test_a_partial_is_the_part_alone(client: Client, build: Build) -> None:
    for address, part in (("/builds/", "results"), ("/?profession=Elementalist", "answer")):
        text = client.get(address, headers={"HX-Request": "true"}).content.decode()
        assert text.lstrip().startswith((f'<section id="{part}"', f'<div id="{part}"'))
        assert "<html" not in text


def test_the_chosen_theme_is_drawn_from_the_first_byte(client: Client, db: None) -> None:
    client.cookies["theme"] = "light"
    assert '<html lang="en" data-theme="light">' in client.get("/builds/").content.decode()
    client.cookies["theme"] = '"><script>'
    assert '<html lang="en">' in client.get("/builds/").content.decode()


def test_every_drawn_symbol_exists() -> None:
    named = {drawn[0] for table in (glyphs.EFFECTS, glyphs.NAME_WORDS, glyphs.LEGENDS, glyphs.ATTUNEMENTS, glyphs.ITEMS)
             for drawn in table.values()}  # fmt: skip
    named |= {glyph for _, glyph, _ in glyphs.FACT_WORDS}
    named |= {*glyphs.CATEGORIES.values(), *glyphs.WEAPONS.values(), *glyphs.SPECIALIZATIONS.values()}
    named |= {*look.ROLE_ICONS.values(), *look.MESSAGE_ICONS.values(), *(icon for _, icon in look.VISIBILITY.values())}
    named |= {f"mark-{name.lower()}" for name in look.PROFESSIONS}
    for path in TEMPLATES:
        named |= set(re.findall(r'{% icon "([^"]+)"', path.read_text()))
        named |= set(re.findall(r'icon_name="([^"]+)"', path.read_text()))
    assert named - SYMBOLS == set()


def test_every_static_file_of_a_template_exists() -> None:
    for path in TEMPLATES:
        for name in re.findall(r"{% static '([^']+)'", path.read_text()):
            assert finders.find(name), name


def test_the_style_sheet_fetches_nothing() -> None:
    assert re.findall(r"url\(|@import|https?:", CSS) == []


def test_vendored_code_stands_with_its_licence() -> None:
    for folder in (path for path in (ROOT / "static" / "vendor").iterdir() if path.is_dir()):
        assert (folder / "LICENSE").stat().st_size > 200, folder.name


# --- Colours -------------------------------------------------------------------------------------
TOKENS = dict(re.findall(r"--([\w-]+): (light-dark\([^;]+\));", CSS))


def colour(token: str, theme: int) -> tuple[float, float, float]:
    """theme: 0 light, 1 dark; linear red, green, blue of 0 to 1."""
    text = re.findall(r"#([0-9a-f]{6})", TOKENS[token])[theme]
    parts = [int(text[index : index + 2], 16) / 255 for index in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def contrast(one: str, other: str, theme: int) -> float:
    """WCAG 2: 1 to 21."""
    lights = sorted(
        0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in (colour(one, theme), colour(other, theme))
    )
    return (lights[1] + 0.05) / (lights[0] + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_stands_out_from_every_surface(theme: int) -> None:
    for text in ("text", "muted", "accent", "bad", "warn", "good"):
        for surface in ("page", "card"):
            assert contrast(text, surface, theme) >= 4.5, (text, surface)
    assert contrast("text", "raised", theme) >= 7
    assert contrast("muted", "raised", theme) >= 4.5
    assert contrast("on-accent", "accent", theme) >= 4.5
    assert contrast("on-bad", "bad", theme) >= 4.5
    assert contrast("bad", "bad-soft", theme) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_controls_and_drawings_stand_out(theme: int) -> None:
    assert contrast("line-strong", "card", theme) >= 3
    for token in TOKENS:
        if token.startswith("tone-"):
            assert contrast(token, "card", theme) >= 3, token


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_the_colour_of_each_profession_stands_out(theme: int) -> None:
    found = re.findall(r"\.prof-(\w+) { --prof: (light-dark\([^;]+\)); }", CSS)
    assert {name for name, _ in found} == {name.lower() for name in look.PROFESSIONS}
    for name, value in found:
        TOKENS[f"prof-{name}"] = value
        assert contrast(f"prof-{name}", "card", theme) >= 3, name


# --- Pieces --------------------------------------------------------------------------------------
def test_a_field_names_its_help_and_its_error() -> None:
    from builds.forms import PasteForm

    form = PasteForm({"text": ""})
    text = render_to_string("components/field.html", {"field": form["text"]})
    page = Page(text)
    (area,) = [attrs for tag, attrs in page.tags if tag == "textarea"]
    assert (area["aria-describedby"] or "").split() == ["id_text_helptext", "id_text_error"]
    assert area["aria-invalid"] == "true"
    assert {"id_text_helptext", "id_text_error"} <= set(page.values("id"))


def test_the_words_of_modes_and_roles_cover_all() -> None:
    from builds.gamedata.model import MODES, WVW_STYLES
    from builds.spec.model import ROLES

    assert set(look.MODE_NAMES) == set(MODES)
    assert set(look.STYLE_NAMES) == set(WVW_STYLES)
    assert set(look.ROLE_NAMES) == set(look.ROLE_ICONS) == set(ROLES)


def test_dark_is_the_default_and_light_comes_when_asked_for() -> None:
    """Rules of equal weight: the later one wins, and what the visitor chose stands last."""
    asked = r"@media \(prefers-color-scheme: light\) \{ :root"
    rules = re.findall(rf'^({asked}|\[data-theme="\w+"\]|:root) \{{\s*color-scheme: (\w+);', CSS, re.M)
    assert rules == [
        (":root", "dark"),
        ("@media (prefers-color-scheme: light) { :root", "light"),
        ('[data-theme="light"]', "light"),
        ('[data-theme="dark"]', "dark"),
    ]
