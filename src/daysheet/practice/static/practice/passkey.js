// "Use a passkey" on the sign-in page and at the lock: one press asks the office for a challenge and the browser for its answer.
// Without script, or where the browser has no passkeys, the button is not shown.
(() => {
  const form = document.getElementById("passkey");
  const button = document.getElementById("passkey-use");
  const said = document.getElementById("passkey-said");
  if (!window.webauthnJSON?.supported()) return;
  button.hidden = false;
  for (const words of document.querySelectorAll("[data-with-passkey]")) words.hidden = false;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.textContent = "";
    button.disabled = true;
    try {
      const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
      const { request_options: challenge } = await answer.json();
      form.elements.credential.value = JSON.stringify(await window.webauthnJSON.get(challenge));
      form.submit();
    } catch {
      said.textContent = said.dataset.notUsed;
      button.disabled = false;
    }
  });
})();
