"""The profile for a service that the settings name: its scheme, host and port exactly, no redirects, bounded in
time and size. Nothing that a visitor sends may reach its base address."""

import time
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from gw2optimizer.errors import Unavailable
from gw2optimizer.http.stream import Exchange, Limits

USER_AGENT = "GW2Optimizer/0.1"
Params = Mapping[str, str | int]


class ConfiguredClient:
    """A session bound to one base address; safe to keep for many calls, not to share between threads.

    timeout: seconds to connect, seconds for the whole answer.
    max_bytes: of the decoded body.
    """

    def __init__(self, base_url: str, *, timeout: tuple[float, float], max_bytes: int) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query:
            raise ValueError("the base address needs http or https and a host, and carries no login or query")
        self.base_url = base_url.rstrip("/")
        self.name = parts.hostname
        self.timeout = timeout
        self.max_bytes = max_bytes
        self.session = requests.Session()
        # Proxies and logins of the environment are not part of "exactly this host".
        self.session.trust_env = False
        self.session.headers["User-Agent"] = USER_AGENT
        self.session.mount("http://", HTTPAdapter(max_retries=0))
        self.session.mount("https://", HTTPAdapter(max_retries=0))

    def get(
        self, path: str, params: Params | None = None, *, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        """Any status is an answer; Unavailable when none came, it was cut, or it was too large."""
        return self.request("GET", path, params=params, headers=headers)

    def post(self, path: str, json: object, *, headers: Mapping[str, str] | None = None) -> requests.Response:
        """As `get`, with a JSON body."""
        return self.request("POST", path, json=json, headers=headers)

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        json: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        url = f"{self.base_url}/{path.lstrip('/')}"
        try:
            response = self.session.request(
                method,
                url,
                params=dict(params) if params else None,
                json=json,
                headers=dict(headers) if headers else None,
                timeout=self.timeout,
                allow_redirects=False,
                stream=True,
            )
            read_bounded(response, max_bytes=self.max_bytes, seconds=self.timeout[1], name=self.name)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise Unavailable(f"{self.name} can't be reached: {reason(error)}.") from error
        return response

    def stream(
        self,
        method: str,
        path: str,
        *,
        limits: Limits,
        json: object = None,
        while_waiting: Callable[[], None] | None = None,
    ) -> Exchange:
        """For an answer that comes piece by piece. It has a connection and limits of its own, so any thread may ask."""
        return Exchange(
            method,
            f"{self.base_url}/{path.lstrip('/')}",
            name=self.name,
            limits=limits,
            headers={"User-Agent": USER_AGENT},
            json=json,
            while_waiting=while_waiting,
        )

    def close(self) -> None:
        self.session.close()

    def __enter__(self) -> "ConfiguredClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def configured(
    base_url: str, *, timeout: tuple[float, float] = (3, 20), max_bytes: int = 16 * 1024 * 1024
) -> ConfiguredClient:
    return ConfiguredClient(base_url, timeout=timeout, max_bytes=max_bytes)


def read_bounded(response: requests.Response, *, max_bytes: int, seconds: float, name: str) -> None:
    """Reads the streamed body into `response.content`. A timeout of requests bounds each read, not their
    sum, so a server that drips could hold a caller for hours: the clock here bounds the sum. That takes reads which
    give back what has come, not ones that wait until a chunk is full."""
    deadline = time.monotonic() + seconds
    chunks: list[bytes] = []
    size = 0
    with response:
        while chunk := response.raw.read1(65536, decode_content=True):
            size += len(chunk)
            if size > max_bytes:
                raise Unavailable(f"{name} sent more than {max_bytes} bytes.")
            if time.monotonic() > deadline:
                raise Unavailable(f"{name} took longer than {seconds:g} seconds.")
            chunks.append(chunk)
    response._content = b"".join(chunks)
    response._content_consumed = True  # type: ignore[attr-defined]


def reason(error: Exception) -> str:
    """In words, without the address: it may hold an id or a key."""
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
        return "it didn't answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate isn't valid"
    if isinstance(error, requests.ConnectionError):
        return "the connection failed"
    return "its answer was cut or broken"
