"""Runs of the gear optimiser: at once or by a worker, stopped, cut off, thrown away; and who may read them."""

import uuid
from datetime import timedelta
from typing import Any

import orjson
import pytest
from celery import Task
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.registries import exports
from builds.access import readable_run
from builds.engine.gear import Progress
from builds.engine.optimise import GearChoices
from builds.gear_wish import GearWish
from builds.models import Build, GearRun
from builds.services import gear_runs
from builds.services.builds import delete_build, update_build
from builds.spec.model import DamageProfile
from gw2optimizer.errors import InvalidInput, NotFound, TooManyRequests
from tests.factories import AdminFactory, BuildFactory, UserFactory
from tests.specs import packaged
from tests.staff import log_in_staff

pytestmark = pytest.mark.django_db

WISH = GearWish(
    constraints={"min_health": 100.0},
    # Two runes: a search of more than one variant is asked between them whether to stop.
    choices=GearChoices(prefixes=("Berserker's", "Dragon's"), runes=tuple(packaged().runes)[:2]),
    boons={"might": 3},
    profile=DamageProfile(3000.0, 0.0, {"burning": 2.0}, 0.4, "given"),
)
ANYONE = AnonymousUser()


def queued(
    build: Build | None = None, *, owner: Any = None, caller: str = "address:1", wish: GearWish = WISH
) -> GearRun:
    build = build or BuildFactory()
    return gear_runs.queue_run(owner=owner, caller=caller, spec=build.value, wish=wish, build=build)


def fresh(run: GearRun) -> GearRun:
    return GearRun.objects.get(pk=run.pk)


def worker_gone(run: GearRun) -> None:
    """As the row looks some time after a worker was killed in the middle."""
    GearRun.objects.filter(pk=run.pk).update(
        status="running", attempts=fresh(run).attempts + 1, due_at=timezone.now() - timedelta(seconds=1), done=0.5
    )


# --- the wish --------------------------------------------------------------------------------------
def test_wish_comes_back_from_a_row_as_it_was() -> None:
    wish = GearWish(
        "weighted",
        weights={"damage": 1.0},
        choices=GearChoices(sigils=((24615, 24868),), infusions=("power",), infusion_count=3),
        switches=(1, 2),
        profile=WISH.profile,
    )
    for one in (wish, WISH, GearWish()):
        run = queued(wish=one, caller=str(uuid.uuid4()))
        assert GearWish.from_json(fresh(run).request) == one


def test_wish_of_another_release_is_read_as_far_as_it_is_known() -> None:
    wish = GearWish.from_json({"objective": "healing", "luck": 1, "choices": {"prefixes": ["Magi's"], "luck": 1}})
    assert wish == GearWish("healing", choices=GearChoices(prefixes=("Magi's",)))


# --- at once or not --------------------------------------------------------------------------------
def test_small_search_is_answered_at_once_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gear_runs, "AT_ONCE_SECONDS", 60.0)
    build = BuildFactory()
    found = gear_runs.answer_at_once(spec=build.value, wish=WISH)
    assert found is not None
    run = fresh(gear_runs.keep_answer(owner=None, caller="x", spec=build.value, wish=WISH, found=found, build=build))
    assert (run.status, run.done, run.best) == ("done", 1.0, found.results[0].objective)
    assert run.bound == run.best
    assert run.result is not None
    assert run.result["results"][0]["gear"] == found.results[0].gear
    assert run.engine == gear_runs.engine_version()
    assert str(packaged().taken_on) in run.game_data


def test_search_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gear_runs, "AT_ONCE_SECONDS", 0.0)
    assert gear_runs.answer_at_once(spec=BuildFactory().value, wish=WISH) is None


def test_wish_that_cannot_be_met_is_refused_at_once() -> None:
    with pytest.raises(InvalidInput):
        gear_runs.answer_at_once(spec=BuildFactory().value, wish=GearWish("luck"))


def test_combinations_beyond_64_bits_are_kept() -> None:
    infusions = ("power", "precision", "ferocity", "condition_damage")
    wish = GearWish(choices=GearChoices(infusions=infusions), profile=WISH.profile)
    run = queued(wish=wish)
    gear_runs.work(run_id=run.pk)
    result = fresh(run).result
    assert result is not None
    assert result["combinations"] > 2**64


# --- the worker ------------------------------------------------------------------------------------
def test_queued_run_is_sent_when_its_row_is_there(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr("builds.tasks.search_gear.delay", sent.append)
    with django_capture_on_commit_callbacks(execute=True):
        run = queued()
        assert sent == []
    assert sent == [str(run.pk)]


def test_worker_brings_a_run_to_its_end() -> None:
    run = queued()
    gear_runs.work(run_id=run.pk)
    over = fresh(run)
    expected = gear_runs.answer_at_once(spec=run.value, wish=WISH)
    assert over.status == "done"
    assert over.result is not None
    assert expected is not None
    assert over.result["results"] == [one.as_json() for one in expected.results]
    assert (over.attempts, over.error_code) == (1, "")
    assert over.finished_at is not None


def test_second_message_for_a_run_finds_it_taken() -> None:
    run = queued()
    gear_runs.work(run_id=run.pk)
    first = fresh(run)
    gear_runs.work(run_id=run.pk)
    gear_runs.work(run_id=uuid.uuid4())
    assert fresh(run).finished_at == first.finished_at
    assert fresh(run).attempts == 1


def test_run_of_a_living_worker_is_not_taken() -> None:
    run = queued()
    GearRun.objects.filter(pk=run.pk).update(status="running", attempts=1, due_at=timezone.now() + timedelta(seconds=5))
    gear_runs.work(run_id=run.pk)
    assert fresh(run).status == "running"


def test_wish_that_the_worker_finds_wrong_fails_with_its_words() -> None:
    run = queued(wish=GearWish("damage", constraints={"min_luck": 1.0}))
    gear_runs.work(run_id=run.pk)
    over = fresh(run)
    assert (over.status, over.error_code) == ("failed", "invalid")
    assert "min_luck" in over.error_message


def test_what_breaks_in_the_worker_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(GearWish, "optimised", broken)
    run = queued()
    gear_runs.work(run_id=run.pk)
    over = fresh(run)
    assert (over.status, over.error_code) == ("failed", "server_error")
    assert "secret" not in over.error_message


def _progress(**changes: Any) -> Progress:
    return Progress(**{"best": 10.0, "bound": 12.0, "done": 0.25, "evaluated": 7, "seconds": 1.0, **changes})


def test_progress_is_written_and_keeps_the_run_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gear_runs, "REPORT_SECONDS", 0.0)
    run = queued()
    taken = gear_runs._taken(run.pk)
    assert taken is not None
    GearRun.objects.filter(pk=run.pk).update(due_at=timezone.now())
    report = gear_runs._Report(taken)
    report.progress(_progress())
    now = fresh(run)
    assert (now.done, now.best, now.bound, now.evaluated) == (0.25, 10.0, 12.0, 7)
    assert now.due_at > timezone.now() + gear_runs.LEASE / 2
    assert not report.cancelled()


def test_progress_is_written_a_few_times_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    run = queued()
    taken = gear_runs._taken(run.pk)
    assert taken is not None
    report = gear_runs._Report(taken)
    moments = iter([report.began + 0.1 * n for n in range(1, 21)])
    monkeypatch.setattr("builds.services.gear_runs.time.monotonic", lambda: next(moments))
    written = []
    for number in range(20):
        report.progress(_progress(evaluated=number))
        written.append(fresh(run).evaluated)
    assert len(set(written)) - 1 <= 5


def test_search_ends_with_the_best_so_far_when_its_time_is_used_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gear_runs, "MOST_SECONDS", 0.0)
    run = queued()
    gear_runs.work(run_id=run.pk)
    over = fresh(run)
    assert over.status == "done"
    assert over.result is not None
    assert over.result["status"] == "cancelled"
    assert over.result["results"]


# --- stopping --------------------------------------------------------------------------------------
def test_waiting_run_is_stopped_at_once_and_never_taken() -> None:
    run = queued()
    assert gear_runs.cancel_run(run_id=run.pk).status == "cancelled"
    gear_runs.work(run_id=run.pk)
    assert (fresh(run).status, fresh(run).attempts) == ("cancelled", 0)


def test_running_search_stops_with_its_best_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gear_runs, "REPORT_SECONDS", 0.0)
    run = queued()
    taken = gear_runs._taken

    def taken_and_stopped(run_id: uuid.UUID) -> GearRun | None:
        found = taken(run_id)
        assert gear_runs.cancel_run(run_id=run_id).cancel_asked
        return found

    monkeypatch.setattr(gear_runs, "_taken", taken_and_stopped)
    gear_runs.work(run_id=run.pk)
    over = fresh(run)
    assert over.status == "cancelled"
    assert over.result is not None
    assert over.result["status"] == "cancelled"
    assert over.result["results"]


def test_run_that_is_over_stays_as_it_is() -> None:
    run = queued()
    gear_runs.work(run_id=run.pk)
    assert gear_runs.cancel_run(run_id=run.pk).status == "done"
    with pytest.raises(NotFound):
        gear_runs.cancel_run(run_id=uuid.uuid4())


# --- workers that end --------------------------------------------------------------------------------
def test_run_of_a_worker_that_ended_is_tried_once_more_and_then_fails() -> None:
    run = queued()
    worker_gone(run)
    assert gear_runs.tend_runs()["sent again"] == 1
    again = fresh(run)
    assert (again.status, again.done) == ("queued", 0.0)
    assert gear_runs.tend_runs()["sent again"] == 0
    worker_gone(run)
    assert gear_runs.tend_runs()["lost"] == 1
    over = fresh(run)
    assert (over.status, over.error_code) == ("failed", "lost")
    assert over.error_message


def test_worker_that_was_given_up_writes_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gear_runs, "REPORT_SECONDS", 0.0)
    run = queued()
    slow = gear_runs._taken(run.pk)
    assert slow is not None
    GearRun.objects.filter(pk=run.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    gear_runs.tend_runs()
    second = gear_runs._taken(run.pk)
    assert second is not None
    report = gear_runs._Report(slow)
    report.progress(_progress())
    assert report.cancelled()
    found = gear_runs.answer_at_once(spec=run.value, wish=WISH)
    assert found is not None
    assert not gear_runs.finish_run(run=slow, found=found)
    assert fresh(run).status == "running"
    assert gear_runs.finish_run(run=second, found=found)


def test_run_that_was_to_stop_is_not_sent_again() -> None:
    run = queued()
    worker_gone(run)
    gear_runs.cancel_run(run_id=run.pk)
    assert gear_runs.tend_runs()["cancelled"] == 1
    assert fresh(run).status == "cancelled"


def test_lost_message_is_sent_again_and_given_up_after_an_hour() -> None:
    run, now = queued(), timezone.now()
    assert gear_runs.tend_runs()["sent again"] == 0
    GearRun.objects.filter(pk=run.pk).update(due_at=now - timedelta(seconds=1))
    assert gear_runs.tend_runs()["sent again"] == 1
    GearRun.objects.filter(pk=run.pk).update(due_at=now - timedelta(seconds=1), created_at=now - gear_runs.GIVE_UP)
    assert gear_runs.tend_runs()["untaken"] == 1
    assert (fresh(run).status, fresh(run).error_code) == ("failed", "unavailable")


# --- how many --------------------------------------------------------------------------------------
def test_nobody_has_more_than_a_few_waiting() -> None:
    build = BuildFactory()
    runs = [queued(build) for _ in range(gear_runs.MOST_WAITING)]
    with pytest.raises(TooManyRequests, match="stop one"):
        queued(build)
    queued(build, caller="address:2")
    gear_runs.cancel_run(run_id=runs[0].pk)
    queued(build)


def test_of_finished_runs_the_newest_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gear_runs, "MOST_KEPT", 2)
    build = BuildFactory()
    other = queued(build, caller="address:2")
    gear_runs.cancel_run(run_id=other.pk)
    runs = []
    for _ in range(4):
        runs.append(queued(build))
        gear_runs.cancel_run(run_id=runs[-1].pk)
    waiting = queued(build)
    left = set(GearRun.objects.values_list("pk", flat=True))
    assert left == {other.pk, runs[2].pk, runs[3].pk, waiting.pk}


def test_old_runs_are_deleted_and_waiting_ones_are_not() -> None:
    old, new, waiting = (queued(caller=name) for name in "abc")
    for run in (old, new):
        gear_runs.cancel_run(run_id=run.pk)
    long_ago = timezone.now() - gear_runs.KEPT - timedelta(minutes=1)
    GearRun.objects.exclude(pk=new.pk).update(created_at=long_ago)
    assert gear_runs.delete_old_runs() == 1
    assert set(GearRun.objects.values_list("pk", flat=True)) == {new.pk, waiting.pk}


def test_each_entry_of_the_clock_names_a_task() -> None:
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert isinstance(import_string(entry["task"]), Task)


# --- who may read them -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("started_by", "visibility", "readers"),
    [
        ("nobody", "public", {"nobody", "owner", "stranger", "staff"}),
        ("owner", "public", {"owner"}),
        ("owner", "private", {"owner"}),
        ("owner", "unlisted", {"owner"}),
        ("stranger", "public", {"stranger"}),
        # Closed since.
        ("stranger", "private", set()),
        ("nobody", "private", {"owner"}),
        ("nobody", None, {"nobody", "owner", "stranger", "staff"}),
        ("stranger", None, {"stranger"}),
    ],
)
def test_run_is_open_to_those_only(started_by: str, visibility: str | None, readers: set[str]) -> None:
    people: dict[str, Any] = {
        "nobody": ANYONE, "owner": UserFactory(), "stranger": UserFactory(), "staff": AdminFactory(),
    }  # fmt: skip
    build = BuildFactory(owner=people["owner"])
    starter = people[started_by] if started_by != "nobody" else None
    run = gear_runs.queue_run(
        owner=starter, caller="x", spec=build.value, wish=WISH, build=build if visibility else None
    )
    if visibility:
        update_build(build_id=build.pk, author=build.owner, version=None, visibility=visibility)
    found = set()
    for name, user in people.items():
        try:
            found.add(name if readable_run(user, run.pk) == run else "")
        except NotFound:
            continue
    assert found == readers
    with pytest.raises(NotFound):
        readable_run(ANYONE, uuid.uuid4())


def test_run_goes_with_its_build_and_its_owner() -> None:
    build, owner = BuildFactory(), UserFactory()
    queued(build)
    queued(owner=owner)
    delete_build(build=build)
    owner.delete()
    assert not GearRun.objects.exists()


def test_export_of_an_account_holds_its_runs_and_no_others(django_assert_num_queries: Any) -> None:
    owner = UserFactory()
    mine = [queued(owner=owner, caller=str(number)) for number in range(3)]
    queued(owner=UserFactory(), caller="other")
    gear_runs.work(run_id=mine[0].pk)
    with django_assert_num_queries(1):
        exported = exports()["gear_runs"](owner)
    assert [one["id"] for one in exported] == [str(run.pk) for run in mine]
    assert orjson.loads(orjson.dumps(exported))[0]["result"]["status"] == "optimal"


@pytest.mark.parametrize(
    "values", [{"status": "asleep"}, {"done": 1.5}, {"status": "done"}, {"status": "failed"}], ids=str
)
def test_database_refuses_a_run_that_cannot_be(values: dict[str, Any]) -> None:
    run = queued()
    with pytest.raises(IntegrityError), transaction.atomic():
        GearRun.objects.filter(pk=run.pk).update(**values)


# --- staff -----------------------------------------------------------------------------------------
def test_staff_may_look_and_not_touch() -> None:
    run = queued(owner=UserFactory())
    gear_runs.work(run_id=run.pk)
    client = Client()
    log_in_staff(client, AdminFactory())
    assert str(run.pk) in client.get(reverse("admin:builds_gearrun_changelist")).content.decode()
    page = client.get(reverse("admin:builds_gearrun_change", args=[run.pk]))
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert client.post(reverse("admin:builds_gearrun_change", args=[run.pk]), {"status": "done"}).status_code == 403
    assert client.post(reverse("admin:builds_gearrun_delete", args=[run.pk]), {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:builds_gearrun_add")).status_code == 403
