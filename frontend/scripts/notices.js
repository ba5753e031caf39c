// Messages on the page: they can be closed, and a request that failed says so.

/** `[data-dismiss]` takes away the nearest `[data-notice]`. */
export function followDismissals() {
  document.addEventListener("click", (event) => {
    event.target.closest("[data-dismiss]")?.closest("[data-notice]")?.remove();
  });
}

/**
 * Shows the page's own words for a failed request (a <template id="request-failed">), which htmx leaves unsaid.
 * They go as soon as a later request brings something: a page that looks again every second has recovered then.
 */
export function reportFailures() {
  const show = () => {
    const template = document.getElementById("request-failed");
    const list = document.getElementById("messages");
    if (!template || !list || list.querySelector("[data-request-failed]")) return;
    list.append(template.content.cloneNode(true));
  };
  const hide = () => document.querySelector("#messages [data-request-failed]")?.remove();
  document.addEventListener("htmx:after:swap", hide);
  document.addEventListener("htmx:error", show);
  document.addEventListener("htmx:response:error", show);
}
