// The privacy screen: one tap on Hide, or a minute without a touch, and nothing can be read. It is not a lock.
// `onShow` is told whether somebody pressed Hide. `onForget` is told once it was up so long that nobody comes back.
"use strict";

const privacyScreen = (() => {
  const IDLE_MS = 60000;
  const FORGET_MS = 300000;
  const screen = document.getElementById("privacy-screen");
  const button = document.getElementById("hide");
  const title = document.title;
  const shown = []; // told before the screen is shown, to put away what must not be read
  const forgotten = [];
  let idle;
  let forgetting;
  let since;
  let isLifted = false;

  function show(pressed) {
    for (const listener of shown) listener(pressed);
    for (const dialog of document.querySelectorAll("dialog[open]")) if (dialog !== screen) dialog.close();
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
    if (!screen.open) {
      screen.showModal();
      since = performance.now();
      forgetting = setTimeout(forget, FORGET_MS);
    }
    document.title = screen.dataset.title;
  }

  function forget() {
    clearTimeout(forgetting);
    for (const listener of forgotten) listener();
  }

  function restartTimer() {
    clearTimeout(idle);
    idle = setTimeout(() => show(false), IDLE_MS);
  }

  button.hidden = false;
  button.addEventListener("click", () => show(true));
  // Escape and Back are pressed by accident, and a browser asks only once whether they may close it: only the button does.
  screen.addEventListener("cancel", (event) => event.preventDefault());
  screen.addEventListener("submit", () => {
    isLifted = true;
  });
  screen.addEventListener("close", () => {
    if (!isLifted) {
      screen.showModal();
      return;
    }
    isLifted = false;
    document.title = title;
    if (performance.now() - since >= FORGET_MS) forget(); // a timer sleeps with its device
    clearTimeout(forgetting);
    restartTimer();
  });
  for (const event of ["pointerdown", "keydown"]) addEventListener(event, restartTimer, { passive: true });
  restartTimer();

  return { onShow: (listener) => shown.push(listener), onForget: (listener) => forgotten.push(listener) };
})();
