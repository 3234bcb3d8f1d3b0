"""What 100 wrong passwords a second cost everybody else: `python -m tests.bench.login [--home] [--rounds N]`.

The real site under granian, with PostgreSQL, Redis and two web processes (`--home`: SQLite and one), real hashes. In
each round pages are asked for ten seconds in peace and ten seconds under attack, so that both see the same machine; in
the middle of the attack owners of other accounts log in, from a browser that is known and from a new one. Ends with
status 1 where pages are slowed by more than half at the median, or an owner is kept out."""

import argparse
import asyncio
import http.client
import itertools
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests import servers

RATE, SECONDS = 100, 10.0
PAGES = ("/", "/builds/", "/login/")
PAGE_EVERY = 0.1
PASSWORD = "seven quaggans foo"
CSRF = "x" * 32
ACCOUNTS = 300
LONGEST_TRY = 30.0  # seconds in which an owner has to be in, pressing the button again when told to


@dataclass(frozen=True)
class Attack:
    """names: of accounts that are tried, existing or not; addresses: from how many households."""

    name: str
    names: tuple[str, ...]
    addresses: int


def attacks() -> list[Attack]:
    many = tuple(f"victim_{number}" if number % 2 else f"nobody_{number}" for number in range(ACCOUNTS))
    return [
        Attack("one account, 250 addresses", ("victim_1",), 250),
        Attack("300 names, 250 addresses", many, 250),
        Attack("300 names, an address each try", many, 60_000),
        Attack("300 names, one address", many, 1),
    ]


# --- The attack, in a process of its own -------------------------------------------------------------
async def _one(port: int, number: int, attack: Attack, became: Counter[str]) -> None:
    household = number % attack.addresses
    address = f"10.{household // 65_536}.{household // 256 % 256}.{household % 256}"
    name = attack.names[number % len(attack.names)]
    if number % 2:
        path, kind = "/api/v1/auth/token", "application/json"
        body = f'{{"username": "{name}", "password": "wrong password {number}"}}'
    else:
        path, kind = "/login/", "application/x-www-form-urlencoded"
        body = urlencode({"identifier": name, "password": f"wrong password {number}", "csrfmiddlewaretoken": CSRF})
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        f"Cookie: csrf={CSRF}\r\nX-Forwarded-For: {address}\r\nConnection: close\r\n\r\n"
    )
    try:
        async with asyncio.timeout(60):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write((head + body).encode())
            line = await reader.readline()
            await reader.read()
            writer.close()
            became[line.split()[1].decode() if line else "closed"] += 1
    except (OSError, TimeoutError) as error:
        became[type(error).__name__] += 1


async def _attack(port: int, attack: Attack, began: int) -> Counter[str]:
    became: Counter[str] = Counter()
    tasks, start = [], time.monotonic()
    for number in range(int(RATE * SECONDS)):
        await asyncio.sleep(max(0.0, start + number / RATE - time.monotonic()))
        tasks.append(asyncio.create_task(_one(port, began + number, attack, became)))
    await asyncio.gather(*tasks)
    return became


def run_attack(port: int, index: int, began: int) -> None:
    became = asyncio.run(_attack(port, attacks()[index], began))
    sys.stdout.write(" ".join(f"{status}:{count}" for status, count in sorted(became.items())))


# --- Everybody else ------------------------------------------------------------------------------------
_household = itertools.count(1)


def new_address() -> str:
    number = next(_household)
    return f"172.{16 + number // 65_536}.{number // 256 % 256}.{number % 256}"


def ask(port: int, method: str, path: str, body: str = "", **sent: str) -> tuple[int, dict[str, str], float]:
    """Status (0 where the line broke), headers with all cookies as one text, seconds."""
    began = time.monotonic()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        line.request(method, path, body or None, {name.replace("_", "-"): value for name, value in sent.items()})
        answer = line.getresponse()
        answer.read()
        cookies = "; ".join(value.split(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie")
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, {**headers, "cookies": cookies}, time.monotonic() - began
    except (OSError, http.client.HTTPException):
        return 0, {}, time.monotonic() - began
    finally:
        line.close()


def look_at_pages(port: int, until: float) -> list[float]:
    """Seconds of each answer. A page every tenth of a second, from ever new addresses."""
    took = []
    for path in itertools.cycle(PAGES):
        if time.monotonic() >= until:
            return took
        status, _, seconds = ask(port, "GET", path, X_Forwarded_For=new_address())
        took.append(seconds if status == 200 else 60.0)
        time.sleep(PAGE_EVERY)
    raise AssertionError("pages are asked for without end")


@dataclass
class Owner:
    """Of an account that nobody attacks. cookies: of a browser that the account knows."""

    name: str
    cookies: str = ""
    tries: list[int] = field(default_factory=list)
    seconds: float = 0.0

    def log_in(self, port: int) -> "Owner":
        address, began = new_address(), time.monotonic()
        body = urlencode({"identifier": self.name, "password": PASSWORD, "csrfmiddlewaretoken": CSRF})
        kept = f"csrf={CSRF}; {self.cookies}"
        while True:
            status, headers, _ = ask(
                port, "POST", "/login/", body, Cookie=kept, X_Forwarded_For=address,
                Content_Type="application/x-www-form-urlencoded",
            )  # fmt: skip
            self.tries.append(status)
            self.seconds = time.monotonic() - began
            if status == 302:
                self.cookies = next(c for c in headers["cookies"].split("; ") if c.startswith("device="))
                return self
            if self.seconds > LONGEST_TRY or "retry-after" not in headers:
                return self
            kept = "; ".join(filter(None, (kept, headers["cookies"])))
            time.sleep(int(headers["retry-after"]) + random.random() / 2)


def later(seconds: float, call: Callable[[], Any]) -> threading.Thread:
    def run() -> None:
        time.sleep(seconds)
        call()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


# --- The site ------------------------------------------------------------------------------------------
def start(home: bool, folder: str) -> int:
    environment = {"VAR_DIR": folder, "TRUSTED_PROXIES": "1", "GW2_REAL_HASHES": "1", "LOG_LEVEL": "WARNING"}
    if home:
        environment["DATABASE_URL"] = f"sqlite:///{folder}/db.sqlite3"
    else:
        environment["DATABASE_URL"] = servers.start_postgres()
        environment["REDIS_URL"] = servers.start_redis()[0]
    os.environ.update(environment)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.site_settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_library", verbosity=0)
    from django.contrib.auth.hashers import make_password

    from accounts.models import User

    hashed = make_password(PASSWORD)
    names = [*(f"victim_{number}" for number in range(1, ACCOUNTS, 2)), *(f"owner_{number}" for number in range(200))]
    User.objects.bulk_create(
        User(username=name, email=f"{name}@example.com", is_verified=True, password=hashed) for name in names
    )
    from tests.site import start_site

    url, _ = start_site(workers=1 if home else 2, DATABASE_URL=environment["DATABASE_URL"])
    return int(url.rpartition(":")[2])


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def measure(port: int, rounds: int, only: int | None) -> bool:
    fine = True
    owners = (f"owner_{number}" for number in itertools.count())
    for page in PAGES * 5:
        ask(port, "GET", page, X_Forwarded_For=new_address())
    for index, attack in enumerate(attacks()):
        if only is not None and index != only:
            continue
        peace: list[float] = []
        war: list[float] = []
        people: dict[str, list[Owner]] = {"known": [], "new": []}
        became = []
        for number in range(rounds):
            known = [Owner(next(owners)).log_in(port) for _ in range(3)]
            for owner in known:
                owner.tries.clear()
            peace += look_at_pages(port, time.monotonic() + SECONDS)
            own = [sys.executable, "-m", "tests.bench.login", "--attack", str(index), "--port", str(port)]
            attacker = subprocess.Popen(
                [*own, "--began", str(number * int(RATE * SECONDS))], stdout=subprocess.PIPE, text=True
            )
            time.sleep(0.5)
            new = [Owner(next(owners)) for _ in range(3)]
            threads = [
                later(at, lambda owner=owner: owner.log_in(port))  # type: ignore[misc]
                for owner, at in zip((*known, *new), (2, 5, 8, 2.5, 5.5, 8.5), strict=True)
            ]
            war += look_at_pages(port, time.monotonic() + SECONDS - 0.5)
            became.append(attacker.communicate()[0])
            for thread in threads:
                thread.join()
            people["known"] += known
            people["new"] += new
            time.sleep(1)
        ratios = {share: percentile(war, share) / percentile(peace, share) for share in (0.5, 0.95)}
        sys.stdout.write(f"{attack.name}: answered {'; '.join(became)}\n")
        for name, values in (("in peace", peace), ("under attack", war)):
            shown = f"p50 {percentile(values, 0.5) * 1e3:.0f} ms, p95 {percentile(values, 0.95) * 1e3:.0f} ms"
            sys.stdout.write(f"  pages {name:13} {shown}, {len(values)} asked\n")
        sys.stdout.write(f"  slowed by {ratios[0.5]:.2f} at the median, {ratios[0.95]:.2f} at 95 of 100\n")
        fine = fine and ratios[0.5] <= 1.5
        for name, those in people.items():
            inside = [owner for owner in those if owner.tries[-1:] == [302]]
            tries = [len(owner.tries) for owner in those]
            typical = statistics.median(owner.seconds for owner in those)
            sys.stdout.write(
                f"  {name} browsers: {len(inside)} of {len(those)} got in, after {min(tries)} to {max(tries)} tries, "
                f"{typical:.1f} s at the median, {max(owner.seconds for owner in those):.1f} s at most\n"
            )
            fine = fine and len(inside) == len(those)
        sys.stdout.flush()
    return fine


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", action="store_true", help="SQLite, no Redis, one web process")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", type=int, help="one of the attacks, counted from 0")
    for name in ("--attack", "--port", "--began"):
        parser.add_argument(name, type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.attack is not None:
        run_attack(options.port, options.attack, options.began)
        return 0
    with tempfile.TemporaryDirectory(prefix="gw2-login-") as folder:
        try:
            fine = measure(start(options.home, folder), options.rounds, options.only)
        finally:
            servers.stop_all()
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
