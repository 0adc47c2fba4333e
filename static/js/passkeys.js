// Passkeys: the browser asks the device, and what it answers travels in the form. Without scripts these forms are hidden
// or say so, and there is another way to sign in.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const listed = (keys = []) => keys.map((key) => ({ ...key, id: bytes(key.id) }));

const ceremonies = {
  async create({ publicKey }) {
    const options = {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: listed(publicKey.excludeCredentials),
      // Kept on the device where it can be, so that it also opens the door alone.
      authenticatorSelection: { ...publicKey.authenticatorSelection, residentKey: "preferred", userVerification: "preferred" },
    };
    const made = await navigator.credentials.create({ publicKey: options });
    const { clientDataJSON, attestationObject } = made.response;
    return answer(made, { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject) });
  },
  async get({ publicKey }) {
    const options = {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      allowCredentials: listed(publicKey.allowCredentials),
    };
    const given = await navigator.credentials.get({ publicKey: options });
    const { clientDataJSON, authenticatorData, signature, userHandle } = given.response;
    return answer(given, {
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      userHandle: userHandle && text(userHandle),
    });
  },
};

const answer = (key, response) => ({
  id: key.id,
  rawId: text(key.rawId),
  type: key.type,
  authenticatorAttachment: key.authenticatorAttachment,
  clientExtensionResults: key.getClientExtensionResults(),
  response,
});

async function optionsOf({ dataset }) {
  if (!dataset.passkeyFrom) {
    const { creation_options, request_options } = JSON.parse(document.getElementById(dataset.passkeyOptions).textContent);
    return creation_options ?? request_options;
  }
  const given = await fetch(dataset.passkeyFrom, { headers: { Accept: "application/json" } });
  return (await given.json()).request_options;
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-passkey]");
  if (!form) return;
  event.preventDefault();
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  try {
    form.elements.credential.value = JSON.stringify(await ceremonies[form.dataset.passkey](await optionsOf(form)));
    form.submit();
  } catch {
    failed.hidden = false; // refused, timed out, or a browser without passkeys: to the person it is the same
  }
});
