// Passkeys: a form with data-passkey="create" or "get" asks the browser before it is sent. The question stands in data-passkey-options, or is
// fetched from data-passkey-url; the answer goes into the form's field `credential`. Such forms are hidden where the browser can't do it.

const canUse = () => window.isSecureContext && Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON);

async function readOptions(form) {
  if (form.dataset.passkeyOptions) return JSON.parse(form.dataset.passkeyOptions).publicKey;
  const answer = await fetch(form.dataset.passkeyUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`no question for the passkey: ${answer.status}`);
  return (await answer.json()).publicKey;
}

async function ask(form) {
  const options = await readOptions(form);
  if (form.dataset.passkey === "create") {
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

async function answer(form) {
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  try {
    form.elements.credential.value = JSON.stringify(await ask(form));
    form.submit();
  } catch (problem) {
    console.warn(problem);
    failed.hidden = false;
  }
}

/** Shows the forms of passkeys where the browser can use them, and asks it when one is sent. */
export function followPasskeys() {
  if (!canUse()) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) form.hidden = false;
  for (const told of document.querySelectorAll("[data-passkey-missing]")) told.hidden = true;
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-passkey]")) return;
    event.preventDefault();
    answer(event.target);
  });
}
