// What a page gains with JavaScript: copying, the theme switch, keys, buttons that show they wait.
// Every page works without this file.

const root = document.documentElement;
const YEAR = 31536000;
const COPIED_FOR = 1600;

/** Says a sentence to screen readers. */
function say(text) {
  const place = document.getElementById("said");
  if (place) place.textContent = text;
}

// --- Theme: a cookie, so that the server draws the next page right from its first byte. ---

function isDark() {
  const chosen = root.dataset.theme;
  return chosen ? chosen === "dark" : !matchMedia("(prefers-color-scheme: light)").matches;
}

function switchTheme() {
  const theme = isDark() ? "light" : "dark";
  root.dataset.theme = theme;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
  say(`${theme === "dark" ? "Dark" : "Light"} colours`);
}

// --- Copying ---

async function write(text, source) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // No permission, or a page that is not secure: the older way needs a selection.
    if (!source) return false;
    source.focus();
    source.select();
    return document.execCommand("copy");
  }
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  if (!source) return;
  const done = await write(source.value, source);
  const label = button.querySelector("[data-label]") ?? button;
  const before = button.dataset.before ?? label.textContent;
  button.dataset.before = before;
  label.textContent = done ? "Copied" : "Press Ctrl+C";
  button.classList.toggle("is-done", done);
  say(done ? "Copied" : "The text is selected. Press Ctrl and C to copy it.");
  clearTimeout(button.copyTimer);
  button.copyTimer = setTimeout(() => {
    label.textContent = before;
    button.classList.remove("is-done");
  }, COPIED_FOR);
}

// --- Forms: one submit, and a button that shows it waits ---

function wait(form, submitter) {
  form.setAttribute("aria-busy", "true");
  submitter?.classList.add("is-waiting");
}

function release() {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
  for (const button of document.querySelectorAll(".is-waiting")) button.classList.remove("is-waiting");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || event.defaultPrevented) return;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }
  if (form.hasAttribute("hx-get") || form.hasAttribute("hx-post")) return; // HTMX marks these itself
  wait(form, event.submitter);
});
// A page that comes back from the browser's store must not still wait.
addEventListener("pageshow", release);

// --- Clicks ---

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-copy], [data-theme-switch], [data-help]");
  if (target?.hasAttribute("data-copy")) copy(target);
  if (target?.hasAttribute("data-theme-switch")) switchTheme();
  if (target?.hasAttribute("data-help")) showHelp();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-select]")) event.target.select();
});

// --- Keys ---

function showHelp() {
  const dialog = document.getElementById("keyboard-help");
  if (dialog && !dialog.open) dialog.showModal();
}

function isTyping(element) {
  return element.closest("input, textarea, select, [contenteditable]") !== null;
}

/** A tooltip that was opened by hover or focus goes away until the pointer or focus leaves. */
function hush() {
  for (const tip of document.querySelectorAll(".tip:is(:hover, :focus-within)")) {
    tip.classList.add("is-hushed");
    const back = () => tip.classList.remove("is-hushed");
    tip.addEventListener("mouseleave", back, { once: true });
    tip.addEventListener("focusout", back, { once: true });
  }
}

const keys = {
  "/": () => document.querySelector("[data-search]"),
  c: () => document.querySelector("[data-main-copy]"),
  e: () => document.querySelector("[data-edit]"),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    hush();
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "?") {
    event.preventDefault();
    showHelp();
    return;
  }
  const target = keys[event.key]?.();
  if (!target) return;
  event.preventDefault();
  if (event.key === "/") {
    target.focus();
    target.select?.();
  } else {
    target.click();
  }
});

// --- HTMX: a failure that brings nothing to show still has to be told ---

function toast(text) {
  const place = document.getElementById("messages");
  if (!place) return;
  const note = document.createElement("div");
  note.className = "toast toast-error";
  const line = document.createElement("p");
  line.textContent = text;
  note.append(line);
  place.append(note);
}

document.addEventListener("htmx:sendError", () => toast("The site can't be reached. Look at your connection and try again."));
document.addEventListener("htmx:timeout", () => toast("The site took too long to answer. Try again."));
document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  if ([409, 413, 422, 429, 503].includes(xhr.status)) return; // these are shown where they arose
  toast(xhr.status >= 500 ? "Something went wrong on our side. Try again in a moment." : "That did not work. Reload the page and try again.");
});
document.addEventListener("htmx:afterSwap", (event) => {
  const place = event.target.closest?.("[data-arrive]");
  if (!place) return;
  place.scrollIntoView({ block: "nearest" });
  const summary = place.querySelector("[data-summary]");
  if (summary) say(summary.textContent.trim());
});

for (const button of document.querySelectorAll("[data-theme-switch], [data-help]")) button.hidden = false;
