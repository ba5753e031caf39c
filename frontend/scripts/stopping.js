// A form with data-post-after-human posts itself once somebody has been seen at the page: scanners open links too, so
// nothing is done until a pointer moves, a key is pressed or the page is touched. The button does the same at once.

const SIGNS = ["pointermove", "pointerdown", "keydown", "touchstart", "scroll"];

/** Posts such a form after the first sign of a person. */
export function followHumans() {
  const form = document.querySelector("form[data-post-after-human]");
  if (!form) return;
  const post = (event) => {
    if (!event.isTrusted) return;
    for (const sign of SIGNS) window.removeEventListener(sign, post);
    // A press on the button posts by itself; links stay links.
    if (event.target?.closest?.("a, button")) return;
    form.requestSubmit();
  };
  for (const sign of SIGNS) window.addEventListener(sign, post, { passive: true });
}
