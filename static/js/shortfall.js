// A shortfall (asked for, not there) without leaving the desk: kept on the device like a visit, and sent beside none.
"use strict";

(() => {
  const UNDO_MS = 30000;
  const { shell, words } = sending.config;
  const status = document.getElementById("asked-for-said");
  const undoButton = document.getElementById("asked-for-undo");

  let dialog = document.getElementById("asked-for");
  let last = null; // the record that Undo takes back, for half a minute
  let lastTimer;

  function remember(record, text) {
    clearTimeout(lastTimer);
    last = record;
    undoButton.hidden = !record;
    document.getElementById("asked-for-done").hidden = !text;
    status.textContent = text;
    if (text) lastTimer = setTimeout(() => remember(null, ""), UNDO_MS);
  }

  // A thing we do not stock cannot have run out.
  function checkReason({ currentTarget: form }) {
    const { thing, reason } = form.elements;
    const unlike = thing.value.startsWith("wish-") && reason.value === form.dataset.out;
    thing.setCustomValidity(unlike ? form.dataset.unlike : "");
  }

  async function log(event) {
    if (event.submitter?.value === "back") return;
    event.preventDefault();
    const { thing, reason } = event.currentTarget.elements;
    const asked = { thing: thing.value, reason: reason.value };
    dialog.close();
    remember(await sending.keep("shortfall", asked, thing.selectedOptions[0].textContent), words.counted);
  }

  async function undo() {
    const record = last;
    remember(null, words.not_counted);
    await sending.takeBack(record);
  }

  // The list comes with the page that a device keeps, so that no other page fetches it. Where none is kept, follow the link.
  async function open(link) {
    if (!dialog) {
      const kept = await outbox.within(() => window.caches?.match(shell), 1500).catch(() => null);
      const page = new DOMParser().parseFromString(kept ? await kept.text() : "", "text/html");
      dialog = page.getElementById("asked-for");
      if (!dialog) {
        location.assign(link.href);
        return;
      }
      document.body.append(dialog);
    }
    const form = dialog.querySelector("form");
    form.oninput = checkReason;
    form.onsubmit = log;
    form.reset();
    form.elements.thing.setCustomValidity("");
    remember(null, "");
    dialog.showModal();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-asked-for]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link);
  });
  undoButton.addEventListener("click", undo);
  privacyScreen.onShow(() => remember(null, ""));
})();
