"""The examples for a deployment can be used as they are."""

import subprocess
from pathlib import Path

from tests.servers import binary

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"


def test_nginx_accepts_the_example(tmp_path: Path) -> None:
    nginx, openssl = binary("nginx"), binary("openssl")
    request = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=gw2.example.org"]
    files = ["-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"]
    subprocess.run([*request, *files], check=True, capture_output=True)
    example = (DEPLOY / "nginx.conf.example").read_text(encoding="utf-8")
    site = tmp_path / "site.conf"
    site.write_text(example.replace("/etc/ssl/gw2optimizer", str(tmp_path)), encoding="utf-8")
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; include {site}; }}",
        encoding="utf-8",
    )
    result = subprocess.run(
        [nginx, "-t", "-q", "-p", tmp_path, "-c", whole], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, "")


def test_environment_example_names_only_documented_variables() -> None:
    documented = (DEPLOY.parent / "docs" / "operations.md").read_text(encoding="utf-8")
    lines = (DEPLOY / "gw2optimizer.env.example").read_text(encoding="utf-8").splitlines()
    names = [line.split("=")[0].removesuffix("_FILE") for line in lines if line and not line.startswith("#")]
    assert len(names) == 9
    assert [name for name in names if f"`{name}`" not in documented] == []
