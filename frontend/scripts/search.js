// The search box of the top bar: "/" leads to it, the arrow keys walk through what is found, Escape closes it.
const FORM = "form[data-search]";
const TYPING = "input, textarea, select, [contenteditable=true]";

const getList = (form) => form.querySelector(".found");
const listOptions = (form) => [...form.querySelectorAll("[role=option]")];
const findChosen = (form) => form.querySelector("[role=option][aria-selected=true]");

function choose(form, option) {
  const input = form.querySelector("input");
  for (const one of listOptions(form)) one.setAttribute("aria-selected", String(one === option));
  if (!option) return input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function show(form, shown) {
  const list = getList(form);
  list.hidden = !shown || !list.children.length;
  form.querySelector("input").setAttribute("aria-expanded", String(!list.hidden));
  if (list.hidden) choose(form, null);
}

function walk(form, step) {
  const options = listOptions(form);
  const at = options.indexOf(findChosen(form));
  // One place more than there are options: the box itself, where nothing is chosen.
  const next = (at + 1 + step + options.length + 1) % (options.length + 1) - 1;
  show(form, true);
  choose(form, options[next] ?? null);
}

function followKeys(event) {
  const form = event.target.closest?.(FORM);
  if (!form) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
    const input = document.querySelector(`${FORM} input`);
    if (!input) return;
    event.preventDefault();
    input.focus();
    input.select();
    return;
  }
  // While letters are being put together (Chinese, Japanese) the keys belong to the input method.
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    walk(form, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && findChosen(form)) {
    event.preventDefault();
    findChosen(form).click();
  } else if (event.key === "Escape" && !getList(form).hidden) {
    event.preventDefault();
    show(form, false);
  }
}

/** Lets the box be used by keyboard alone; what is found comes from the server. */
export function followSearch() {
  document.addEventListener("keydown", followKeys);
  document.addEventListener("htmx:after:swap", (event) => {
    const form = document.querySelector(FORM);
    const source = event.detail.ctx?.sourceElement;
    if (form && source && form.contains(source)) show(form, form.contains(document.activeElement));
  });
  document.addEventListener("focusin", (event) => {
    const form = document.querySelector(FORM);
    if (form) show(form, form.contains(event.target));
  });
  document.addEventListener("click", (event) => {
    const form = document.querySelector(FORM);
    if (form && !form.contains(event.target)) show(form, false);
  });
}
