// What a team's board gains with JavaScript: dragging, and a keyboard that goes on where it was.
// Every change is also a button, which works without this file.

/** Where a dragged place would go: onto another place, whose builds change places, or to the end of a group. */
let target = null;

function mark(place) {
  target?.classList.remove("is-target");
  target = place;
  target?.classList.add("is-target");
}

function send(number, place) {
  const form = document.getElementById("board-form");
  const group = place.closest("[data-group]").dataset.group;
  const where = place.dataset.place ? `${group}:${place.dataset.place}` : group;
  const values = { version: form.elements.version.value, do: `move:${number}:${where}` };
  const csrf = form.elements.csrfmiddlewaretoken;
  if (csrf) values.csrfmiddlewaretoken = csrf.value;
  window.htmx.ajax("POST", form.action, { source: form, target: "#team", swap: "outerHTML", values });
}

function prepare() {
  if (!window.Sortable || !document.getElementById("board-form")) return;
  document.querySelector(".team-board")?.classList.add("can-drag");
  for (const list of document.querySelectorAll(".board-slots")) {
    if (list.dataset.ready) continue;
    list.dataset.ready = "yes";
    window.Sortable.create(list, {
      group: "team",
      draggable: ".board-slot, .board-add",
      filter: ".board-add, .slot-menu, a, button",
      preventOnFilter: false,
      delay: 180,
      delayOnTouchOnly: true,
      animation: 0,
      ghostClass: "is-dragged",
      onMove(event) {
        mark(event.related);
        return false; // the place under the pointer is marked; nothing moves before it is let go
      },
      onEnd(event) {
        const place = target;
        mark(null);
        // What the library leaves behind, HTMX would write onto the new board, which the page's policy forbids.
        for (const one of document.querySelectorAll(".board-slots [style]")) one.removeAttribute("style");
        if (place && place !== event.item) send(event.item.dataset.number, place);
      },
    });
  }
}

/** Boards on which the focus was put already: other parts of the page come after them. */
const met = new WeakSet();

/** The place that was just moved has the focus again, its menu closed. */
function goOn() {
  const board = document.getElementById("team");
  const number = board?.dataset.moved;
  if (!number || met.has(board)) return;
  met.add(board);
  document.querySelector(`#place-${number} .slot-menu summary`)?.focus({ preventScroll: true });
}

document.addEventListener("htmx:afterSwap", () => {
  prepare();
  goOn();
});
prepare();
