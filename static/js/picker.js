// The dialog that a tile of the editor opens: what the place can be, to search and to choose from, with the numbers it has
// in this build. It writes into the field of the form and nothing else; without it the fields are chosen from directly.

const form = document.querySelector("[data-editor]");
const dialog = document.getElementById("picker");
const title = document.getElementById("picker-title");
const search = document.getElementById("picker-search");
const list = document.getElementById("picker-list");
const facts = document.getElementById("picker-facts");
const said = document.getElementById("picker-said");
let field = null;
let asked = 0;

const options = () => [...list.querySelectorAll("[role='option']")];
const shown = () => options().filter((option) => !option.hidden);
const active = () => list.querySelector(".is-active");
const folded = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();

function activate(option, { scroll = true } = {}) {
  active()?.classList.remove("is-active");
  facts.replaceChildren();
  search.removeAttribute("aria-activedescendant");
  if (!option) return;
  option.classList.add("is-active");
  search.setAttribute("aria-activedescendant", option.id);
  const told = option.querySelector("[data-facts]");
  if (told) facts.append(...[...told.cloneNode(true).childNodes]);
  if (scroll) option.scrollIntoView({ block: "nearest" });
}

/** Every word has to be in the name or in what it does. */
function filter() {
  const words = folded(search.value).split(/\s+/).filter(Boolean);
  for (const option of options()) {
    option.words ??= folded(option.textContent);
    option.hidden = !words.every((word) => option.words.includes(word));
  }
  for (const group of list.querySelectorAll("[role='group']")) {
    group.hidden = group.querySelector("[role='option']:not([hidden])") === null;
  }
  const left = shown();
  said.textContent = left.length === 1 ? "1 choice" : `${left.length} choices`;
  // Whose name begins alike stands before whom it only touches.
  const first = left.find((option) => words[0] && folded(option.querySelector(".name").textContent).startsWith(words[0]));
  activate(words.length ? first ?? left[0] : list.querySelector("[aria-selected='true']") ?? left[0]);
}

function choose(option) {
  if (!option || !field) return;
  dialog.close();
  if (field.value === option.dataset.value) return;
  field.value = option.dataset.value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Where nothing can be fetched, the plain field is still there. */
function plain() {
  const lists = field.closest("details");
  if (lists) lists.open = true;
  field.focus();
}

async function open(name) {
  field = form.elements[name];
  if (!field || field.disabled) return;
  const mine = ++asked;
  const sent = new FormData(form);
  sent.append("field", name);
  let text;
  try {
    const answer = await fetch(form.dataset.choices, { method: "POST", body: sent, headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(answer.status);
    text = await answer.text();
  } catch {
    plain();
    return;
  }
  if (mine !== asked) return;
  list.innerHTML = text;
  title.textContent = form.querySelector(`label[for="edit-${CSS.escape(name)}"]`)?.textContent ?? "Choose";
  search.value = "";
  if (!dialog.open) dialog.showModal();
  search.focus();
  filter();
  active()?.scrollIntoView({ block: "center" });
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-pick]");
  if (!button) return;
  // Not every browser does so by itself, and the dialog gives the focus back to where it was.
  button.focus({ focusVisible: false });
  open(button.dataset.pick);
});
search.addEventListener("input", filter);
search.addEventListener("keydown", (event) => {
  const left = shown();
  const at = left.indexOf(active());
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[event.key];
  if (event.key === "Enter") {
    event.preventDefault();
    choose(active());
  } else if (to !== undefined) {
    event.preventDefault();
    activate(left[Math.max(0, Math.min(left.length - 1, to))]);
  }
});
list.addEventListener("pointermove", (event) => {
  const option = event.target.closest("[role='option']");
  if (option && option !== active()) activate(option, { scroll: false });
});
list.addEventListener("click", (event) => choose(event.target.closest("[role='option']")));
dialog.addEventListener("click", (event) => {
  if (event.target === dialog || event.target.closest("[data-picker-close]")) dialog.close();
});

// A tile that is drawn anew takes the focus over from the one it replaces.
let held = null;
document.addEventListener("htmx:oobBeforeSwap", () => {
  held = document.activeElement?.dataset?.pick ?? null;
});
document.addEventListener("htmx:oobAfterSwap", () => {
  if (held) document.querySelector(`[data-pick="${held}"]`)?.focus({ focusVisible: false });
});

for (const button of document.querySelectorAll(".pick-button")) button.hidden = false;
