// Lets a form with `data-passkey` make ("create") or show ("get") a passkey, then sends it.
const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function readable(options) {
  const asked = { ...options.publicKey };
  asked.challenge = toBytes(asked.challenge);
  if (asked.user) asked.user = { ...asked.user, id: toBytes(asked.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (asked[list]) asked[list] = asked[list].map((known) => ({ ...known, id: toBytes(known.id) }));
  }
  return { publicKey: asked };
}

function sendable(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = toText(credential.response[part]);
  }
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

async function ask(form) {
  const token = form.elements.csrfmiddlewaretoken.value;
  const answer = await fetch(form.dataset.options, { method: "POST", headers: { "X-CSRFToken": token } });
  if (!answer.ok || !answer.headers.get("content-type")?.includes("json")) throw new Error(answer.statusText);
  const credential = await navigator.credentials[form.dataset.passkey](readable(await answer.json()));
  form.elements.credential.value = JSON.stringify(sendable(credential));
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const known = "PublicKeyCredential" in window && navigator.credentials;
  form.hidden = !known;
  for (const note of document.querySelectorAll("[data-no-passkey]")) note.hidden = Boolean(known);
  const fault = form.querySelector("[role=alert]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fault.hidden = true;
    try {
      await ask(form);
    } catch {
      // Cancelled, timed out, or a passkey of another office: one sentence for all.
      fault.hidden = false;
    }
  });
}
