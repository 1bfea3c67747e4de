// A list that follows what is typed or ticked, without the button: fetches it and puts it in place. No htmx needed.
"use strict";

for (const form of document.querySelectorAll("form[data-sieve]")) {
  let waiting;
  let asked;

  const sift = async () => {
    asked?.abort();
    asked = new AbortController();
    const where = document.getElementById(form.dataset.sieve);
    const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    const headers = { "HX-Request": "true", "HX-Target": form.dataset.sieve };
    where.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { headers, signal: asked.signal });
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      const list = found.getElementById(form.dataset.sieve);
      if (!list) throw new Error("no list");
      const said = found.querySelector("[hx-swap-oob]");
      if (said) document.getElementById("say").textContent = said.textContent;
      where.replaceWith(list);
    } catch (trouble) {
      where.removeAttribute("aria-busy");
      if (trouble.name !== "AbortError") form.submit(); // then the whole page says what is wrong
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(sift, 300);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    sift();
  });
}
