// What the editor gains with JavaScript: many pieces set at once, undo and redo, unsaved work that survives a reload or is
// offered again by another tab, and errors that stand at their field while one edits. The form works without this file.

const form = document.querySelector("[data-editor]");
const preview = document.getElementById("preview");
const key = `editor:${form.dataset.editor}`;
const ofBuild = key.replace(/[^:]*$/, "");
const FORGOTTEN_AFTER = 14 * 24 * 3600 * 1000;
const MOST_OFFERED = 3;
const twoHanded = new Set(form.dataset.twoHanded.split(" "));
// Not of the build: the site's own, what is seen and not made, what many pieces are set to.
const NOT_KEPT = new Set(["csrfmiddlewaretoken", "version", "build", "profession", "origin", "all_gear", "gear_view", "drawn_bar", "boon", "with", "set"]);

// --- The form as a value ---

function fields() {
  return [...form.elements].filter((field) => field.name && !NOT_KEPT.has(field.name) && field.type !== "submit");
}

const isTrait = (name) => /^specializations\.\d\.traits\./.test(name);

/** Name to text; a box or a radio counts while it is ticked, and a trait that waits for its line. No trait is none. */
function state() {
  const found = Object.fromEntries(Object.entries(waiting ?? {}).filter(([name]) => isTrait(name)));
  for (const field of fields()) {
    if (field.type === "radio" || field.type === "checkbox") {
      if (field.checked && field.value) found[field.name] = field.value;
    } else {
      found[field.name] = field.value;
    }
  }
  return found;
}

function put(wanted) {
  for (const field of fields()) {
    if (field.name.startsWith("drawn.")) continue;
    if (field.type === "radio") field.checked = (wanted[field.name] ?? "") === field.value;
    else if (field.type === "checkbox") field.checked = wanted[field.name] === field.value;
    else field.value = wanted[field.name] ?? "";
  }
  hands();
}

function tick(wanted) {
  for (const field of fields()) if (isTrait(field.name)) field.checked = (wanted[field.name] ?? "") === field.value;
}

const drawn = (number) => form.elements[`drawn.${number}`]?.value;
const line = (wanted, number) => wanted[`specializations.${number}.specialization`] ?? "";

// --- Undo, redo, and what outlives a reload ---

let waiting = null; // a state with lines that are not drawn yet
const first = state();
let base = first; // what is saved: the page begins with it, but for one that comes back with what was sent
const steps = [first];
let at = 0;
const undo = document.querySelector("[data-undo]");
const redo = document.querySelector("[data-redo]");
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** The drawn lines follow the page, so they tell no two states apart. */
function bare(found) {
  return Object.fromEntries(Object.entries(found).filter(([name]) => !name.startsWith("drawn.")));
}

/** A tab's own name, so that two tabs keep what is unsaved apart. */
function tab() {
  const known = sessionStorage.getItem("tab") ?? crypto.getRandomValues(new Uint32Array(1))[0].toString(36);
  sessionStorage.setItem("tab", known);
  return known;
}

/** In the tab, for a reload, and in the browser, for a tab that was closed: there with what it was made from. */
function keep() {
  try {
    const mine = `${key}:${tab()}`;
    const now = state();
    if (!("unsaved" in form.dataset) && same(bare(now), bare(first))) {
      sessionStorage.removeItem(key);
      localStorage.removeItem(mine);
    } else {
      sessionStorage.setItem(key, JSON.stringify(now));
      localStorage.setItem(mine, JSON.stringify({ at: Date.now(), base, state: now }));
    }
  } catch {
    // A browser that stores nothing: only the reload is lost.
  }
}

/** sent: what is saved by now, or stands in the page that comes back. */
function forget({ sent = false } = {}) {
  try {
    sessionStorage.removeItem(key);
    const mine = `${key}:${tab()}`;
    const kept = JSON.parse(localStorage.getItem(mine));
    if (sent && kept) localStorage.setItem(mine, JSON.stringify({ ...kept, sent }));
    else localStorage.removeItem(mine);
  } catch {
    // Nothing was stored.
  }
}

function buttons() {
  undo.disabled = at === 0;
  redo.disabled = at === steps.length - 1;
}

function note() {
  const now = state();
  if (!same(bare(now), bare(steps[at]))) {
    steps.splice(at + 1, steps.length, now);
    at += 1;
  }
  keep();
  buttons();
}

/** Traits can be ticked only in a line that is drawn: those of another one are ticked when it has come. */
function show(wanted) {
  waiting = [0, 1, 2].some((number) => line(wanted, number) !== drawn(number)) ? wanted : null;
  put(wanted);
  keep();
  buttons();
  form.dispatchEvent(new Event("ask"));
}

function move(by) {
  if (!steps[at + by]) return;
  at += by;
  show(steps[at]);
}

undo.hidden = redo.hidden = false;
undo.addEventListener("click", () => move(-1));
redo.addEventListener("click", () => move(1));
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const pressed = event.key.toLowerCase();
  // A line that is being typed in has its own undo.
  if (event.target.matches("textarea, input:not([type='radio'], [type='checkbox'])")) return;
  if (pressed === "z" || pressed === "y") {
    event.preventDefault();
    move(pressed === "y" || event.shiftKey ? 1 : -1);
  }
});

// --- Many at once ---

/** A weapon of two hands leaves nothing for the other one. */
function hands() {
  for (const number of [0, 1]) {
    const main = form.elements[`weapon_sets.${number}.main_hand`];
    const off = form.elements[`weapon_sets.${number}.off_hand`];
    if (!main) continue;
    const full = twoHanded.has(main.value);
    off.disabled = full;
    if (full) off.value = "";
    for (const part of ["prefix", "rarity"]) {
      const field = form.elements[`gear.weapon_${number + 1}_off.${part}`];
      field.disabled = full;
      if (full && part === "prefix") field.value = "";
    }
  }
}

/** The active legend brings its skills, as in the game. */
const legendSkills = JSON.parse(document.getElementById("legend-skills")?.textContent ?? "null");
const BAR = ["heal", "utilities.0", "utilities.1", "utilities.2", "elite"];

function legend(field) {
  const side = { "legends.land.0": "skills", "legends.water.0": "water_skills" }[field.name];
  if (!side || !legendSkills) return;
  BAR.forEach((place, number) => {
    form.elements[`${side}.${place}`].value = legendSkills[field.value]?.[number] ?? "";
  });
}

const GROUPS = {
  armor: /^gear\.(helm|shoulders|coat|gloves|leggings|boots)\.prefix$/,
  trinkets: /^gear\.(amulet|ring_.|accessory_.|back)\.prefix$/,
  weapons: /^gear\.weapon_._(main|off)\.prefix$/,
  all: /^gear\.(?!breather|water).*\.prefix$/,
};

function setGear(group) {
  const prefix = form.elements.all_gear.value;
  for (const field of fields()) {
    if (!GROUPS[group].test(field.name) || field.disabled) continue;
    if ([...field.options].some((option) => option.value === prefix)) field.value = prefix;
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[name='set_gear']");
  if (!button) return;
  event.preventDefault();
  setGear(button.value);
});

form.addEventListener("change", (event) => {
  if (NOT_KEPT.has(event.target.name)) return;
  // Another line than the one that is waited for: its traits are not meant any more.
  if (event.target.name?.endsWith?.(".specialization")) waiting = null;
  legend(event.target);
  hands();
  note();
});

// What is seen and not made asks for no numbers.
for (const quiet of form.querySelectorAll("[data-quiet]")) quiet.addEventListener("change", (event) => event.stopPropagation());

// A name picked from the list is whole at once, not only when the line is left.
form.addEventListener("input", (event) => {
  if (event.inputType !== "insertReplacementText" || !event.target.matches("input[list]")) return;
  event.target.dispatchEvent(new Event("change", { bubbles: true }));
});

/** A trait is taken back by the key that takes back text, too. */
form.addEventListener("keydown", (event) => {
  if (!["Delete", "Backspace"].includes(event.key) || !isTrait(event.target.name ?? "") || !event.target.value) return;
  event.preventDefault();
  const none = [...form.elements[event.target.name]].find((field) => !field.value);
  none.checked = true;
  none.focus();
  none.dispatchEvent(new Event("change", { bubbles: true }));
});

// Tiles are what one chooses by; the plain lists stay for whom they suit, and open where something in them is wrong.
for (const lists of form.querySelectorAll("[data-plain]")) lists.open = lists.querySelector(".has-error") !== null;
preview.addEventListener("click", (event) => {
  const link = event.target.closest("[data-problem] a");
  const place = link && document.getElementById(link.getAttribute("href").slice(1))?.closest("details");
  if (place) place.open = true;
});

// --- What the preview brings ---

/** Errors stand at their field, too. */
function mark() {
  for (const field of form.querySelectorAll(".edit-field.has-error")) {
    field.classList.remove("has-error");
    field.querySelector(".field-error").hidden = true;
    field.querySelector("input, select").removeAttribute("aria-invalid");
  }
  for (const problem of preview.querySelectorAll("[data-problem]")) {
    const control = document.getElementById(problem.dataset.problem);
    const place = document.getElementById(`${problem.dataset.problem}-error`);
    if (!control || !place) continue;
    control.setAttribute("aria-invalid", "true");
    control.closest(".edit-field")?.classList.add("has-error");
    place.querySelector("span").textContent = problem.querySelector("span").textContent;
    place.hidden = false;
  }
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target !== preview) return;
  mark();
  for (const place of form.querySelectorAll("[data-gives]")) {
    place.textContent = preview.querySelector(`[data-now-gives="${place.dataset.gives}"]`)?.textContent ?? "";
  }
  if (!waiting) return;
  const wanted = waiting;
  if ([0, 1, 2].some((number) => line(wanted, number) !== drawn(number))) return;
  waiting = null;
  tick(wanted);
  keep();
  form.dispatchEvent(new Event("ask"));
});

// --- After a reload ---

const banner = document.querySelector("[data-brought-back]");

function bringBack() {
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(key));
  } catch {
    return;
  }
  if (!kept || same(bare(kept), bare(first))) return;
  steps.push(kept);
  at = 1;
  show(kept);
  banner.hidden = false;
}

document.querySelector("[data-discard]").addEventListener("click", () => {
  banner.hidden = true;
  steps.push(first);
  at = steps.length - 1;
  show(first);
});

// --- What another tab, or a visit before, left unsaved ---

/** Newest first: the place it is kept at, the version it was made from, and what it changed. */
function leftBehind() {
  const found = [];
  for (const place of Object.keys(localStorage).filter((name) => name.startsWith(ofBuild))) {
    if (place === `${key}:${tab()}` && sessionStorage.getItem(key)) continue;
    const kept = JSON.parse(localStorage.getItem(place));
    const version = place.slice(ofBuild.length).split(":")[0];
    const gone = kept.sent && (`${ofBuild}${version}` !== key || key.startsWith("editor:new:"));
    const changed = changedBy(kept);
    if (gone || Date.now() - kept.at > FORGOTTEN_AFTER || !changed.length) localStorage.removeItem(place);
    else found.push({ place, version, at: kept.at, changed });
  }
  return found.sort((a, b) => b.at - a.at).slice(0, MOST_OFFERED);
}

/** Field and text of each that differs from what it was made from, and from what stands here. */
function changedBy({ base, state: then }) {
  const names = new Set([...Object.keys(bare(base)), ...Object.keys(bare(then))]);
  return [...names]
    .filter((name) => base[name] !== then[name] && first[name] !== then[name])
    .map((name) => [name, then[name]]);
}

/** Only what was changed is put in: what somebody saved since stays. */
function restore({ place, changed }) {
  const wanted = { ...state() };
  for (const [name, text] of changed) {
    if (text === undefined) delete wanted[name];
    else wanted[name] = text;
  }
  localStorage.removeItem(place);
  steps.splice(at + 1, steps.length, wanted);
  at += 1;
  show(wanted);
}

function offer(left) {
  const notice = document.querySelector("template[data-offer]").content.firstElementChild.cloneNode(true);
  const when = new Date(left.at).toLocaleString(document.documentElement.lang || undefined, { dateStyle: "medium", timeStyle: "short" });
  const number = left.changed.length;
  notice.querySelector("[data-when]").textContent = when;
  notice.querySelector("[data-number]").textContent = number === 1 ? "1 field" : `${number} fields`;
  const now = form.dataset.editor.split(":").pop();
  if (left.version !== now) {
    notice.querySelector("[data-version]").textContent = ` It was made from version ${left.version}, and version ${now} is saved by now: only what you changed is put in.`;
  }
  notice.querySelector("[data-restore]").addEventListener("click", () => (notice.remove(), restore(left)));
  notice.querySelector("[data-drop]").addEventListener("click", () => (notice.remove(), localStorage.removeItem(left.place)));
  banner.after(notice);
}

function offerLeft() {
  try {
    leftBehind().reverse().forEach(offer);
  } catch {
    // A browser that stores nothing, or something that is not ours: there is nothing to offer.
  }
}

document.querySelector("[data-forget]")?.addEventListener("click", () => forget());

form.addEventListener("submit", (event) => {
  // Enter takes a suggestion; it does not save what is half typed.
  if (event.submitter?.matches("[data-enter]") && document.activeElement.matches("input[list], input[type='number']")) {
    event.preventDefault();
    return;
  }
  forget({ sent: true });
});

function baseOfSent() {
  try {
    const mine = Object.keys(localStorage).filter((name) => name.startsWith(ofBuild) && name.endsWith(`:${tab()}`));
    return mine.map((name) => JSON.parse(localStorage.getItem(name))).find((kept) => kept.sent)?.base;
  } catch {
    return undefined;
  }
}

function begin() {
  if (form.querySelector(".has-error")) mark();
  if ("unsaved" in form.dataset) {
    base = baseOfSent() ?? first;
    keep();
  } else {
    bringBack();
  }
  offerLeft();
}

hands();
// HTMX, which the preview is asked by, listens from this moment on.
document.addEventListener("DOMContentLoaded", begin);
buttons();
