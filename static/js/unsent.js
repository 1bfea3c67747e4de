// Signing out while records wait on this device: they stay here, and a dialog asks first. With none waiting, the desk's
// service worker deletes its pages, too.
"use strict";

(() => {
  const dialog = document.getElementById("unsent");
  const text = document.getElementById("unsent-text");
  let form;

  async function signOut() {
    if (!(await outbox.all()).length) {
      const registration = await navigator.serviceWorker?.getRegistration("/desk/");
      registration?.active?.postMessage("forget");
    }
    form.submit();
  }

  document.addEventListener("submit", async (event) => {
    if (new URL(event.target.action).pathname !== dialog.dataset.signOut) return;
    event.preventDefault();
    form = event.target;
    const n = (await outbox.all()).length;
    if (!n) {
      await signOut();
      return;
    }
    text.textContent = (n === 1 ? dialog.dataset.one : dialog.dataset.many).replace("{n}", n);
    dialog.showModal();
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "leave") signOut();
  });
})();
