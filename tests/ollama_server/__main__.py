"""`python -m tests.ollama_server --port 11435`: the small model behind Ollama's wire format, until it is ended."""

import argparse
import contextlib
import signal
import sys

from tests.ollama_server.front import Front
from tests.ollama_server.model import NAME, SmallModel, missing
from tests.ollama_server.wire import server_of


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.ollama_server", description=__doc__)
    parser.add_argument("--port", type=int, default=11_435)
    parser.add_argument("--queue", type=int, default=4, help="how many requests may wait while one is answered")
    parser.add_argument("--context", type=int, default=4096, help="tokens of prompt and answer together")
    options = parser.parse_args()
    if reason := missing():
        sys.exit(reason)
    # A supervisor's way to end it; nothing is worth keeping.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = server_of(Front(SmallModel(options.context), queue=options.queue).answer, options.port)
    sys.stderr.write(
        f"{NAME} answers at http://127.0.0.1:{options.port}. It is for trying out: too small to be clever.\n"
    )
    with server, contextlib.suppress(KeyboardInterrupt):
        server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
