// htmx's requests carry the token against forged forms, as Django asks.

/** Adds the page's token (meta name="csrf-token") to requests that change something. */
export function sendToken() {
  document.addEventListener("htmx:config:request", (event) => {
    const request = event.detail.ctx.request;
    const token = document.querySelector('meta[name="csrf-token"]')?.content;
    if (token && !/^(GET|HEAD)$/i.test(request.method)) request.headers["X-CSRFToken"] = token;
  });
}
