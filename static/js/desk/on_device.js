// Choices of this device, as cookies of the desk's pages: number keys, buzz, sound. And what an installed desk needs:
// a screen that stays on while the desk is open, and one hint how to install it.
"use strict";

const onDevice = (() => {
  const YEAR_S = 31536000;
  const find = (selector) => document.querySelector(selector);
  // The prefix of our other cookies, which a browser takes by HTTPS and for the whole host alone.
  const [prefix, where] = location.protocol === "https:" ? ["__Host-", "path=/; secure"] : ["", "path=/desk/"];
  const has = (cookie) => document.cookie.split("; ").includes(prefix + cookie);
  const keep = (name, value, seconds) => {
    document.cookie = `${prefix}${name}=${value}; ${where}; samesite=strict; max-age=${seconds}`;
  };

  for (const box of document.querySelectorAll("[data-choice]")) {
    box.checked = has(`${box.dataset.choice}=on`);
    box.addEventListener("change", () => keep(box.dataset.choice, "on", box.checked ? YEAR_S : 0));
  }
  find("#on-device-link").addEventListener("click", () => {
    find("#on-device").open = true;
  });

  // ---- A short sound -----------------------------------------------------------------------------------------------

  let audio;

  function playSound() {
    try {
      audio ??= new AudioContext();
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      tone.frequency.value = 660;
      volume.gain.setValueAtTime(0.08, audio.currentTime);
      volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.15);
      tone.connect(volume).connect(audio.destination);
      tone.start();
      tone.stop(audio.currentTime + 0.15);
    } catch {
      // A browser without sound logs all the same.
    }
  }

  // ---- The screen stays on while the desk is open and in sight -----------------------------------------------------

  async function stayAwake() {
    if (!document.hidden) await navigator.wakeLock?.request("screen").catch(() => {});
  }

  document.addEventListener("visibilitychange", stayAwake);
  stayAwake();

  // ---- What is not sent yet stays: asked for once, from a button, since some browsers ask a question of their own ----

  const storage = find("#keep-here");

  async function offerToKeep() {
    if (has("storage=asked") || !navigator.storage?.persist) return;
    storage.hidden = await navigator.storage.persisted().catch(() => true);
  }

  find("#keep-here-yes").addEventListener("click", async () => {
    storage.hidden = true;
    keep("storage", "asked", YEAR_S);
    find("#on-device summary").focus();
    await navigator.storage.persist().catch(() => {});
  });
  offerToKeep();

  // ---- Installing: said once, on a device that is the desk and nobody's own phone -----------------------------------

  const hint = find("#home-screen");
  const isInstalled = matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
  let prompt;

  function dropHint() {
    hint.hidden = true;
    keep("hint", "seen", YEAR_S);
  }

  if (find("[data-paired]") && !isInstalled && !has("hint=seen")) hint.hidden = false;
  find("#home-screen-no").addEventListener("click", dropHint);
  find("#home-screen-add").addEventListener("click", async () => {
    await prompt?.prompt();
    dropHint();
  });
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    prompt = event;
    find("#home-screen-add").hidden = false;
  });

  return { playSound };
})();
