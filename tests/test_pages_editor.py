"""The editor of a build: its form, what it saves, and what it answers while one edits."""

import html
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from builds.catalogue import current_catalogue as packaged_catalogue
from builds.editing import NO_LONGER_MEASURED
from builds.gamedata.model import Amulet
from builds.library.records import LibraryRecord, packaged_records
from builds.models import Build
from builds.presentation.worth import asked_for, worth_view
from builds.services.builds import create_build, update_build
from builds.sharing import from_payload, to_payload
from builds.spec import BuildSpec, parse_build
from builds.spec.model import GearPiece
from tests.factories import UserFactory
from tests.forms import sent_by
from tests.specs import firebrand, packaged

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PREVIEW = "/builds/preview/"


def whole(**changes: Any) -> BuildSpec:
    """A firebrand with traits."""
    lines = [
        {"specialization": "Radiance", "traits": ["Inner Fire", "Radiant Fire", "Righteous Instincts"]},
        {"specialization": "Honor", "traits": [None, None, None]},
        {"specialization": "Firebrand", "traits": ["Liberator's Vow", None, None]},
    ]
    return parse_build(firebrand(specializations=lines, **changes), packaged()).spec


@pytest.fixture
def owner() -> User:
    return UserFactory()


@pytest.fixture
def own(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture
def build(owner: User) -> Build:
    return create_build(owner=owner, spec=whole())


def trait(name: str) -> str:
    return str(packaged().find("trait", name).id)


def edit_url(build: Build) -> str:
    return reverse("builds:edit", args=[build.pk])


def form_of(client: Client, url: str) -> dict[str, list[str]]:
    return sent_by(client.get(url).content.decode(), "editor")


def text_of(response: Any) -> str:
    return html.unescape(response.content.decode())


def one_of_each_profession() -> list[LibraryRecord]:
    found: dict[str, LibraryRecord] = {}
    for record in packaged_records():
        if record.spec.pets_land or record.spec.legends_land or record.spec.profession not in found:
            found[record.spec.profession] = record
    return [found[name] for name in sorted(found)]


@pytest.mark.parametrize("record", one_of_each_profession(), ids=lambda record: record.spec.profession)
def test_a_form_sent_back_unchanged_saves_nothing(own: Client, owner: User, record: LibraryRecord) -> None:
    build = create_build(owner=owner, spec=record.spec)
    response = own.post(edit_url(build), form_of(own, edit_url(build)))
    assert response["Location"] == build.get_absolute_url()
    build.refresh_from_db()
    assert (build.version, build.value) == (1, record.spec)


def test_what_is_changed_is_saved_and_can_be_undone(own: Client, build: Build) -> None:
    form = form_of(own, edit_url(build))
    changed = {
        "gear.helm.prefix": "Berserker's",
        "gear.ring_1.prefix": "",
        "rune": "scholar",
        "specializations.0.traits.0": trait("Right-Hand Strength"),
        "weapon_sets.0.main_hand": "Sword",
        "skills.utilities.2": "9153",
        "infusions.healing_power": "10",
        "infusions.power": "8",
    }
    response = own.post(edit_url(build), form | changed)
    assert response["Location"] == f"{build.get_absolute_url()}?saved"
    before = build.value
    build.refresh_from_db()
    spec = build.value
    assert spec.gear["helm"].prefix == "Berserker's"
    assert "ring_1" not in spec.gear
    assert packaged().runes[spec.rune or 0].name == "Superior Rune of the Scholar"
    assert spec.weapon_sets[0].names == ("Sword", "Shield")
    assert spec.skills.utilities[2] == 9153
    assert spec.infusions == {"healing_power": 10, "power": 8}
    assert spec.template_code != before.template_code
    page = text_of(own.get(response["Location"]))
    assert f'action="{reverse("builds:restore", args=[build.pk, 1])}"' in page
    restored = own.post(reverse("builds:restore", args=[build.pk, 1]), {"version": "2"})
    build.refresh_from_db()
    assert build.value == before
    assert restored["Location"].endswith("?saved")


def test_a_page_that_was_not_just_saved_offers_no_undo(own: Client, owner: User, build: Build) -> None:
    update_build(build_id=build.pk, author=owner, version=1, visibility="public")
    for address in (build.get_absolute_url(), f"{build.get_absolute_url()}?saved"):
        assert "/restore/" not in text_of(own.get(address))
    update_build(build_id=build.pk, author=owner, version=2, name="Another")
    assert "/history/2/restore/" in text_of(own.get(f"{build.get_absolute_url()}?saved"))
    assert "/restore/" not in text_of(Client().get(f"{build.get_absolute_url()}?saved"))


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("weapon_sets.1.off_hand", "Focus", "Staff takes both hands."),
        ("gear.weapon_2_off.prefix", "Viper's", "The weapon of this set takes both hands."),
        ("sigils.0.1", "Sigil of Nothing", "There is no sigil"),
        ("sigils.1.1", "qqqq", "There is no sigil"),
        ("rune", "Superior Rune of the Monkey", "Did you mean “Superior Rune of the Monk”?"),
        ("infusions.power", "many", "This is not a whole number."),
        ("infusion_items.0.item", "Nothing Infusion", "There is no infusion"),
        ("skills.utilities.1", "9153", "is chosen twice"),
        ("skills.elite", "5534", "no elite skill|can't equip|There is no"),
        ("specializations.1.specialization", "62", "Firebrand is"),
        ("gear.helm.rarity", "golden", "This is not one of"),
        ("name", "", "This field is required."),
        ("visibility", "secret", "Select a valid choice."),
    ],
)
def test_an_error_stands_at_its_field_and_the_rest_stays(
    own: Client, build: Build, field: str, text: str, sentence: str
) -> None:
    form = form_of(own, edit_url(build)) | {"skills.utilities.0": "9153", "description": "typed", field: text}
    form.pop("drawn.1")
    response = own.post(edit_url(build), form)
    assert response.status_code == 422
    page = text_of(response)
    about = response.context["form"].fields.keys()
    place = f"id_{field}_error" if field in about else f"edit-{field}-error"
    shown = page.partition(f'id="{place}"')[2].partition("</p>")[0]
    assert any(words in shown for words in sentence.split("|")), shown
    again = sent_by(page, "editor")
    assert again["description"] == ["typed"]
    assert again.get(field, [text]) == [text]
    build.refresh_from_db()
    assert build.version == 1


def test_an_error_without_a_field_stands_above_the_form(own: Client, build: Build) -> None:
    form = form_of(own, edit_url(build)) | {"infusions.power": "5"}
    response = own.post(edit_url(build), form)
    assert response.status_code == 422
    assert response.context["editor"].infusion_errors == ("Gear has room for 20 infusions; these are 23.",)


def test_another_specialization_asks_for_its_traits(own: Client, build: Build) -> None:
    """Without JavaScript: the line that is drawn is the one before."""
    zeal = next(id_ for id_, line in packaged().specializations.items() if line.name == "Zeal")
    response = own.post(
        edit_url(build), form_of(own, edit_url(build)) | {"specializations.0.specialization": str(zeal)}
    )
    assert response.status_code == 422
    form = sent_by(response.content.decode(), "editor")
    assert form["drawn.0"] == [str(zeal)]
    assert form["specializations.0.traits.0"] == [""]
    assert own.post(edit_url(build), form).status_code == 302
    build.refresh_from_db()
    line = build.value.specializations[0]
    assert line is not None
    assert (line.specialization, line.traits) == (zeal, (None, None, None))


@pytest.mark.parametrize("group", ["armor", "trinkets", "weapons", "all"])
def test_many_pieces_are_set_without_saving(own: Client, build: Build, group: str) -> None:
    form = form_of(own, edit_url(build)) | {"set_gear": group, "all_gear": "Viper's"}
    response = own.post(edit_url(build), form)
    assert response.status_code == 200
    again = sent_by(response.content.decode(), "editor")
    slots = {"armor": "coat", "trinkets": "ring_2", "weapons": "weapon_1_main"}
    for name, slot in slots.items():
        expected = "Viper's" if group in (name, "all") else form[f"gear.{slot}.prefix"][0]
        assert again[f"gear.{slot}.prefix"] == [expected]
    build.refresh_from_db()
    assert build.version == 1


def test_a_second_tab_overwrites_nothing_until_it_is_told_to(own: Client, owner: User, build: Build) -> None:
    old = form_of(own, edit_url(build)) | {"gear.helm.prefix": "Viper's", "role": "dps", "rune": "Monk"}
    other = form_of(own, edit_url(build)) | {"gear.boots.prefix": "Dire", "name": "Other", "rune": "Water"}
    assert own.post(edit_url(build), other).status_code == 302
    response = own.post(edit_url(build), old)
    assert response.status_code == 409
    assert ("Gear, helm, prefix", "Minstrel's", "Viper's") in response.context["saved"]
    assert ("Rune", "Superior Rune of the Water", "Superior Rune of the Monk") in response.context["saved"]
    assert not {"Gear, boots, prefix", "Name"} & {label for label, *_ in response.context["saved"]}
    build.refresh_from_db()
    assert build.value.gear["helm"].prefix == "Minstrel's"
    again = own.post(edit_url(build), sent_by(response.content.decode(), "editor"))
    assert again.status_code == 302
    build.refresh_from_db()
    assert (build.name, build.role, build.value.rune) == ("Other", "dps", packaged().find("rune", "Monk").id)
    assert (build.value.gear["helm"].prefix, build.value.gear["boots"].prefix) == ("Viper's", "Dire")


def test_what_was_measured_is_left_out_of_a_changed_build(own: Client, owner: User) -> None:
    build = create_build(owner=owner, spec=whole(benchmark={"dps": 1000, "source": "a test"}))
    form = form_of(own, edit_url(build))
    own.post(edit_url(build), form | {"name": "Another name"})
    build.refresh_from_db()
    assert build.value.benchmark_dps == 1000
    response = own.post(edit_url(build), form | {"version": "2", "gear.helm.prefix": "Viper's"}, follow=True)
    assert NO_LONGER_MEASURED in text_of(response)
    build.refresh_from_db()
    assert build.value.benchmark_dps is None


# --- what it is worth --------------------------------------------------------------------------------
def test_a_preview_answers_the_changed_build_and_saves_nothing(
    own: Client, build: Build, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    form = form_of(own, edit_url(build)) | {"gear.coat.prefix": "Berserker's", "boon": ["might"], "set": "2"}
    own.post(PREVIEW, form)
    with django_assert_num_queries(3):  # session, user, build
        response = own.post(PREVIEW, form)
    saved = build.value
    changed = replace(saved, gear={**saved.gear, "coat": GearPiece("Berserker's")})
    worth = worth_view(changed, packaged(), asked_for(["might"], [], "2"), saved)
    page = text_of(response)
    assert response.status_code == 200
    assert worth.panel is not None
    power = worth.panel.groups[0][1][0]
    assert (power.name, power.delta) == ("Power", "+141")
    for row in (*worth.panel.groups[0][1], *worth.damage):
        assert f">{row.value}<" in page
        assert f'<span class="delta">{row.delta}</span>' in page
    for boon in worth.effects.boons:
        assert boon.amount in page
    assert "<html" not in page
    build.refresh_from_db()
    assert (build.version, build.value) == (1, saved)


def test_a_preview_names_what_is_wrong_and_goes_on_without_it(own: Client, build: Build) -> None:
    form = form_of(own, edit_url(build)) | {"rune": "qqqq", "gear.helm.prefix": "Viper's", "infusions.power": "99"}
    response = own.post(PREVIEW, form)
    assert response.status_code == 200
    problems = {(name, uid) for name, uid, _, _ in response.context["problems"]}
    assert problems == {("rune", "edit-rune"), ("infusions", "edit-infusions")}
    worth = response.context["worth"]
    condition_damage = next(row for row in worth.panel.groups[0][1] if row.name == "Condition damage")
    assert condition_damage.delta.startswith("+")


def test_a_preview_draws_the_line_that_became_another(own: Client, build: Build) -> None:
    zeal = next(id_ for id_, line in packaged().specializations.items() if line.name == "Zeal")
    form = form_of(own, edit_url(build)) | {"specializations.0.specialization": str(zeal)}
    page = text_of(own.post(PREVIEW, form))
    assert 'id="line-0" hx-swap-oob="true"' in page
    assert 'id="line-1"' not in page
    assert "Fiery Wrath" in page


def test_a_preview_draws_the_skills_anew_where_they_changed(own: Client, build: Build) -> None:
    form = form_of(own, edit_url(build))
    assert 'id="editor-bar"' not in own.post(PREVIEW, form).content.decode()
    changed = own.post(PREVIEW, form | {"skills.heal": "9102", "weapon_sets.0.main_hand": "Sword"}).content.decode()
    assert 'id="editor-bar" role="group"' in changed
    assert packaged().skills[9102].name in changed
    assert "Symbol of Blades" in changed
    assert 'href="https://wiki.guildwars2.com/wiki/Special:Search?go=Go&amp;search=Symbol%20of%20Blades"' in changed


@pytest.mark.parametrize(
    ("field", "values", "status"),
    [
        ("skills.elite", ["", "29965"], 200),
        ("sigils.0.0", ["Superior Sigil of Force"], 200),
        ("rune", ["Superior Rune of the Monk"], 200),
        ("infusion_items.0.item", [""], 200),
        ("gear.helm.prefix", [], 422),
        ("<x>", [], 422),
        ("", [], 422),
    ],
)
def test_choices_of_a_field_show_their_numbers(
    own: Client, build: Build, field: str, values: list[str], status: int
) -> None:
    response = own.post("/builds/choices/", form_of(own, edit_url(build)) | {"field": field})
    assert response.status_code == status
    text = html.unescape(response.content.decode())
    assert all(f'data-value="{value}"' in text for value in values)
    if field == "skills.elite":
        # What the build can use comes before what needs another specialization.
        assert -1 < text.index('aria-label="Firebrand"') < text.index('aria-label="Dragonhunter"')
        assert "Recharge" in text


def test_choices_are_for_whom_may_edit(client: Client, build: Build) -> None:
    client.force_login(UserFactory())
    assert client.post("/builds/choices/", {"build": str(build.pk), "field": "rune"}).status_code == 404
    mine = client.post("/builds/choices/", {"profession": "Revenant", "field": "legends.land.0"})
    assert "Legendary Dwarf" in mine.content.decode()
    assert client.post("/builds/choices/", {"profession": "Bard", "field": "rune"}).status_code == 422


def test_a_preview_of_pvp_says_what_is_not_known(client: Client) -> None:
    form = form_of(client, "/builds/new/?profession=Thief&game_mode=pvp")
    response = client.post(PREVIEW, form | {"gear.helm.prefix": "Viper's"})
    assert response.status_code == 200
    assert response.context["worth"].panel is None
    assert "PvP amulets are not in the data" in text_of(response)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 422),
        ({"profession": "Wizard"}, 422),
        ({"build": "qqq"}, 422),
        ({"build": "7d44a8a0-5f2a-4d43-93e4-4bb2c8a5d9d0"}, 404),
        ({"origin": "qqq"}, 400),
    ],
)
def test_a_preview_of_nothing_is_refused(client: Client, data: dict[str, str], status: int) -> None:
    assert client.post(PREVIEW, data).status_code == status
    assert client.get(PREVIEW).status_code == 405


def test_a_stranger_sees_no_editor_of_a_private_build(client: Client, build: Build) -> None:
    client.force_login(UserFactory())
    assert client.get(edit_url(build)).status_code == 404
    assert client.post(edit_url(build), {}).status_code == 404
    assert client.post(PREVIEW, {"build": str(build.pk), "drawn.0": ""}).status_code == 404


# --- from nothing ------------------------------------------------------------------------------------
def test_a_new_build_begins_with_profession_and_mode(client: Client) -> None:
    assert 'name="profession"' in text_of(client.get("/builds/new/"))
    form = form_of(client, "/builds/new/?profession=Ranger&game_mode=wvw")
    assert (form["profession"], form["game_mode"], form["name"]) == (["Ranger"], ["wvw"], ["New Ranger"])
    assert {"pets.land.0", "weapon_sets.1.main_hand", "gear.back.prefix"} <= form.keys()
    assert client.get("/builds/new/?profession=Wizard").status_code == 422
    assert client.post("/builds/new/", {"profession": "Wizard"}).status_code == 422


def test_a_new_build_of_a_visitor_is_kept_in_its_link(client: Client) -> None:
    form = form_of(client, "/builds/new/?profession=Thief") | {"relic": "Fireworks", "name": "Mine"}
    location = client.post("/builds/new/", form)["Location"]
    spec = from_payload(location.split("/")[2], packaged())
    assert (spec.name, spec.profession) == ("Mine", "Thief")
    assert packaged().relics[spec.relic or 0].name == "Relic of Fireworks"
    assert client.get(location).status_code == 200
    assert not Build.objects.exists()


def test_a_new_build_of_a_player_is_saved_as_private(own: Client, owner: User) -> None:
    form = form_of(own, "/builds/new/?profession=Revenant") | {"legends.land.0": "Legend2"}
    response = own.post("/builds/new/", form)
    build = Build.objects.get()
    assert response["Location"] == build.get_absolute_url()
    assert (build.owner, build.visibility, build.value.legends_land) == (owner, "private", ("Legend2",))


def test_a_build_in_a_link_can_be_changed(client: Client) -> None:
    spec = whole(benchmark={"dps": 1000, "source": "a test"})
    address = f"/builds/new/?from={to_payload(spec)}"
    form = form_of(client, address)
    same = client.post("/builds/new/", form)["Location"]
    assert from_payload(same.split("/")[2], packaged()) == spec
    page = client.post(PREVIEW, form | {"gear.helm.prefix": "Viper's"})
    assert page.context["worth"].compared
    changed = client.post("/builds/new/", form | {"gear.helm.prefix": "Viper's"})["Location"]
    assert from_payload(changed.split("/")[2], packaged()).gear["helm"].prefix == "Viper's"
    assert client.get("/builds/new/?from=qqq").status_code == 400


def test_a_public_build_of_somebody_else_is_changed_as_a_copy(client: Client, owner: User, build: Build) -> None:
    address = f"/builds/new/?build={build.pk}"
    assert client.get(address).status_code == 404
    update_build(build_id=build.pk, author=owner, version=1, visibility="public")
    assert address in text_of(client.get(build.get_absolute_url()))
    location = client.post("/builds/new/", form_of(client, address) | {"gear.helm.prefix": "Viper's"})["Location"]
    assert from_payload(location.split("/")[2], packaged()).gear["helm"].prefix == "Viper's"
    build.refresh_from_db()
    assert build.value.gear["helm"].prefix == "Minstrel's"
    assert client.get("/builds/new/?build=qqq").status_code == 422


def test_the_answer_of_the_home_page_can_be_changed(client: Client) -> None:
    answer = client.get("/", {"q": whole().template_code}).context["answer"]
    assert f"/builds/new/?from={answer.payload}" in text_of(client.get(answer.share_path))


def test_pvp_offers_the_amulets_that_the_data_has(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    amulet = Amulet(4, "Berserker Amulet", {"power": 1200, "precision": 900, "ferocity": 900}, "")
    monkeypatch.setattr(packaged_catalogue(), "amulets", {4: amulet})
    monkeypatch.setitem(packaged_catalogue()._tables, "amulet", {4: amulet})
    form = form_of(client, "/builds/new/?profession=Thief&game_mode=pvp") | {
        "pvp_amulet": "4",
        "gear.helm.prefix": "Dire",
    }
    spec = from_payload(client.post("/builds/new/", form)["Location"].split("/")[2], packaged_catalogue())
    assert (spec.pvp_amulet, spec.gear) == (4, {})
    assert client.post(PREVIEW, form).context["worth"].panel.groups[0][1][0].value == "2,200"


def test_a_build_with_things_that_the_game_no_longer_has_can_still_be_mended(own: Client, build: Build) -> None:
    gone = 999_999
    stored = build.spec | {"rune": gone, "relic": gone, "food": gone, "sigils": [[gone]]}
    stored["specializations"] = [{"specialization": gone, "traits": [gone, None, None]}, *stored["specializations"][1:]]
    stored["skills"] = stored["skills"] | {"heal": gone}
    stored["gear"] = stored["gear"] | {"helm": {"prefix": "Gone's", "rarity": "ascended"}}
    Build.objects.filter(pk=build.pk).update(spec=stored)
    form = form_of(own, edit_url(build))
    assert (form["rune"], form["skills.heal"], form["gear.helm.prefix"]) == ([f"#{gone}"], [str(gone)], ["Gone's"])
    answer = own.post(PREVIEW, form)
    assert answer.status_code == 200
    wrong = {name for name, *_ in answer.context["problems"]}
    assert {"rune", "relic", "food", "sigils.0.0", "skills.heal", "gear.helm.prefix"} <= wrong
    assert own.post(edit_url(build), form).status_code == 422
    mended = dict.fromkeys(wrong, "")
    mended |= {"specializations.0.specialization": "", "sigils.0.0": ""}
    assert own.post(edit_url(build), form | mended).status_code == 302


@pytest.mark.parametrize("text", ["nan", "1e308", "-1", "9" * 400, "\N{ARABIC-INDIC DIGIT THREE}", "[&DQ", "x" * 5_000])
def test_absurd_texts_are_refused_or_read_and_never_an_error_of_ours(client: Client, text: str) -> None:
    form = form_of(client, "/builds/new/?profession=Ranger")
    absurd = {name: text for name in form if name not in ("profession", "origin", "csrfmiddlewaretoken")}
    for address in (PREVIEW, "/builds/new/"):
        assert client.post(address, form | absurd).status_code in (200, 422)
