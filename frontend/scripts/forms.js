// Small comforts of forms.

/** A form with data-autosubmit is sent when one of its choices changes (its button is for pages without scripts). */
export function followAutosubmit() {
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.matches("[data-autosubmit]") && event.target.matches("select, [type=radio], [type=checkbox], [type=date], [inputmode=numeric]")) form.requestSubmit();
  });
}

/**
 * A checkbox with data-tick-all ticks all boxes of its table, shows a dash while some are ticked, and tells how many.
 * Ticking "everybody who matches" (data-ticks-beyond) goes beyond the page, so that the page's boxes no longer count.
 */
export function followTickAll() {
  const list = (head) => [...head.closest("table").querySelectorAll("tbody input[type=checkbox]")];
  const settle = (head) => {
    const boxes = list(head);
    const ticked = boxes.filter((box) => box.checked).length;
    head.checked = ticked > 0 && ticked === boxes.length;
    head.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-tick-all]")) for (const box of list(event.target)) box.checked = event.target.checked;
    const head = event.target.closest?.("table")?.querySelector("[data-tick-all]");
    if (head) settle(head);
    const beyond = document.querySelector("[data-ticks-beyond]");
    if (event.target === beyond) for (const box of document.querySelectorAll(`input[type=checkbox][form="${beyond.form.getAttribute("id")}"]`)) box.disabled = beyond.checked;
  });
}

function show(input) {
  const place = input.closest(".drop")?.querySelector("[data-chosen]");
  if (place) place.textContent = [...input.files].map((file) => file.name).join(", ");
}

/** A drop area says which files were chosen, and lights up while one is held over it. */
export function showChosenFiles() {
  document.addEventListener("change", (event) => {
    if (event.target.matches(".drop input[type=file]")) show(event.target);
  });
  for (const [name, on] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
    document.addEventListener(name, (event) => event.target.closest?.(".drop")?.classList.toggle("drop-over", on));
  }
}
