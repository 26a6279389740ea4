// Passkeys: the one thing of signing in that needs script. A button with
// data-passkey="ask" or "new" does it; what goes wrong is told beside it.
(() => {
  "use strict";
  if (!window.PublicKeyCredential) return;

  const bytes = (s) => Uint8Array.from(atob(s.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (b) => btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const ids = (list) => (list || []).map((d) => ({ ...d, id: bytes(d.id) }));

  const creation = (o) =>
    PublicKeyCredential.parseCreationOptionsFromJSON
      ? PublicKeyCredential.parseCreationOptionsFromJSON(o)
      : { ...o, challenge: bytes(o.challenge), user: { ...o.user, id: bytes(o.user.id) }, excludeCredentials: ids(o.excludeCredentials) };
  const request = (o) =>
    PublicKeyCredential.parseRequestOptionsFromJSON
      ? PublicKeyCredential.parseRequestOptionsFromJSON(o)
      : { ...o, challenge: bytes(o.challenge), allowCredentials: ids(o.allowCredentials) };

  const answer = (c) => {
    if (c.toJSON) return c.toJSON();
    const r = c.response, out = { clientDataJSON: text(r.clientDataJSON) };
    for (const k of ["attestationObject", "authenticatorData", "signature", "userHandle"]) if (r[k]) out[k] = text(r[k]);
    if (r.getTransports) out.transports = r.getTransports();
    return { id: c.id, rawId: text(c.rawId), type: c.type, response: out, clientExtensionResults: c.getClientExtensionResults() };
  };

  async function send(path, body) {
    // HX-Request: where to go next comes in a header, and is not fetched twice.
    const res = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json", "HX-Request": "true" }, body: JSON.stringify(body) });
    if (!res.ok) {
      let e = {};
      try { e = await res.json(); } catch (_) { /* not ours: the general sentence is shown */ }
      throw new Error((e.errors && e.errors[0] && e.errors[0].message) || e.title || "");
    }
    return res;
  }

  const value = (form, name) => (form && form.elements[name] ? form.elements[name].value : "");

  async function run(button) {
    const form = button.form, making = button.dataset.passkey === "new";
    const body = { mode: button.dataset.mode || "", next: value(form, "next"), kept: value(form, "kept"), password: value(form, "old") };
    const options = await (await send(making ? "/access/passkey/new" : "/access/passkey/ask", body)).json();
    const made = making
      ? await navigator.credentials.create({ publicKey: creation(options) })
      : await navigator.credentials.get({ publicKey: request(options) });
    const res = await send(making ? "/access/passkey/save" : "/access/passkey/sign-in", { name: value(form, "passkey_name"), answer: answer(made) });
    const to = res.headers.get("HX-Redirect");
    if (to) { location.assign(to); return; }
    document.documentElement.innerHTML = await res.text(); // the interrupted form, to be sent again
  }

  for (const button of document.querySelectorAll("button[data-passkey]")) {
    button.hidden = false;
    button.addEventListener("click", async (ev) => {
      ev.preventDefault();
      const told = document.getElementById(button.dataset.told);
      button.disabled = true;
      if (told) told.hidden = true;
      try {
        await run(button);
      } catch (err) {
        if (told) {
          told.textContent = (err.name === "Error" && err.message) || told.dataset.failed;
          told.hidden = false;
        }
      }
      button.disabled = false;
    });
  }
})();
