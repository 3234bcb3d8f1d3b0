"""The small real model behind Ollama's wire format, asked by Ollama's own client, which is the measure of that format,
and by ours."""

import queue
import threading
from collections.abc import Iterator
from typing import Literal

import ollama
import pytest
from pydantic import BaseModel

from ai_agents.ollama import (
    AnswerCut,
    ChatMessage,
    ModelError,
    ModelMissing,
    OllamaClient,
    OllamaConfig,
    PromptTooLong,
    client,
)
from ai_agents.ollama.guard import SharedGuard
from tests.ollama_server.model import NAME

HELLO = [{"role": "user", "content": "Say hello."}]
SHORT = {"num_predict": 8, "seed": 1, "temperature": 0}


class Advice(BaseModel):
    role: Literal["healer", "tank"]
    players: Literal[5, 10]


@pytest.fixture(scope="module")
def official(ollama_url: str) -> Iterator[ollama.Client]:
    with ollama.Client(host=ollama_url, timeout=60) as client:
        yield client


@pytest.fixture
def ours(ollama_url: str) -> OllamaClient:
    config = OllamaConfig(
        url=ollama_url, model=NAME, num_ctx=4096, keep_alive="5m", connect=20, first=60, total=60, listing=20
    )
    return OllamaClient(config, SharedGuard("tests", most=4))


def test_official_client_lists_and_shows(official: ollama.Client) -> None:
    (listed,) = [model for model in official.list().models if model.model == NAME]
    assert listed.size == 98_362_432
    assert listed.details is not None
    assert listed.details.parameter_size == "134.52M"
    shown = official.show(NAME)
    assert shown.modelinfo is not None
    assert shown.modelinfo["general.parameter_count"] == 134_515_008
    assert shown.capabilities == ["completion"]


def test_official_client_chats_and_streams_the_same(official: ollama.Client) -> None:
    whole = official.chat(model=NAME, messages=HELLO, options=SHORT)
    *pieces, last = official.chat(model=NAME, messages=HELLO, options=SHORT, stream=True)
    assert whole.message.content
    assert "".join(piece.message.content or "" for piece in pieces) == whole.message.content
    assert [piece.done for piece in pieces] == [False] * 8
    assert (last.done, last.done_reason, last.eval_count) == (True, "length", 8)
    assert (whole.eval_count, whole.prompt_eval_count) == (last.eval_count, last.prompt_eval_count)


def test_official_client_gets_an_answer_in_a_schema(official: ollama.Client) -> None:
    answer = official.chat(
        model=NAME,
        messages=[{"role": "user", "content": "Who heals?"}],
        format=Advice.model_json_schema(),
        options={"temperature": 0, "num_predict": 60},
    )
    assert Advice.model_validate_json(answer.message.content or "").players in {5, 10}
    assert answer.done_reason == "stop"


def test_official_client_generates_and_creates(official: ollama.Client) -> None:
    assert official.generate(model=NAME, prompt="Hi", options=SHORT).response
    steps = official.create(model="cat", from_=NAME, system="You are a cat.", stream=True)
    assert [step.status for step in steps][-1] == "success"
    plain = official.chat(model=NAME, messages=HELLO, options=SHORT).prompt_eval_count or 0
    cat = official.chat(model="cat", messages=HELLO, options=SHORT).prompt_eval_count or 0
    assert cat != plain


def test_official_client_is_refused_as_by_ollama(official: ollama.Client) -> None:
    with pytest.raises(ollama.ResponseError, match="model 'nope' not found") as caught:
        official.chat(model="nope", messages=HELLO)
    assert caught.value.status_code == 404


def test_our_client_gets_real_tokens_in_a_schema(ours: OllamaClient) -> None:
    heard: list[str] = []
    asked = [ChatMessage("system", "You know roles."), ChatMessage("user", "Who heals?")]
    answer = ours.chat(asked, schema=Advice.model_json_schema(), on_text=heard.append)
    assert Advice.model_validate_json(answer.text).role in {"healer", "tank"}
    assert "".join(heard) == answer.text
    assert len(heard) > 5
    assert answer.prompt_tokens > 10
    assert answer.answer_tokens > 5
    assert answer.writing > 0


def test_our_client_knows_what_the_model_is(ours: OllamaClient) -> None:
    status = ours.status()
    assert (status.is_there, status.info is not None and status.info.is_small) == (True, True)
    assert NAME in [tag.name for tag in ours.tags()]
    ours.create("dog", system="You are a dog.")
    assert ours.show("dog").context_length == 8192


def test_our_client_tells_what_the_model_cannot_do(ours: OllamaClient) -> None:
    with pytest.raises(AnswerCut):
        ours.chat([ChatMessage("user", "Tell a long story.")], max_tokens=3)
    with pytest.raises(PromptTooLong):
        ours.chat([ChatMessage("user", "heal " * 6000)])
    with pytest.raises(ModelMissing):
        ours.chat([ChatMessage("user", "Hi")], model="nope")


def test_one_too_many_is_busy_and_cancelled_ones_make_room(ours: OllamaClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three one is answered, one waits, and one is refused. Only being cut off ends the first two so soon."""
    monkeypatch.setattr(client, "TRIES", 1)
    ends: queue.SimpleQueue[str] = queue.SimpleQueue()
    enough = threading.Event()

    def tell_a_story() -> None:
        try:
            ours.chat([ChatMessage("user", "Tell a long story.")], max_tokens=3000, cancelled=enough.is_set)
        except ModelError as error:
            ends.put(error.reason)

    threads = [threading.Thread(target=tell_a_story) for _ in range(3)]
    for thread in threads:
        thread.start()
    first = ends.get(timeout=60)
    enough.set()
    for thread in threads:
        thread.join()
    assert [first, ends.get_nowait(), ends.get_nowait()] == ["busy", "cancelled", "cancelled"]
    monkeypatch.setattr(client, "TRIES", 20)
    assert ours.chat([ChatMessage("user", "Hi")], schema={"enum": ["yes"]}, stream=False).text == '"yes"'
