// Sheets: the logs of the desk, and the emergency cards, over the desk instead of on pages of their own. What is half
// entered underneath stays. The sheets come with pages that a device keeps, so they open without wifi.
"use strict";

(() => {
  const { words, find, say } = desk;
  const { config } = sending;
  const dialog = find("#sheet");
  const body = find("#sheet-body");
  const PATIENCE_MS = 4000;
  const EMERGENCY = "emergency";
  const pages = new Map(); // address → the page, read once
  const sheets = new Map(); // kind → its element, with what was entered
  let shown = null;

  // ---- Fetching ----------------------------------------------------------------------------------------------------

  // What the device keeps comes first: it is renewed with every look at the desk, and needs no wifi.
  async function fetchPage(address) {
    if (pages.has(address)) return pages.get(address);
    const kept = await outbox.within(() => window.caches?.match(address), 1500).catch(() => null);
    const answer = kept ?? (await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null));
    if (!answer?.ok || answer.redirected) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    pages.set(address, page);
    return page;
  }

  async function build(kind, link) {
    if (sheets.has(kind)) return sheets.get(kind);
    const sheet = document.createElement("div");
    if (kind === EMERGENCY) {
      const cards = (await fetchPage(link.pathname))?.querySelector("main");
      if (!cards) return null;
      sheet.className = "emergency stack";
      sheet.append(...[...cards.childNodes].map((node) => document.adoptNode(node)));
      find("h1", sheet).id = "sheet-title";
      sheet.prepend(buildClose());
    } else {
      const kept = (await fetchPage(dialog.dataset.page))?.getElementById(`sheet-${kind}`);
      if (!kept) return null;
      sheet.append(document.importNode(kept.content, true));
      prepare(sheet, kind);
    }
    sheets.set(kind, sheet);
    return sheet;
  }

  function buildClose() {
    const button = find("#more-sheet [data-close]").cloneNode(true);
    button.addEventListener("click", () => dialog.close());
    return button;
  }

  // ---- Opening and closing -------------------------------------------------------------------------------------------

  async function open(kind, link) {
    const sheet = await build(kind, link);
    if (!sheet) {
      if (navigator.onLine) location.assign(link.href); // as without scripts
      else say(words.no_wifi, { warn: true });
      return;
    }
    shown = kind;
    const who = find("[data-who-may]", sheet);
    if (who && link?.dataset.who) who.textContent = link.dataset.who;
    body.replaceChildren(sheet);
    dialog.classList.toggle("tall", kind === EMERGENCY);
    dialog.showModal();
    dialog.scrollTop = 0;
    if (history.state?.sheet !== kind) history.pushState({ sheet: kind }, "");
  }

  dialog.addEventListener("close", () => {
    shown = null;
    if (history.state?.sheet) history.back();
  });
  addEventListener("popstate", () => {
    if (dialog.open && !history.state?.sheet) dialog.close();
  });

  // ---- Filling in ------------------------------------------------------------------------------------------------------

  const formOf = (kind) => sheets.get(kind)?.querySelector("form");

  function readFields(form) {
    const fields = {};
    for (const [name, value] of new FormData(form)) {
      if (value === "") continue;
      const field = form.elements[name];
      if ([...(field.length ? field : [field])].some((one) => one.type === "checkbox")) (fields[name] ??= []).push(value);
      else fields[name] = value;
    }
    return fields;
  }

  function fillFields(form, fields) {
    for (const field of form.elements) {
      if (!field.name) continue;
      const value = fields[field.name] ?? "";
      if (field.type === "radio" || field.type === "checkbox") field.checked = [value].flat().includes(field.value);
      else field.value = value;
    }
  }

  function prepare(sheet, kind) {
    const form = find("form", sheet);
    const draft = drafts.read(kind);
    if (draft) fillFields(form, draft);
    form.addEventListener("input", () => {
      clearErrors(form);
      showNotes(form);
      drafts.keep(kind, readFields(form));
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      save(kind, form);
    });
    find("[data-close]", form).addEventListener("click", () => dialog.close());
    showNotes(form);
  }

  // What belongs to one answer is said once it is chosen: the limits of a strip, another number of kits.
  function showNotes(form) {
    for (const note of form.querySelectorAll("[data-only-for]")) {
      const [name, value] = note.dataset.onlyFor.split("=");
      note.hidden = readFields(form)[name] !== value;
    }
  }

  // ---- Putting right ---------------------------------------------------------------------------------------------------

  function clearErrors(form) {
    for (const error of form.querySelectorAll(".error[data-mine]")) error.remove();
    for (const wrong of form.querySelectorAll(".wrong")) wrong.classList.remove("wrong");
  }

  function showError(place, sentence) {
    const error = Object.assign(document.createElement("p"), { className: "error", textContent: sentence });
    error.dataset.mine = "";
    error.setAttribute("role", "alert");
    place.classList.add("wrong");
    place.prepend(error);
    place.querySelector("input:not([type=hidden]), select")?.focus();
    place.scrollIntoView({ block: "nearest" });
  }

  // The first thing that is missing, in a sentence beside it; never in the browser's own bubble.
  function check(form) {
    clearErrors(form);
    const fields = readFields(form);
    for (const place of form.querySelectorAll("[data-needs]")) {
      if (place.closest("[hidden]") || fields[place.dataset.needs]) continue;
      showError(place, place.dataset.say);
      return null;
    }
    const { unlike, out } = form.dataset;
    if (unlike && fields.thing.startsWith("wish-") && fields.reason === out) {
      showError(find("[data-needs=reason]", form), unlike);
      return null;
    }
    return fields;
  }

  // ---- Writing ---------------------------------------------------------------------------------------------------------

  async function save(kind, form) {
    const fields = check(form);
    if (!fields) return;
    const { told, done } = form.dataset;
    const button = find("[type=submit]", form);
    button.disabled = true;
    try {
      const record = await sending.keep(kind, fields, kind === "shortfall" ? describeThing(form) : describe(form, told));
      drafts.forget(kind);
      sheets.delete(kind);
      dialog.close();
      say(done, { undo: true });
      desk.offerUndo(told, async () => {
        await sending.takeBack(record);
        say(kind === "shortfall" ? config.words.not_counted : words.undone_entry);
      });
    } finally {
      button.disabled = false;
    }
  }

  const describeThing = (form) => form.elements.thing.selectedOptions[0].textContent;

  // The answers as somebody reads them, for the list of what is not sent.
  function describe(form, told) {
    const chosen = [...form.querySelectorAll(":checked:not([value=''])")].map((box) =>
      (box.closest("label") ?? box).textContent.trim(),
    );
    return [told, ...chosen].join(", ");
  }

  // ---- Listening -------------------------------------------------------------------------------------------------------

  // Within a sheet: to a card, without a step in the history of the page.
  body.addEventListener("click", (event) => {
    const jump = event.target.closest("a[href^='#']");
    if (!jump) return;
    event.preventDefault();
    find(`[id="${CSS.escape(jump.hash.slice(1))}"]`, body)?.scrollIntoView();
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-sheet]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link.dataset.sheet, link);
  });
  privacyScreen.onForget(() => sheets.clear());

  // Reloaded, or come back to: the sheet that was open is open again.
  const before = history.state?.sheet && find(`a[data-sheet="${CSS.escape(history.state.sheet)}"]`);
  if (before) open(before.dataset.sheet, before);
})();
