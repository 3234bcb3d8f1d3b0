"""What pages cost while 100 runs of agents are queued and a worker is busy with them, beside an idle site:
`python -m tests.bench.ai`. Starts the site, a worker and a model whose every answer takes a while, in a private folder.
Ends with status 1 where the p95 of pages is more than 1.5 times that of the idle site."""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PATHS = ("/", "/builds/", "/api/v1/ai/status", "/login/")
MOST_RATIO = 1.5
SECONDS_A_CALL = 0.5


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.ai", description=__doc__)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--pages", type=int, default=60, help="of each round")
    parser.add_argument("--rounds", type=int, default=3, help="of idle and busy in turns, so that both meet the same")
    options = parser.parse_args()
    from tests.ollama_server import scripted

    with tempfile.TemporaryDirectory(prefix="gw2-bench-", ignore_cleanup_errors=True) as folder:
        os.environ |= {"VAR_DIR": folder, "LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "tests.site_settings"}
        os.environ |= {"NUMBA_CACHE_DIR": str(ROOT / "var" / "numba-tests"), "GW2_ECHO": "1"}
        for name in ("DATABASE_URL", "REDIS_URL", "SITE_URL"):
            os.environ.pop(name, None)
        with scripted.ScriptedOllama() as ollama:
            ollama.when_done = scripted.slow_first_byte(SECONDS_A_CALL, '{"say": ["This is a good choice."]}')
            os.environ["OLLAMA_URL"] = ollama.url
            return measured(options.runs, options.pages, options.rounds)


def measured(runs: int, pages: int, rounds: int) -> int:
    import django

    django.setup()
    from django.core.management import call_command

    from builds.services.gamedata import ensure_packaged_snapshot

    call_command("migrate", verbosity=0)
    ensure_packaged_snapshot()
    call_command("load_library", verbosity=0)
    from ai_agents.models import AgentRun
    from gw2optimizer.management.commands.serve import web_command, worker_command
    from tests import echo_agent, servers  # noqa: F401 -- the first registers its agent

    port = servers.free_port()
    web = subprocess.Popen(web_command("127.0.0.1", port, 1, "tests.bench.ai_wsgi:application"), cwd=ROOT)
    worker = subprocess.Popen([*worker_command("ai"), "--include", "tests.echo_agent"], cwd=ROOT)
    try:
        while not servers.listens(port):
            time.sleep(0.1)
        timed(port, pages)
        idle, busy = [], []
        for number in range(rounds):
            idle += timed(port, pages)
            queue(runs, number)
            while not AgentRun.objects.filter(status="running").exists():
                time.sleep(0.05)
            busy += timed(port, pages)
            left = AgentRun.objects.filter(status__in=["queued", "running"]).count()
            say(f"round {number + 1}: {runs - left} of {runs} runs were done meanwhile")
            AgentRun.objects.filter(status__in=["queued"]).update(status="cancelled")
            while AgentRun.objects.filter(status="running").exists():
                time.sleep(0.05)
    finally:
        for process in (web, worker):
            process.terminate()
            process.wait(20)
    ratio = p95(busy) / p95(idle)
    say(f"{len(idle)} pages each: p95 idle {p95(idle):.1f} ms, busy {p95(busy):.1f} ms, ratio {ratio:.2f}")
    return 0 if ratio <= MOST_RATIO else 1


def queue(runs: int, round_number: int) -> None:
    from ai_agents.services.runs import start_run

    for number in range(runs):
        word = f"{round_number}-{number}"
        start_run(owner=None, caller=word, agent="echo", inputs={"word": word}, language="en")


def timed(port: int, count: int) -> list[float]:
    """Milliseconds of each page."""
    times = []
    for number in range(count):
        started = time.perf_counter()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{PATHS[number % len(PATHS)]}", timeout=60) as answer:
            answer.read()
        times.append(1000 * (time.perf_counter() - started))
    return times


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[18]


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
