// Signing out while visits wait on this device: they stay here, and somebody is asked first. With none waiting the
// desk's worker forgets its pages too.
"use strict";

(() => {
  const dialog = document.getElementById("unsent");
  const words = document.getElementById("unsent-text");
  let leaving;

  async function leave() {
    if (!(await outbox.all()).length) {
      const registration = await navigator.serviceWorker?.getRegistration("/desk/");
      registration?.active?.postMessage("forget");
    }
    leaving.submit();
  }

  document.addEventListener("submit", async (event) => {
    if (new URL(event.target.action).pathname !== dialog.dataset.signOut) return;
    event.preventDefault();
    leaving = event.target;
    const n = (await outbox.all()).length;
    if (!n) {
      await leave();
      return;
    }
    words.textContent = (n === 1 ? dialog.dataset.one : dialog.dataset.many).replace("{n}", n);
    dialog.showModal();
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "leave") leave();
  });
})();
