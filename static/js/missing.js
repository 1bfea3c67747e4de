// Asked for, not there: without leaving the desk, kept on the device like a visit, and sent beside none.
"use strict";

(() => {
  const dialog = document.getElementById("asked-for");
  const form = dialog.querySelector("form");
  const { thing, reason } = form.elements;
  const counted = document.getElementById("asked-for-said");

  // What we do not stock cannot have run out.
  function check() {
    const unlike = thing.value.startsWith("wish-") && reason.value === form.dataset.out;
    thing.setCustomValidity(unlike ? form.dataset.unlike : "");
  }

  async function count() {
    const asked = { thing: thing.value, reason: reason.value, name: thing.selectedOptions[0].textContent };
    dialog.close();
    await outbox.put({ id: crypto.randomUUID(), evening: sending.evening(), asked, void: false, tried: false });
    counted.textContent = sending.config.words.counted;
    await sending.flush();
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-asked-for]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    counted.textContent = "";
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
})();
