// Small comforts of forms.

/** A form with data-autosubmit is sent when one of its choices changes (its button is for pages without scripts). */
export function followAutosubmit() {
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.matches("[data-autosubmit]") && event.target.matches("select, [type=radio], [type=checkbox], [type=date], [inputmode=numeric]")) form.requestSubmit();
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
