// Menus are <details data-menu>; they open by themselves, this closes them when they are left.
const OPEN = "details[data-menu][open]";

function closeAllBut(kept) {
  for (const menu of document.querySelectorAll(OPEN)) if (menu !== kept && !menu.contains(kept)) menu.open = false;
}

/** One menu open at a time; a click elsewhere, leaving by keyboard, or Escape closes it. */
export function followMenus() {
  document.addEventListener("click", (event) => closeAllBut(event.target.closest(OPEN)));
  document.addEventListener("focusin", (event) => closeAllBut(event.target.closest(OPEN)));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector(OPEN);
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
