// The privacy screen: one tap on Hide, or a minute without a touch, and nothing can be read. It is not a lock.
"use strict";

const privacyScreen = (() => {
  const IDLE_MS = 60000;
  const screen = document.getElementById("privacy-screen");
  const button = document.getElementById("hide");
  const title = document.title;
  const listeners = []; // told before the screen is shown, to put away what must not be read
  let idle;

  function show() {
    for (const listener of listeners) listener();
    for (const dialog of document.querySelectorAll("dialog[open]")) if (dialog !== screen) dialog.close();
    if (!screen.open) screen.showModal();
    document.title = screen.dataset.title;
  }

  function restartTimer() {
    clearTimeout(idle);
    idle = setTimeout(show, IDLE_MS);
  }

  button.hidden = false;
  button.addEventListener("click", show);
  screen.addEventListener("cancel", (event) => event.preventDefault()); // Escape is pressed by accident
  screen.addEventListener("close", () => {
    document.title = title;
    restartTimer();
  });
  for (const event of ["pointerdown", "keydown"]) addEventListener(event, restartTimer, { passive: true });
  restartTimer();

  return { onShow: (listener) => listeners.push(listener) };
})();
