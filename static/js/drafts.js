// Drafts: what is half entered at the desk, kept in this tab until it is logged, thrown away, or the desk closes.
// No time and no person is in it. A draft of one thing knows nothing of another's.
"use strict";

const drafts = (() => {
  const PREFIX = "draft-";

  // A browser may refuse its storage; then a draft lives as long as its page does.
  const attempt = (work) => {
    try {
      return work();
    } catch {
      return null;
    }
  };

  const keep = (name, content) => attempt(() => sessionStorage.setItem(PREFIX + name, JSON.stringify(content)));
  const read = (name) => attempt(() => JSON.parse(sessionStorage.getItem(PREFIX + name)));
  const forget = (name) => attempt(() => sessionStorage.removeItem(PREFIX + name));
  const forgetAll = () =>
    attempt(() => {
      for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
    });

  // On the pages around the desk: whoever closes it, or finds it closed, leaves no draft behind.
  if (document.querySelector("[data-forget-drafts]")) forgetAll();
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-closes-desk]")) forgetAll();
  });

  return { keep, read, forget, forgetAll };
})();
