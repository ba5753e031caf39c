// A button with data-print opens the browser's own print dialog.

/** Prints when such a button is pressed. */
export function followPrint() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
}
