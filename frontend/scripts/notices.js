// Messages on the page: they can be closed, and a request that failed says so.

/** `[data-dismiss]` takes away the nearest `[data-notice]`. */
export function followDismissals() {
  document.addEventListener("click", (event) => {
    event.target.closest("[data-dismiss]")?.closest("[data-notice]")?.remove();
  });
}

/** Shows the page's own words for a failed request (a <template id="request-failed">), which htmx leaves unsaid. */
export function reportFailures() {
  const show = () => {
    const template = document.getElementById("request-failed");
    const list = document.getElementById("messages");
    if (!template || !list || list.querySelector("[data-request-failed]")) return;
    list.append(template.content.cloneNode(true));
  };
  document.addEventListener("htmx:error", show);
  document.addEventListener("htmx:response:error", show);
}
