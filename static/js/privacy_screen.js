// The curtain: one tap on Hide, or a minute without a touch, and the screen says nothing. It is not a lock.
"use strict";

const curtain = (() => {
  const IDLE_MS = 60000;
  const cover = document.getElementById("cover");
  const button = document.getElementById("hide");
  const title = document.title;
  const drawn = []; // what else is to be put away
  let idle;

  function draw() {
    for (const doing of drawn) doing();
    for (const dialog of document.querySelectorAll("dialog[open]")) if (dialog !== cover) dialog.close();
    if (!cover.open) cover.showModal();
    document.title = cover.dataset.title;
  }

  function stayAwake() {
    clearTimeout(idle);
    idle = setTimeout(draw, IDLE_MS);
  }

  button.hidden = false;
  button.addEventListener("click", draw);
  cover.addEventListener("cancel", (event) => event.preventDefault()); // Escape is pressed by accident
  cover.addEventListener("close", () => {
    document.title = title;
    stayAwake();
  });
  for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, stayAwake, { passive: true });
  stayAwake();

  return { whenDrawn: (doing) => drawn.push(doing) };
})();
