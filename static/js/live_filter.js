// A live filter: the list follows the fields of its form, without the button. Fetches the list and swaps it in. No htmx.
"use strict";

for (const form of document.querySelectorAll("form[data-live-filter]")) {
  const listId = form.dataset.liveFilter;
  let timer;
  let request;

  const updateList = async () => {
    request?.abort();
    request = new AbortController();
    const list = document.getElementById(listId);
    const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    const headers = { "HX-Request": "true", "HX-Target": listId };
    list.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { headers, signal: request.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const newList = page.getElementById(listId);
      if (!newList) throw new Error("no list");
      const status = page.querySelector("[hx-swap-oob]");
      if (status) document.getElementById("say").textContent = status.textContent;
      list.replaceWith(newList);
    } catch (error) {
      list.removeAttribute("aria-busy");
      if (error.name !== "AbortError") form.submit(); // then the whole page says what is wrong
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(updateList, 300);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    updateList();
  });
}
