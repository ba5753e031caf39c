// The editor of templates: blocks are dragged, variables put where the cursor was, and the preview follows what is typed.
// All of it presses buttons that are there without scripts too.

const FORM = "form[data-blocks]";
const WORDS = "[data-words]";
let dragged = null;
let last = null;
let frames = 0;

function clear() {
  for (const one of document.querySelectorAll(".block-above, .block-below")) one.classList.remove("block-above", "block-below");
}

const isAbove = (block, event) => {
  const box = block.getBoundingClientRect();
  return event.clientY < box.top + box.height / 2;
};

function followDragging() {
  document.addEventListener("dragstart", (event) => {
    const grip = event.target.closest?.("[data-grip]");
    dragged = grip?.closest("[data-block]") ?? null;
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.block);
    event.dataTransfer.setDragImage(dragged, 0, 0);
    dragged.classList.add("block-dragged");
  });
  document.addEventListener("dragover", (event) => {
    const block = dragged && event.target.closest?.("[data-block]");
    if (!block || block.parentElement !== dragged.parentElement) return;
    event.preventDefault();
    clear();
    block.classList.add(isAbove(block, event) ? "block-above" : "block-below");
  });
  document.addEventListener("drop", (event) => {
    const block = dragged && event.target.closest?.("[data-block]");
    if (!block || block.parentElement !== dragged.parentElement) return;
    event.preventDefault();
    const from = Number(dragged.dataset.block);
    const place = Number(block.dataset.block) + (isAbove(block, event) ? 0 : 1);
    const to = place > from ? place - 1 : place;
    const language = dragged.closest("[data-language]").dataset.language;
    const button = document.querySelector(`[data-move="${language}"]`);
    if (to === from || !button) return;
    button.value = `move:${language}:${from}:${to}`;
    button.click();
  });
  document.addEventListener("dragend", () => {
    clear();
    dragged?.classList.remove("block-dragged");
    dragged = null;
  });
}

/** A variable goes where the cursor was last, in the words of that text's language. */
function followInserting() {
  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.(WORDS)) last = event.target;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-insert]");
    if (!button) return;
    const open = document.querySelector(`${FORM} [name="tab"]:checked`)?.value;
    const shown = last?.isConnected && last.checkVisibility() ? last : null;
    const field = shown ?? document.querySelector(`[data-language="${open}"] ${WORDS}`);
    if (!field) return;
    const text = button.getAttribute(`data-${open}`) ?? button.textContent;
    field.focus();
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

/** A problem's link opens the language in which it is, and leads to the control. */
function followLeads() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-leads]");
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    const tab = document.getElementById(`tab-${link.dataset.leads}`);
    if (tab) tab.checked = true;
    target.scrollIntoView({ block: "center" });
    target.focus({ preventScroll: true });
  });
}

/** The frame shows what stands in the form. Each time it is a new frame, so that the way back is not full of previews. */
function showFrame() {
  const button = document.querySelector("[data-frames]");
  const box = document.querySelector("[data-frame-box]");
  const old = box?.querySelector("iframe:last-of-type");
  if (!button || !old) return;
  const frame = old.cloneNode(false);
  frames += 1;
  frame.name = `mail-frame-${frames}`;
  frame.removeAttribute("src");
  frame.hidden = true;
  box.append(frame);
  button.formTarget = frame.name;
  frame.addEventListener("load", () => {
    if (frame.contentWindow === null) return;
    for (const other of box.querySelectorAll("iframe")) if (other !== frame && other.compareDocumentPosition(frame) & Node.DOCUMENT_POSITION_FOLLOWING) other.remove();
    frame.hidden = false;
  });
  button.form.requestSubmit(button);
}

/** Buttons that lead elsewhere, or to a frame, are the browser's own; htmx would catch them too. */
function followNatives() {
  document.addEventListener("submit", (event) => {
    if (event.submitter?.matches("[data-natively]")) event.stopImmediatePropagation();
  }, true);
}

/** Makes the editor of templates smoother. */
export function followBlocks() {
  followNatives();
  followDragging();
  followInserting();
  followLeads();
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx?.target?.id === "look") showFrame();
  });
}
