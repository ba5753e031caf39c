// Confirmations: a button with data-dialog-open="id" shows the <dialog> of that id.

/** Opens and closes dialogs; a click on the backdrop closes too. Escape and focus are the browser's. */
export function followDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog-open]");
    if (opener) {
      event.preventDefault();
      document.getElementById(opener.dataset.dialogOpen)?.showModal();
      return;
    }
    if (event.target.closest("[data-dialog-close]") || event.target.matches("dialog.modal")) {
      event.target.closest("dialog")?.close();
    }
  });
}
