"""The client of the language model against a server that does whatever Ollama was ever seen to do, and worse."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from ai_agents.ollama import (
    AnswerCut,
    CallCancelled,
    ChatMessage,
    ModelAway,
    ModelBroken,
    ModelBusy,
    ModelError,
    ModelMissing,
    ModelPaused,
    ModelSlow,
    NoModel,
    OllamaClient,
    OllamaConfig,
    PromptTooLong,
    client,
    is_set,
    the_model,
)
from ai_agents.ollama.guard import FAILURES_TO_OPEN, SharedGuard
from gw2optimizer.environment import env_address
from tests.ollama_server import scripted
from tests.ollama_server.scripted import Script, ScriptedOllama

HELLO = [ChatMessage("system", "Be brief."), ChatMessage("user", "What is a boon?")]
SCHEMA = {"type": "object", "properties": {"trait": {"enum": [567, 568]}, "note": {"type": "string"}}}
PATIENT = OllamaConfig(
    url="", model="mistral:7b", num_ctx=4096, keep_alive="5m", connect=20, first=20, total=30, listing=20
)
# Whoever kept to none of these would wait for the scripts' minutes.
QUICK = {"connect": 0.3, "first": 0.2, "total": 0.4, "listing": 0.2}


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "PAUSE_SECONDS", 0.01)


@pytest.fixture
def ollama() -> Iterator[ScriptedOllama]:
    with ScriptedOllama() as server:
        yield server


def model_at(url: str, *, most: int = 4, **config: Any) -> OllamaClient:
    return OllamaClient(replace(PATIENT, url=url, **config), SharedGuard("tests", most=most))


def test_chat_sends_what_keeps_the_model_loaded_and_the_prompt_whole(ollama: ScriptedOllama) -> None:
    model = model_at(ollama.url, num_ctx=2048)
    model.chat(HELLO, seed=7, temperature=0.2, max_tokens=90)
    model.chat(HELLO[1:], schema=SCHEMA, stream=False)
    first, second = (request.body for request in ollama.requests)
    assert first == {
        "model": "mistral:7b",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "What is a boon?"}],
        "stream": True,
        "think": False,
        "truncate": False,
        "shift": False,
        "keep_alive": "5m",
        "options": {"num_ctx": 2048, "seed": 7, "temperature": 0.2, "num_predict": 90},
    }
    assert second["options"] == {"num_ctx": 2048, "seed": 0, "temperature": 0.0, "num_predict": 512}
    assert (second["format"], second["stream"]) == (SCHEMA, False)


@pytest.mark.parametrize("stream", [True, False])
def test_answer_has_text_tokens_and_times(ollama: ScriptedOllama, stream: bool) -> None:
    heard: list[str] = []
    ollama.say(scripted.tokens("Might ", "is a ", "boon."))
    answer = model_at(ollama.url).chat(HELLO, stream=stream, on_text=heard.append)
    assert answer.text == "".join(heard) == "Might is a boon."
    assert len(heard) == (3 if stream else 1)
    assert (answer.model, answer.prompt_tokens, answer.answer_tokens, answer.tries) == ("mistral:7b", 21, 9, 1)
    assert (answer.loading, answer.reading, answer.writing) == (0.05, 0.1, 0.25)
    assert 0 < answer.first <= answer.total < 5


def test_figures_that_are_left_out_are_zero(ollama: ScriptedOllama) -> None:
    ollama.say(scripted.without_figures("Yes."))
    answer = model_at(ollama.url).chat(HELLO)
    assert (answer.text, answer.prompt_tokens, answer.answer_tokens, answer.writing) == ("Yes.", 0, 0, 0.0)


FAULTS: dict[str, tuple[Script, type[ModelError], int]] = {
    "slow first byte": (scripted.slow_first_byte(), ModelSlow, 1),
    "stall": (scripted.stall("Half of"), ModelSlow, 1),
    "trickled line": (scripted.trickle(), ModelSlow, 1),
    "trickled head": (scripted.trickle(head=True), ModelSlow, 1),
    "tokens without end": (scripted.endless(seconds=0.01), ModelSlow, 1),
    "flood of tokens": (scripted.endless("x" * 4000), AnswerCut, 1),
    "10 MB": (scripted.large(), AnswerCut, 1),
    "done_reason length": (scripted.truncated('{"trait": 567, "no'), AnswerCut, 1),
    "error as last line": (scripted.error_line("Half of"), ModelBroken, 1),
    "done: false as last line": (scripted.unfinished("Half of"), ModelBroken, 1),
    "unloaded": (scripted.tokens(done_reason="unload"), ModelBroken, 1),
    "cut off": (scripted.cut_off("Half of"), ModelBroken, 1),
    "broken JSON": (scripted.broken_json(), ModelBroken, 1),
    "another server": (scripted.not_ollama(), ModelBroken, 1),
    "wrong kinds": (scripted.Reply((b'{"message": {"content": 5}, "done": "x"}\n',)), ModelBroken, 1),
    "nothing": (scripted.Reply(), ModelBroken, 1),
    "redirect": (scripted.Reply((), 307, whole=True), ModelBroken, 1),
    "failed runner": (scripted.error(500, "llama runner process has terminated"), ModelBroken, 1),
    "bad gateway": (scripted.Reply((b"<html>",), 502, whole=True), ModelBroken, 1),
    "no such model": (scripted.missing(), ModelMissing, 1),
    "no such route": (scripted.Reply((b"404 page not found",), 404, whole=True), ModelBroken, 1),
    "long prompt": (scripted.too_long_prompt(), PromptTooLong, 1),
    "busy": (scripted.busy(), ModelBusy, 3),
    "dropped": (scripted.dropped(), ModelAway, 3),
}


@pytest.mark.parametrize(("reply", "kind", "tries"), FAULTS.values(), ids=FAULTS.keys())
def test_fault_is_told_in_time_and_tried_again_only_where_no_answer_began(
    ollama: ScriptedOllama, reply: Script, kind: type[ModelError], tries: int
) -> None:
    ollama.say(reply, reply, reply, reply)
    limits = QUICK if kind is ModelSlow else {}
    with pytest.raises(ModelError) as caught:
        model_at(ollama.url, **limits).chat(HELLO)
    assert (type(caught.value), ollama.asked()) == (kind, tries)


def test_server_that_is_not_there_is_away() -> None:
    with pytest.raises(ModelAway, match="can't be reached") as caught:
        model_at(scripted.refused_url()).chat(HELLO)
    assert (caught.value.reason, caught.value.status) == ("away", 503)


def test_answer_after_busy_ones_is_taken(ollama: ScriptedOllama) -> None:
    ollama.say(scripted.busy(), scripted.dropped(), scripted.tokens("Now."))
    answer = model_at(ollama.url).chat(HELLO)
    assert (answer.text, answer.tries) == ("Now.", 3)


def test_model_is_left_alone_after_failures_and_tried_again_later(ollama: ScriptedOllama) -> None:
    guard = SharedGuard("tests", most=1, seconds_open=0.05)
    model = OllamaClient(replace(PATIENT, url=ollama.url), guard)
    ollama.say(*[scripted.busy()] * 9, *[scripted.cut_off()] * FAILURES_TO_OPEN)
    for _ in range(3):
        with pytest.raises(ModelBusy):
            model.chat(HELLO)
    for _ in range(FAILURES_TO_OPEN):
        with pytest.raises(ModelBroken):
            model.chat(HELLO)
    asked = ollama.asked()
    with pytest.raises(ModelPaused):
        model.chat(HELLO)
    assert ollama.asked() == asked
    time.sleep(0.06)
    assert model.chat(HELLO).text == "All is well."
    assert guard.breaker.current_state == "closed"


@pytest.mark.parametrize(
    "reply", [scripted.slow_first_byte(), scripted.stall("Half of"), scripted.endless(seconds=0.01)]
)
def test_call_ends_when_it_is_cancelled(ollama: ScriptedOllama, reply: Script) -> None:
    ollama.say(reply)
    ends = time.monotonic() + 0.1
    with pytest.raises(CallCancelled):
        model_at(ollama.url).chat(HELLO, cancelled=lambda: time.monotonic() > ends)


def test_cancelled_call_lets_go_of_the_connection(ollama: ScriptedOllama) -> None:
    """Else the model would go on writing for nobody."""
    gone = threading.Event()

    def pour(request: scripted.Request) -> Iterator[scripted.Step]:
        try:
            while True:
                yield b'{"message": {"content": "on"}}\n'
                yield scripted.Pause(0.01)
        finally:
            gone.set()

    ollama.say(lambda request: scripted.Reply(pour(request)))
    heard: list[str] = []
    with pytest.raises(CallCancelled):
        model_at(ollama.url).chat(HELLO, on_text=heard.append, cancelled=lambda: bool(heard))
    assert gone.wait(5)


def test_call_that_the_listener_ends_ends(ollama: ScriptedOllama) -> None:
    def stop(text: str) -> None:
        raise KeyboardInterrupt

    ollama.say(scripted.endless(seconds=0.01))
    with pytest.raises(KeyboardInterrupt):
        model_at(ollama.url).chat(HELLO, on_text=stop)


def at_once(calls: int, call: Callable[[], object]) -> list[object]:
    """What each of several threads got, an answer or an error of the model."""
    got: list[object] = []

    def run() -> None:
        try:
            got.append(call())
        except ModelError as error:
            got.append(error.reason)

    threads = [threading.Thread(target=run) for _ in range(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def test_model_gets_no_more_calls_at_once_than_it_may(ollama: ScriptedOllama) -> None:
    ollama.when_done = scripted.slow_first_byte(0.1, then="Done.")
    model = model_at(ollama.url, most=2)
    texts = at_once(6, lambda: model.chat(HELLO).text)
    assert (texts, ollama.most_at_once) == (["Done."] * 6, 2)


def test_call_without_a_free_place_is_busy_in_time(ollama: ScriptedOllama) -> None:
    model = model_at(ollama.url, most=1, first=0.1)
    with (
        model.guard.place("mistral:7b", wait=1, lease=1, while_waiting=lambda: None),
        pytest.raises(ModelBusy),
    ):
        model.chat(HELLO)
    assert ollama.asked() == 0


def test_call_that_waits_for_a_place_can_be_cancelled(ollama: ScriptedOllama) -> None:
    model = model_at(ollama.url, most=1)
    with (
        model.guard.place("mistral:7b", wait=1, lease=1, while_waiting=lambda: None),
        pytest.raises(CallCancelled),
    ):
        model.chat(HELLO, cancelled=lambda: True)


def test_server_is_asked_what_it_has(ollama: ScriptedOllama) -> None:
    model = model_at(ollama.url)
    status = model.status()
    assert (status.is_there, status.version, status.reason) == (True, "0.13.0", "")
    assert status.info == model.show()
    assert status.info is not None
    assert (status.info.parameters, status.info.context_length, status.info.is_small) == (7_200_000_000, 32_768, False)
    assert [(tag.name, tag.parameters, tag.size) for tag in model.tags()] == [
        ("mistral:7b", 7_200_000_000, 4_113_301_824)
    ]


def test_status_says_what_is_wrong(ollama: ScriptedOllama) -> None:
    gone = model_at(scripted.refused_url()).status()
    assert (gone.is_there, gone.reason, gone.message) == (False, "away", "The language model can't be reached.")
    other = model_at(ollama.url, model="llama3:8b").status()
    assert (other.reason, other.version, other.info) == ("missing", "0.13.0", None)
    ollama.on("/api/version", scripted.slow_first_byte())
    assert model_at(ollama.url, listing=0.2).status().reason == "slow"


def test_small_model_is_known_for_one() -> None:
    with ScriptedOllama(parameter_size="134.52M") as small:
        info = model_at(small.url).show()
    assert (info.parameters, info.is_small) == (134_520_000, True)


def test_model_can_be_made_from_another(ollama: ScriptedOllama) -> None:
    model = model_at(ollama.url)
    model.create("gw2:v2", system="You know builds.")
    assert ollama.requests[0].body == {
        "model": "gw2:v2", "from": "mistral:7b", "system": "You know builds.", "stream": True,
    }  # fmt: skip
    for reply in (scripted.error_line(text="no space left"), scripted.Reply((b'{"status": "writing"}\n',))):
        ollama.on("/api/create", reply)
        with pytest.raises(ModelBroken):
            model.create("gw2:v3")


def test_no_word_of_a_prompt_or_an_answer_reaches_a_log_or_an_error(
    ollama: ScriptedOllama, caplog: pytest.LogCaptureFixture
) -> None:
    secret = [ChatMessage("user", "Swordfish")]
    ollama.say(scripted.echo(), scripted.error_line(text="Swordfish"), scripted.error(500, "Swordfish"))
    ollama.say(scripted.Reply((b'{"message": "Swordfish"}',)))
    model = model_at(ollama.url)
    with caplog.at_level(logging.DEBUG):
        assert model.chat(secret).text == "Swordfish"
        for _ in range(3):
            with pytest.raises(ModelBroken) as caught:
                model.chat(secret)
            assert "Swordfish" not in str(caught.value)
            assert caught.value.__cause__ is None
    assert "Swordfish" not in caplog.text


def test_site_without_an_address_has_no_model(settings: Any) -> None:
    settings.OLLAMA_URL = ""
    assert not is_set()
    with pytest.raises(NoModel) as caught:
        the_model()
    assert caught.value.reason == "not_set"


def test_model_of_the_site_is_as_the_settings_say(settings: Any, ollama: ScriptedOllama) -> None:
    settings.OLLAMA_URL, settings.OLLAMA_NUM_CTX, settings.OLLAMA_KEEP_ALIVE = ollama.url, 1234, "-1m"
    assert is_set()
    assert the_model().chat(HELLO).text == "All is well."
    assert ollama.requests[0].body["options"]["num_ctx"] == 1234
    assert ollama.requests[0].body["keep_alive"] == "-1m"
    assert the_model().guard is the_model().guard


@pytest.mark.parametrize(
    "value", ["localhost:11434", "ftp://host", "http://", "http://me:pw@host", "http://host/?a=b", "http://host:port"]
)
def test_address_that_cannot_be_used_stops_the_start(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_URL", value)
    with pytest.raises(ImproperlyConfigured, match="OLLAMA_URL: not an http or https address") as caught:
        env_address("OLLAMA_URL")
    assert "pw" not in str(caught.value)


def test_address_may_have_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_URL", "https://models.example.org/ollama/")
    assert env_address("OLLAMA_URL") == "https://models.example.org/ollama"
