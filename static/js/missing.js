// Asked for, not there: without leaving the desk, kept on the device like a visit, and sent beside none.
"use strict";

(() => {
  const REMEMBER_MS = 30000;
  const { words } = sending.config;
  const dialog = document.getElementById("asked-for");
  const form = dialog.querySelector("form");
  const { thing, reason } = form.elements;
  const said = document.getElementById("asked-for-said");
  const undoButton = document.getElementById("asked-for-undo");

  let last = null; // what Undo means, for half a minute
  let lastTimer;

  function remember(record, text) {
    clearTimeout(lastTimer);
    last = record;
    undoButton.hidden = !record;
    document.getElementById("asked-for-done").hidden = !text;
    said.textContent = text;
    if (text) lastTimer = setTimeout(() => remember(null, ""), REMEMBER_MS);
  }

  // What we do not stock cannot have run out.
  function check() {
    const unlike = thing.value.startsWith("wish-") && reason.value === form.dataset.out;
    thing.setCustomValidity(unlike ? form.dataset.unlike : "");
  }

  async function count() {
    const asked = { thing: thing.value, reason: reason.value, name: thing.selectedOptions[0].textContent };
    const record = { id: crypto.randomUUID(), evening: sending.evening(), asked };
    dialog.close();
    await outbox.put({ ...record, void: false, tried: false });
    remember(record, words.counted);
    await sending.flush();
  }

  // Never tried: forgotten here. Tried: undone by a record of the same id and content.
  async function undo() {
    const record = last;
    remember(null, words.not_counted);
    await outbox.change(record.id, (kept) => (kept && !kept.tried ? null : { ...record, void: true, tried: false }));
    await sending.flush();
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-asked-for]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    remember(null, "");
    form.reset();
    check();
    dialog.showModal();
  });
  form.addEventListener("input", check);
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value === "back") return;
    event.preventDefault();
    count();
  });
  undoButton.addEventListener("click", undo);
  curtain.whenDrawn(() => remember(null, ""));
})();
