"""The pages of builds, as a browser without JavaScript gets them."""

import html
import uuid
from urllib.parse import quote

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from builds.catalogue import current_catalogue
from builds.library.records import packaged_records
from builds.models import Build
from builds.services.builds import create_build, update_build
from builds.services.library import load_records
from builds.sharing import to_payload
from builds.spec import parse_build
from tests.factories import PASSWORD, UserFactory

CODE = "[&DQYfLSkaOCcXAXQANRfLAL4BjwBOARwBlwCWAAAAAAAAAAAAAAAAAAAAAAAAAA==]"

pytestmark = pytest.mark.django_db


def spec_of(name: str = "Fire Weaver", **fields: object) -> object:
    return parse_build(
        {"name": name, "profession": "Elementalist", "template_code": CODE, **fields}, current_catalogue()
    ).spec


@pytest.fixture
def owner() -> User:
    return UserFactory()


@pytest.fixture
def build(owner: User) -> Build:
    return create_build(owner=owner, spec=spec_of())


def text_of(response: HttpResponse) -> str:
    return html.unescape(response.content.decode())


def signed_in(user: User) -> Client:
    client = Client()
    assert client.login(username=user.username, password=PASSWORD)
    return client


def test_home_invites_to_paste_or_choose(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    page = text_of(response)
    assert 'name="q"' in page
    assert all(f'name="{name}"' in page for name in ("profession", "role", "mode"))


def test_home_shows_the_traits_and_skills_of_a_pasted_code(client: Client) -> None:
    page = text_of(client.get("/", {"q": CODE}))
    assert CODE in page
    for name in ("Weaver", "Fire", "Air", "Burning Precision", "Woven Stride", "Primordial Stance", "Arcane Wave"):
        assert name in page


def test_home_says_as_what_it_read_a_code(client: Client) -> None:
    assert client.get("/", {"q": CODE}).context["answer"].reading == "Read as the code of an Elementalist build."


def test_home_links_an_answer_that_opens_without_an_account(client: Client) -> None:
    response = client.get("/", {"q": CODE})
    path = response.context["answer"].share_path
    opened = client.get(path)
    assert opened.status_code == 200
    assert CODE in text_of(opened)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"q": "[&DQYfLSkaOCcX]"}, 400),
        ({"q": "[&not a code]"}, 400),
        ({"q": '{"name": "x"}'}, 422),
        ({"q": "{not json"}, 400),
        ({"q": "https://lucky-noobs.com/builds/view/1"}, 422),
        ({"q": "qwertz asdf"}, 422),
        ({"profession": "Wizard"}, 422),
        ({"q": "x" * 30_000}, 422),
    ],
)
def test_home_answers_bad_input_with_a_sentence(client: Client, query: dict[str, str], status: int) -> None:
    response = client.get("/", query)
    assert response.status_code == status
    assert "Traceback" not in text_of(response)
    form, error = response.context["form"], response.context["error"]
    assert error is not None or form.errors


def test_home_reads_links_of_this_site(client: Client, owner: User, build: Build) -> None:
    payload = to_payload(spec_of("In a link"))
    update_build(build_id=build.pk, author=owner, version=1, visibility="unlisted")
    for path, name in ((f"/open/{payload}/", "In a link"), (build.get_share_url(), "Fire Weaver")):
        answer = client.get("/", {"q": f"look: {settings.SITE_URL}{path}"}).context["answer"]
        assert answer.spec.name == name


def test_home_shows_no_stranger_a_private_build_behind_its_link(client: Client, owner: User, build: Build) -> None:
    link = f"{settings.SITE_URL}{build.get_absolute_url()}"
    assert client.get("/", {"q": link}).status_code == 404
    assert signed_in(owner).get("/", {"q": link}).context["answer"].spec == build.value


def test_home_reads_the_code_in_a_link_of_another_site(client: Client) -> None:
    response = client.get("/", {"q": f"https://builds.example/editor?code={quote(CODE)}"})
    assert response.context["answer"].spec.template_code == CODE


def test_home_recommends_from_words(client: Client) -> None:
    load_records(packaged_records())
    response = client.get("/", {"q": "heal firebrand for raids"})
    assert response.status_code == 200
    answer = response.context["answer"]
    assert answer.kind == "recommended"
    assert answer.spec.profession == "Guardian"
    assert answer.reading in text_of(response)
    assert answer.spec.template_code in text_of(response)


def test_home_sends_htmx_the_answer_alone(client: Client) -> None:
    response = client.get("/", {"q": CODE}, headers={"HX-Request": "true"})
    page = text_of(response)
    assert CODE in page
    assert "<html" not in page
    assert "HX-Request" in response.headers["Vary"]


@pytest.mark.parametrize("count", [1, 3, 100])
def test_library_costs_the_same_for_any_number_of_rows(
    client: Client, owner: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        create_build(owner=owner, spec=spec_of(f"Build {number}"), visibility="public")
    client.get(reverse("builds:list"))
    with django_assert_num_queries(2):  # rows, counts of the filters
        response = client.get(reverse("builds:list"))
    assert len(response.context["page"].items) == min(count, 20)


@pytest.mark.parametrize("count", [1, 3, 100])
def test_own_builds_cost_the_same_for_any_number_of_rows(
    owner: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        create_build(owner=owner, spec=spec_of(f"Build {number}"))
    client = signed_in(owner)
    client.get(reverse("builds:mine"))
    with django_assert_num_queries(3):  # session, user, rows
        response = client.get(reverse("builds:mine"))
    assert len(response.context["page"].items) == min(count, 20)


def test_library_walks_by_its_next_link(client: Client, owner: User) -> None:
    made = {create_build(owner=owner, spec=spec_of(f"Build {n:02}"), visibility="public").pk for n in range(45)}
    seen: list[uuid.UUID] = []
    url: str | None = reverse("builds:list") + "?order=name"
    while url:
        response = client.get(url)
        seen += [row.pk for row in response.context["page"].items]
        url = response.context["next_url"]
    assert len(seen) == 45
    assert set(seen) == made


def test_library_filters_and_searches(client: Client, owner: User) -> None:
    create_build(owner=owner, spec=spec_of("Fire Weaver", role="dps"), visibility="public")
    create_build(owner=owner, spec=spec_of("Secret Weaver", role="dps"))

    def names(**query: str) -> list[str]:
        return [row.name for row in client.get(reverse("builds:list"), query).context["page"].items]

    assert names(q="weaver FIRE") == ["Fire Weaver"]
    assert names(profession="Elementalist", elite="Weaver", role="dps", mode="pve") == ["Fire Weaver"]
    assert names(elite="core") == []
    assert names(profession="Thief") == []


@pytest.mark.parametrize("query", [{"mode": "chess"}, {"profession": "Wizard"}, {"order": "random"}, {"elite": "Jedi"}])
def test_library_refuses_filters_that_do_not_exist(client: Client, query: dict[str, str]) -> None:
    response = client.get(reverse("builds:list"), query)
    assert response.status_code == 422
    assert response.context["form"].errors


def test_library_refuses_a_cursor_that_is_not_its_own(client: Client) -> None:
    assert client.get(reverse("builds:list"), {"cursor": "cD1ub3QtYS1kYXRl"}).status_code == 400


@pytest.mark.parametrize("visibility", ["private", "unlisted"])
def test_a_hidden_build_is_not_there_for_strangers(owner: User, build: Build, visibility: str) -> None:
    update_build(build_id=build.pk, author=owner, version=1, visibility=visibility)
    for client in (Client(), signed_in(UserFactory())):
        assert client.get(build.get_absolute_url()).status_code == 404
    assert signed_in(owner).get(build.get_absolute_url()).status_code == 200


def test_an_unlisted_build_opens_by_its_link_until_it_is_private(owner: User, build: Build) -> None:
    assert Client().get(build.get_share_url()).status_code == 404
    update_build(build_id=build.pk, author=owner, version=1, visibility="unlisted")
    assert Client().get(build.get_share_url()).status_code == 200


OWNER_ROUTES = [("edit", "get"), ("edit", "post"), ("delete", "get"), ("delete", "post"), ("history", "get")]


@pytest.mark.parametrize(("route", "method"), OWNER_ROUTES)
def test_owner_pages_are_closed_to_others(owner: User, build: Build, route: str, method: str) -> None:
    update_build(build_id=build.pk, author=owner, version=1, visibility="public")
    url = reverse(f"builds:{route}", args=[build.pk])
    assert getattr(signed_in(UserFactory()), method)(url).status_code == 404
    anonymous = getattr(Client(), method)(url)
    assert anonymous.status_code == 302
    assert anonymous["Location"].startswith(reverse("accounts:login"))
    assert Build.objects.filter(pk=build.pk, name="Fire Weaver").exists()


@pytest.mark.parametrize("route", ["detail", "edit", "delete", "history"])
def test_an_id_that_does_not_exist_is_not_found(owner: User, route: str) -> None:
    assert signed_in(owner).get(reverse(f"builds:{route}", args=[uuid.uuid4()])).status_code == 404


@pytest.mark.parametrize(
    ("route", "method"),
    [("home", "post"), ("list", "post"), ("mine", "post"), ("save_open", "get"), ("create", "put")],
)
def test_pages_refuse_other_methods(owner: User, route: str, method: str) -> None:
    assert getattr(signed_in(owner), method)(reverse(f"builds:{route}")).status_code == 405


def test_create_saves_a_pasted_code_as_a_private_build(owner: User) -> None:
    response = signed_in(owner).post(reverse("builds:create"), {"text": f"my build {CODE}", "name": "Mine"})
    build = Build.objects.get(owner=owner)
    assert response["Location"] == build.get_absolute_url()
    assert (build.name, build.visibility, build.origin) == ("Mine", "private", "pasted")
    assert build.template_code == CODE
    assert build.elite_specialization == "Weaver"


def test_create_shows_a_pasted_code_without_an_account(client: Client) -> None:
    response = client.post(reverse("builds:create"), {"text": CODE})
    assert response.status_code == 302
    assert CODE in text_of(client.get(response["Location"]))
    assert not Build.objects.exists()


@pytest.mark.parametrize("text", ["", "nothing", "[&DQ", '{"schema": "build/2"}', "[1, 2]", "{" * 50_000])
def test_create_keeps_what_was_typed_when_it_is_wrong(owner: User, text: str) -> None:
    response = signed_in(owner).post(reverse("builds:create"), {"text": text, "name": "Kept name"})
    assert response.status_code == 422
    assert response.context["form"].errors
    assert "Kept name" in text_of(response)
    assert not Build.objects.exists()


def edit_data(build: Build, **changes: object) -> dict[str, object]:
    return {
        "name": build.name,
        "description": build.description,
        "visibility": build.visibility,
        "game_mode": build.game_mode,
        "wvw_style": build.wvw_style,
        "role": build.role,
        "difficulty": "",
        "tags": "",
        "version": build.version,
        **changes,
    }


def test_edit_saves_name_notes_and_visibility(owner: User, build: Build) -> None:
    url = reverse("builds:edit", args=[build.pk])
    client = signed_in(owner)
    assert client.get(url).status_code == 200
    data = edit_data(build, name="Renamed", description="Notes", visibility="public", tags="a, B", difficulty="3")
    assert client.post(url, data)["Location"] == f"{build.get_absolute_url()}?saved"
    build.refresh_from_db()
    assert (build.name, build.description, build.visibility) == ("Renamed", "Notes", "public")
    assert (build.tags, build.difficulty, build.version) == (["a", "b"], 3, 2)
    assert build.spec["name"] == "Renamed"


def test_edit_of_a_build_that_was_saved_meanwhile_is_a_conflict(owner: User, build: Build) -> None:
    data = edit_data(build, name="From an old tab")
    update_build(build_id=build.pk, author=owner, version=1, name="From a new tab")
    response = signed_in(owner).post(reverse("builds:edit", args=[build.pk]), data)
    assert response.status_code == 409
    assert "From an old tab" in text_of(response)
    build.refresh_from_db()
    assert build.name == "From a new tab"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "x" * 121},
        {"visibility": "secret"},
        {"game_mode": "chess"},
        {"wvw_style": "zerg"},
        {"difficulty": "6"},
        {"tags": ",".join(str(n) for n in range(11))},
        {"version": ""},
    ],
)
def test_edit_refuses_what_can_not_be(owner: User, build: Build, changes: dict[str, object]) -> None:
    response = signed_in(owner).post(reverse("builds:edit", args=[build.pk]), edit_data(build, **changes))
    assert response.status_code == 422
    assert response.context["form"].errors
    build.refresh_from_db()
    assert (build.name, build.version) == ("Fire Weaver", 1)


def test_delete_asks_first(owner: User, build: Build) -> None:
    client = signed_in(owner)
    url = reverse("builds:delete", args=[build.pk])
    assert client.get(url).status_code == 200
    assert Build.objects.filter(pk=build.pk).exists()
    assert client.post(url)["Location"] == reverse("builds:mine")
    assert not Build.objects.filter(pk=build.pk).exists()


def test_history_compares_and_restores(owner: User, build: Build) -> None:
    update_build(build_id=build.pk, author=owner, version=1, name="Second name")
    client = signed_in(owner)
    url = reverse("builds:history", args=[build.pk])
    compared = client.get(url, {"from": "1", "to": "2"}).context["compared"]
    assert [(d.place, d.before, d.after) for d in compared["differences"]] == [("Name", "Fire Weaver", "Second name")]
    client.post(reverse("builds:restore", args=[build.pk, 1]), {"version": "2"})
    build.refresh_from_db()
    assert (build.name, build.version) == ("Fire Weaver", 3)


@pytest.mark.parametrize("query", [{"from": "1", "to": "99"}, {"from": "x", "to": "1"}, {"from": "9" * 40, "to": "1"}])
def test_history_refuses_revisions_that_are_not_there(owner: User, build: Build, query: dict[str, str]) -> None:
    assert signed_in(owner).get(reverse("builds:history", args=[build.pk]), query).status_code == 422


def test_a_public_build_can_be_copied_and_stays_private(owner: User, build: Build) -> None:
    update_build(build_id=build.pk, author=owner, version=1, visibility="public")
    other = UserFactory()
    signed_in(other).post(reverse("builds:copy", args=[build.pk]))
    copied = Build.objects.get(owner=other)
    assert (copied.spec, copied.visibility) == (build.spec, "private")


def test_an_answer_can_be_kept(owner: User) -> None:
    payload = to_payload(spec_of("From an answer"))
    signed_in(owner).post(reverse("builds:save_open"), {"payload": payload, "kind": "recommended"})
    assert Build.objects.get(owner=owner).origin == "recommended"


@pytest.mark.parametrize("payload", ["x", "eJw", "A" * 7000, "%00"])
def test_a_broken_link_says_so(client: Client, payload: str) -> None:
    response = client.get(f"/open/{payload}/")
    assert response.status_code == 400
    assert "Traceback" not in text_of(response)


def test_a_build_without_a_date_shows_none(client: Client) -> None:
    load_records([record for record in packaged_records() if not record.published])
    undated = Build.objects.get()
    for url in (undated.get_absolute_url(), reverse("builds:list")):
        page = text_of(client.get(url))
        assert "no date" in page
        assert "2012" not in page


def test_a_conflict_shows_what_is_saved_and_saving_again_replaces_it(owner: User, build: Build) -> None:
    client, url = signed_in(owner), reverse("builds:edit", args=[build.pk])
    data = edit_data(build, name="From an old tab", difficulty="3")
    update_build(build_id=build.pk, author=owner, version=1, name="From a new tab", description="New notes")
    response = client.post(url, data)
    assert response.context["saved"] == [
        ("Name", "From a new tab", "From an old tab"),
        ("Difficulty", "Not said", "3, average"),
    ]
    # What only the new tab changed is in the form now.
    assert response.context["form"]["description"].value() == "New notes"
    page = text_of(response)
    assert "Saving again replaces what is saved" in page
    assert "reload" not in page
    shown = {field: response.context["form"][field].value() for field in data}
    assert client.post(url, shown).status_code == 302
    build.refresh_from_db()
    assert (build.name, build.description) == ("From an old tab", "New notes")
    assert build.revisions.filter(name="From a new tab", description="New notes").exists()


NOINDEX = '<meta name="robots" content="noindex">'


def test_only_public_builds_are_for_search_engines(owner: User, build: Build) -> None:
    update_build(build_id=build.pk, author=owner, version=None, visibility="unlisted")
    assert NOINDEX in text_of(Client().get(build.get_share_url()))
    assert NOINDEX in text_of(Client().get(f"/open/{to_payload(build.value)}/"))
    update_build(build_id=build.pk, author=owner, version=None, visibility="public")
    assert NOINDEX not in text_of(Client().get(build.get_absolute_url()))


def test_an_unlisted_build_can_be_kept_by_who_has_the_link(owner: User, build: Build) -> None:
    update_build(build_id=build.pk, author=owner, version=None, visibility="unlisted")
    link = build.get_share_url()
    assert f"{reverse('accounts:login')}?next={quote(link, safe='')}" in text_of(Client().get(link))
    assert "Save a copy" not in text_of(signed_in(owner).get(link))
    other = UserFactory()
    client = signed_in(other)
    response = client.get(link)
    assert "Save a copy" in text_of(response)
    client.post(reverse("builds:save_open"), {"payload": response.context["payload"]})
    kept = Build.objects.get(owner=other)
    assert (kept.spec, kept.visibility) == (build.spec, "private")


def test_a_renewed_link_closes_the_old_one(owner: User, build: Build) -> None:
    update_build(build_id=build.pk, author=owner, version=None, visibility="unlisted")
    old, renew = build.get_share_url(), reverse("builds:renew_link", args=[build.pk])
    client = signed_in(owner)
    assert renew in text_of(client.get(build.get_absolute_url()))
    assert client.get(renew).status_code == 405
    assert client.post(renew)["Location"] == build.get_absolute_url()
    build.refresh_from_db()
    assert Client().get(old).status_code == 404
    assert Client().get(build.get_share_url()).status_code == 200


def test_a_link_is_renewed_by_its_owner_alone(owner: User, build: Build) -> None:
    update_build(build_id=build.pk, author=owner, version=None, visibility="unlisted")
    link, renew = build.get_share_url(), reverse("builds:renew_link", args=[build.pk])
    assert renew not in text_of(signed_in(UserFactory()).get(link))
    assert signed_in(UserFactory()).post(renew).status_code == 404
    assert Client().post(renew)["Location"].startswith(reverse("accounts:login"))
    assert Client().get(link).status_code == 200


@pytest.mark.parametrize("count", [1, 3, 100])
def test_history_walks_through_all_revisions_at_the_same_cost(
    owner: User, build: Build, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, count):
        update_build(build_id=build.pk, author=owner, version=number, name=f"Name {number}")
    client = signed_in(owner)
    url: str | None = reverse("builds:history", args=[build.pk])
    client.get(url)
    seen: list[int] = []
    while url:
        with django_assert_num_queries(4):  # session, user, build, revisions
            response = client.get(url)
        seen += [revision.number for revision in response.context["page"].items]
        assert text_of(response).count("badge-strong") == 1
        url = response.context["next_url"]
    assert seen == list(range(count, 0, -1))
