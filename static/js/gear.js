// What the form of a search for gear gains with JavaScript: finding in its long lists, how many are ticked,
// and errors that go when the form is sent again.
// The form works without this file.

function count(list) {
  const place = list.querySelector("[data-count]");
  if (!place) return;
  const ticked = list.querySelectorAll("input[type=checkbox]:checked").length;
  place.textContent = ticked ? `${ticked} ticked` : "its own";
}

/** Hides what does not hold the text; what is ticked stays. */
function filter(field) {
  const wanted = field.value.trim().toLowerCase();
  for (const entry of field.closest("fieldset").querySelectorAll("li")) {
    const ticked = entry.querySelector("input").checked;
    entry.hidden = wanted !== "" && !ticked && !entry.textContent.toLowerCase().includes(wanted);
  }
}

function prepare(place) {
  for (const field of place.querySelectorAll("[data-filter]")) field.hidden = false;
}

document.addEventListener("change", (event) => {
  const list = event.target.closest(".gear-list");
  if (list && event.target.type === "checkbox") count(list);
});
document.addEventListener("input", (event) => {
  if (event.target.matches("[data-filter]")) filter(event.target);
});
document.addEventListener("keydown", (event) => {
  // Enter in the finder must not start the search.
  if (event.key === "Enter" && event.target.matches("[data-filter]")) event.preventDefault();
});
document.addEventListener("htmx:beforeRequest", (event) => {
  // What was wrong with the last wish is not with this one; if it is, the answer says so again.
  if (event.detail.elt.id !== "gear-wish") return;
  for (const error of event.detail.elt.querySelectorAll(".field-error, .notice-error")) error.remove();
  for (const field of event.detail.elt.querySelectorAll(".has-error")) field.classList.remove("has-error");
  for (const field of event.detail.elt.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
});
document.addEventListener("htmx:afterSwap", () => prepare(document));
prepare(document);
