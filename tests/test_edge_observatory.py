"""Mozilla's HTTP Observatory, its own analyser, against the whole site behind nginx as deploy/ has it, with a
certificate of our own."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import servers
from tests.https_server import certificate
from tests.site import start_site

TESTS = Path(__file__).resolve().parent
EXAMPLE = TESTS.parent / "deploy" / "nginx.conf.example"
ANALYSER = TESTS / "node_modules" / "@mdn" / "mdn-http-observatory"

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def missing(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def analyser() -> Path:
    """Installed from the lock file, without the scripts of packages, which would fetch lists from elsewhere. The one
    that the analyser reads, of hosts that browsers know to have HSTS, is an empty one then."""
    node, npm = servers.binary("node"), servers.binary("npm")
    wanted = json.loads((TESTS / "package.json").read_text())["devDependencies"]["@mdn/mdn-http-observatory"]
    described = ANALYSER / "package.json"
    if not described.exists() or json.loads(described.read_text())["version"] != wanted:
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        done = subprocess.run(command, cwd=TESTS, capture_output=True, text=True, timeout=240, check=False)
        if done.returncode:
            missing(f"npm could not install Mozilla's analyser: {done.stderr.strip()[-300:]}")
    major = int(
        subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout[1:].split(".")[0]
    )
    if major < 20:
        # Also in CI: which one there is, the distribution says.
        pytest.skip(f"Mozilla's analyser needs node 20, and this is {major}")
    known_hosts = ANALYSER / "conf" / "hsts-preload.json"
    if not known_hosts.exists():
        known_hosts.write_text("{}", encoding="ascii")
    return Path(node)


def nginx_config(folder: Path, *, site: int, http: int, https: int) -> str:
    """The example, with names, ports and files of this machine."""
    text = EXAMPLE.read_text(encoding="utf-8")
    changes = {
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl http2;\n": "",
        "listen 80;": f"listen 127.0.0.1:{http};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{https} ssl http2;",
        "gw2.example.org": "localhost",
        "https://$host$request_uri": f"https://$host:{https}$request_uri",
        "Host $host;": f"Host $host:{https};",
        "/etc/ssl/gw2optimizer/fullchain.pem": f"{folder}/cert.pem",
        "/etc/ssl/gw2optimizer/privkey.pem": f"{folder}/key.pem",
        "127.0.0.1:8000": f"127.0.0.1:{site}",
    }
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    paths = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("proxy", "fastcgi", "uwsgi", "scgi"))
    return (
        f"pid {folder}/pid; error_log stderr; daemon off; events {{}} "
        f"http {{ access_log off; client_body_temp_path {folder}/body; {paths} {text} }}"
    )


@pytest.fixture
def behind_nginx(tmp_path: Path) -> Iterator[tuple[int, int, Path]]:
    nginx, http, https = servers.binary("nginx"), servers.free_port(), servers.free_port()
    folder = tmp_path / "nginx"
    certificate(folder, "localhost")
    if os.geteuid() == 0:
        # Its workers are nobody then, and the folder is root's alone.
        for part in (tmp_path.parent.parent, tmp_path.parent, tmp_path, folder):
            part.chmod(0o755)
    _, site = start_site(workers=1, SITE_URL=f"https://localhost:{https}", TRUSTED_PROXIES="1")
    config = folder / "nginx.conf"
    config.write_text(nginx_config(folder, site=site.port, http=http, https=https), encoding="utf-8")
    command = [nginx, "-p", str(folder), "-c", str(config)]
    front = servers.start_server(command, name="nginx", port=https, ready=lambda: servers.listens(https))
    yield http, https, folder / "cert.pem"
    front.stop()
    site.stop()


@pytest.mark.long
def test_mozillas_observatory_fails_nothing_and_gives_140(analyser: Path, behind_nginx: tuple[int, int, Path]) -> None:
    http, https, authority = behind_nginx
    for path in ("/", "/login/"):
        done = subprocess.run(
            [analyser, TESTS / "bench" / "observatory.mjs", ANALYSER, "localhost", str(http), str(https), path],
            env={**os.environ, "NODE_EXTRA_CA_CERTS": str(authority)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{path}\n{done.stdout}\n{done.stderr[-2000:]}"
        assert done.stdout.splitlines()[-1] == "140 points, 0 failed"
