// The risk board: a card that is dropped on another column presses its own button for it, so both ways do the same.

const CARD = "[data-board] [data-case]";
const COLUMN = "[data-board] [data-stage]";
let dragged = null;
let moved = null;

function clear() {
  for (const column of document.querySelectorAll(".board-over")) column.classList.remove("board-over");
}

/** Lets cards be dragged from column to column; a menu on each card does it without a mouse. */
export function followBoard() {
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.(CARD) ?? null;
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.case);
    dragged.classList.add("board-dragged");
  });
  document.addEventListener("dragover", (event) => {
    const column = dragged && event.target.closest?.(COLUMN);
    if (!column) return;
    event.preventDefault();
    clear();
    column.classList.add("board-over");
  });
  document.addEventListener("drop", (event) => {
    const column = dragged && event.target.closest?.(COLUMN);
    if (!column) return;
    event.preventDefault();
    dragged.querySelector(`button[name="to"][value="${column.dataset.stage}"]`)?.click();
  });
  // The board is drawn anew after each move: whoever moves cards by keyboard goes on from the card that was moved.
  document.addEventListener("submit", (event) => (moved = event.target.closest?.(CARD)?.id ?? null));
  document.addEventListener("htmx:after:swap", () => {
    if (moved) document.getElementById(moved)?.querySelector("summary")?.focus({ preventScroll: true });
    moved = null;
  });
  document.addEventListener("dragend", () => {
    clear();
    dragged?.classList.remove("board-dragged");
    dragged = null;
  });
}
