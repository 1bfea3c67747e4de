// Signing out while records wait on this device: they stay here, and a dialog asks first. With none waiting, the desk's
// service worker deletes its pages, too.
"use strict";

(() => {
  const dialog = document.getElementById("unsent");
  const text = document.getElementById("unsent-text");
  const PATIENCE_MS = 500;
  let form;

  let last = []; // what waits, as far as was read: a store that hangs keeps nobody from signing out
  outbox.all().then((records) => {
    last = records;
  });

  const readRecords = () => outbox.within(outbox.all, PATIENCE_MS).catch(() => last);

  async function signOut() {
    if (!(await readRecords()).length && outbox.knows()) {
      const find = () => navigator.serviceWorker?.getRegistration("/desk/");
      const registration = await outbox.within(find, PATIENCE_MS).catch(() => null);
      registration?.active?.postMessage("forget");
    }
    form.submit();
  }

  document.addEventListener("submit", async (event) => {
    if (new URL(event.target.action).pathname !== dialog.dataset.signOut) return;
    event.preventDefault();
    form = event.target;
    const n = (await readRecords()).length;
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
