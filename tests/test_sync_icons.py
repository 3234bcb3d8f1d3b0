"""Icons: fetched from a real server on this machine, stored whole, served with long life and from one folder only."""

import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from builds import catalogue, icons
from builds.gamedata import Catalogue
from builds.gamedata.snapshot import packaged_bytes, unpack
from builds.icons import addresses, fetch_icons, icon_url
from gw2optimizer.errors import Unavailable

PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 40 + b"IEND\xaeB`\x82"


class RenderServer:
    """Answers every path with `answer`, the first ones with what stands in `first`."""

    def __init__(self) -> None:
        self.answer = (200, PICTURE)
        self.first: list[tuple[int, bytes]] = []
        self.asked: Counter[str] = Counter()

    def __enter__(self) -> "RenderServer":
        render = self

        class Handler(BaseHTTPRequestHandler):
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                render.asked[self.path] += 1
                status, body = render.first.pop(0) if render.first else render.answer
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/file"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def render() -> Iterator[RenderServer]:
    with RenderServer() as server:
        yield server


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ICON_DIR = tmp_path / "icons"
    # The folder is looked at again at every question, which a site does once a second.
    monkeypatch.setattr(icons, "_LOOK_EVERY", 0.0)


@pytest.fixture
def few() -> Catalogue:
    """A catalogue of the pets alone, which have 66 icons or fewer."""
    document = unpack(packaged_bytes())
    for kind in ("professions", "specializations", "traits", "skills", "upgrades", "consumables", "legends"):
        document[kind] = []
    small = Catalogue(document)
    catalogue.reset(small)
    return small


def fetch(few: Catalogue, render: RenderServer) -> tuple[int, int, int]:
    result = fetch_icons(few, base_url=render.url, rate=10_000)
    return result.stored, result.known, result.refused


def test_icons_are_stored_once_and_served(render: RenderServer, few: Catalogue, client: Client) -> None:
    wanted = addresses(few)
    address = few.pets[1].icon
    assert icon_url(address) is None

    assert fetch(few, render) == (len(wanted), 0, 0)
    assert fetch(few, render) == (0, len(wanted), 0)

    assert set(render.asked) == {a.removeprefix("https://render.guildwars2.com") for a in wanted}
    assert set(render.asked.values()) == {1}
    path = icon_url(address)
    assert path is not None
    response = client.get(path)
    assert b"".join(response) == PICTURE
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "answer",
    [
        (200, b"<html>"), (200, b""), (200, PICTURE[:-12]), (200, b"\x89PNG\r\n\x1a\n"), (404, PICTURE),
        (302, PICTURE), (200, b"GIF89a" + PICTURE),
    ],
)  # fmt: skip
def test_what_is_no_png_is_not_stored(render: RenderServer, few: Catalogue, answer: tuple[int, bytes]) -> None:
    render.answer = answer
    assert fetch(few, render) == (0, 0, len(addresses(few)))
    assert list((icons.settings.ICON_DIR).iterdir()) == []


def test_what_is_too_large_is_not_stored(render: RenderServer, few: Catalogue) -> None:
    render.first = [(200, PICTURE[:-12] + b"\x00" * icons.MAX_BYTES + PICTURE[-12:])]
    stored, _, refused = fetch(few, render)
    assert (stored, refused) == (len(addresses(few)) - 1, 1)


def test_a_run_that_failed_goes_on_where_it_stood(render: RenderServer, few: Catalogue) -> None:
    total = len(addresses(few))
    render.first = [(200, PICTURE)] * 5 + [(503, b"")] * 10
    with pytest.raises(Unavailable, match="status 503"):
        fetch(few, render)
    assert fetch(few, render) == (total - 5, 5, 0)


@pytest.mark.parametrize(
    "path",
    [
        "/icons/../db.sqlite3", "/icons/%2e%2e/secret_key", "/icons/1-0123456789ABCDEF.png", "/icons/",
        "/icons/..%2fsecret_key", "/icons/1-0123456789abcdef.png", "/icons/1-0123456789ABCDEF.png%00",
    ],
)  # fmt: skip
def test_icons_lead_nowhere_else(client: Client, path: str, settings: Any) -> None:
    settings.ICON_DIR.mkdir()
    (settings.ICON_DIR.parent / "secret_key").write_text("secret")
    assert client.get(path).status_code in {400, 404}


@pytest.mark.parametrize(
    "address",
    ["", "https://example.org/file/AA/1.png", "https://render.guildwars2.com/file/../../1.png", "/icons/x.png"],
)
def test_other_addresses_have_no_icon(address: str) -> None:
    assert icon_url(address) is None


def test_icons_answer_to_reading_alone(client: Client) -> None:
    assert client.post("/icons/1-0123456789ABCDEF.png").status_code == 405


def test_command_tells_what_it_stored(render: RenderServer, few: Catalogue, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sync_icons", "--base", render.url, "--rate", "1000")
    assert capsys.readouterr().out == (
        f"{len(addresses(few))} icons stored, 0 were here, 0 could not be had as pictures.\n"
    )


@pytest.mark.parametrize("arguments", [["--base", "http://example.org"], ["--rate", "0"], ["--rate", "nan"]])
def test_command_refuses_bad_input_in_one_line(arguments: list[str]) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("sync_icons", *arguments)
    assert caught.value.returncode == 2
    assert "\n" not in str(caught.value)
