"""Hashes passwords for a web process, one a line of JSON, until that closes the line. A program of its own, since only
a process can stand behind others: a thread of low priority that waits for the lock of Python holds all others up.

["hash", secret, salt, time, memory, lanes, length, version] -> the hash; ["verify", hash, secret] -> true or false.
Secret and salt are hexadecimal."""

import json
import os
import signal
import sys

import argon2

# Behind everything that answers, and before what nobody waits for.
NICENESS = 15


def answer(call: list[str | int]) -> str | bool:
    match call:
        case ["verify", str(encoded), str(secret)]:
            try:
                return argon2.PasswordHasher().verify(encoded, bytes.fromhex(secret))
            except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
                return False
        case ["hash", str(secret), str(salt), int(time), int(memory), int(lanes), int(length), int(version)]:
            return argon2.low_level.hash_secret(
                bytes.fromhex(secret),
                bytes.fromhex(salt),
                time_cost=time,
                memory_cost=memory,
                parallelism=lanes,
                hash_len=length,
                type=argon2.Type.ID,
                version=version,
            ).decode("ascii")
    raise ValueError("no such call")


def main() -> None:
    # Ctrl-C reaches all processes of a terminal; this one ends with the one that it works for.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
