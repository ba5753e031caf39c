// A form that is drawn anew while somebody goes on choosing: an answer to an older state of it must not win.

const write = (form) => new URLSearchParams(new FormData(form)).toString();

/**
 * An input with `data-redraws` asks the server to draw its form anew. Where the form has changed since it was sent, as
 * when somebody walks through the choices with the arrow keys, the answer is dropped, and the form as it now is asked about.
 */
export function dropOvertaken() {
  document.addEventListener("htmx:config:request", (event) => {
    const { ctx } = event.detail;
    if (ctx.sourceElement?.matches?.("[data-redraws]")) ctx.sentForm = write(ctx.sourceElement.form);
  });
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx } = event.detail;
    const source = ctx.sourceElement;
    if (ctx.sentForm === undefined || !source.isConnected || write(source.form) === ctx.sentForm) return;
    event.preventDefault();
    source.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
