"""What loading the packaged game data costs a process in time and memory: `python -m tests.bench.catalogue`."""

import resource
import statistics
import time

from builds.gamedata.snapshot import load, packaged_bytes

ROUNDS = 9
MEGABYTE = 1024


def peak_megabytes() -> float:
    """Of this process so far; on Linux the kernel counts kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


def timed() -> float:
    started = time.perf_counter()
    load(packaged_bytes())
    return (time.perf_counter() - started) * 1000


def main() -> None:
    payload = packaged_bytes()
    before = peak_megabytes()
    first = timed()
    memory = peak_megabytes() - before
    times = [timed() for _ in range(ROUNDS)]
    print(f"packed       {len(payload) / 1024:8.0f} kB")  # noqa: T201 -- a bench prints
    print(f"first load   {first:8.1f} ms, {memory:.1f} MB more at the peak")  # noqa: T201
    print(f"later loads  {statistics.median(times):8.1f} ms in the middle of {ROUNDS}")  # noqa: T201


if __name__ == "__main__":
    main()
