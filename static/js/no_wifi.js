// Links and forms of the desk's pages that need the network: without it they say so beside themselves, instead of
// leading to a browser's error page. What is typed stays; an entry of a log is kept on the device.
// Other scripts come first: what they handle is not touched.
"use strict";

(() => {
  const PROBE_MS = 3000;
  const note = document.getElementById("no-wifi");
  const { session, scope, text, saved } = note.dataset;
  const kept = note.dataset.kept.split(" ");
  const passing = new WeakSet(); // forms that were asked about, and may go

  // Whether the hub itself answers: a wifi whose filter answers in its place is none.
  async function isThere() {
    try {
      const answer = await fetch(session, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PROBE_MS) });
      return answer.headers.get("Content-Type")?.includes("json") ?? false;
    } catch {
      return false;
    }
  }

  // Kept pages open without a network. All others are asked about first, unless the hub answered a moment ago and the
  // worker stands in for it.
  function isCovered({ origin, pathname }) {
    if (origin !== location.origin) return true;
    if (!navigator.serviceWorker?.controller) return false;
    const isOnline = typeof sending !== "undefined" && sending.state.link === "ok";
    return kept.includes(pathname) || (isOnline && pathname.startsWith(scope));
  }

  function explain(place, sentence) {
    note.textContent = ""; // emptied and filled again, so that it is read out each time
    note.hidden = false;
    (place.closest("dialog[open] form, .dock, form, li, p, .row") ?? place).after(note);
    note.textContent = sentence;
    note.scrollIntoView({ block: "center" });
  }

  // An entry of a log is kept like a visit. The form is emptied, so that it is not kept twice.
  async function keep(form) {
    const fields = {};
    for (const [name, value] of new FormData(form)) if (value !== "") fields[name] = value;
    const month = form.elements.month?.type === "hidden" ? undefined : fields.month;
    const chosen = [...form.querySelectorAll(":checked:not([value=''])")].map((box) => box.closest("label").textContent.trim());
    const told = [document.querySelector("h1").textContent.trim(), ...chosen].join(", ");
    await sending.keep(form.dataset.kind, fields, told, month);
    form.reset();
  }

  addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const isHere = link.pathname === location.pathname && link.search === location.search && link.hash;
    if (link.target || link.hasAttribute("download") || !link.protocol.startsWith("http") || isHere || isCovered(link)) return;
    event.preventDefault();
    if (await isThere()) location.assign(link.href);
    else explain(link, text);
  });

  addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented || form.method === "dialog" || passing.has(form)) return;
    event.preventDefault();
    const isOnline = await isThere();
    form.dispatchEvent(new Event("release", { bubbles: true }));
    if (isOnline) {
      passing.add(form);
      form.requestSubmit(submitter);
      passing.delete(form);
    } else if (form.dataset.kind && typeof sending !== "undefined" && form.checkValidity()) {
      await keep(form);
      explain(submitter ?? form, saved);
    } else explain(submitter ?? form, text);
  });
})();
