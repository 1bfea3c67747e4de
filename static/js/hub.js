// On every page: the token for htmx, where the focus goes, the dialog, menus, and leaving this page.

const signedIn = 'signedIn' in document.body.dataset;

document.addEventListener('htmx:configRequest', (event) => {
  const token = document.querySelector('[name=csrfmiddlewaretoken]');
  if (token && event.detail.verb !== 'get') event.detail.headers['X-CSRFToken'] = token.value;
});

// Whatever asks for the focus gets it, on a new page as after a swap.
const takeFocus = (root) => root.querySelector?.('[data-focus]')?.focus();
takeFocus(document);
document.addEventListener('htmx:afterSettle', (event) => takeFocus(event.detail.elt));

document.addEventListener('htmx:beforeRequest', (event) => event.detail.elt.setAttribute('aria-busy', 'true'));
document.addEventListener('htmx:afterRequest', (event) => event.detail.elt.removeAttribute('aria-busy'));

// A part of a page that does not come is asked for as the whole page, as without scripts: that one says what is wrong.
// Not where nobody pressed anything, and not in the middle of a word while there is no network. Nor by who is on the way
// to another page, which some browsers call an error.
let left = -Infinity;
addEventListener('beforeunload', () => { left = performance.now(); });
const askForTheWhole = ({ type, detail: { elt, requestConfig: { triggeringEvent: pressed } } }) => {
  if (!pressed || performance.now() - left < 5000) return;
  if (pressed.type === 'input' && type !== 'htmx:responseError') return;
  const form = elt.closest('form');
  if (elt.href) location.assign(elt.href);
  else if (form) {
    const { name, value } = pressed.submitter ?? {};
    if (name) form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
    form.submit();
  }
};
for (const name of ['htmx:responseError', 'htmx:sendError', 'htmx:timeout']) {
  document.addEventListener(name, askForTheWhole);
}

// htmx notes the current path in the tab's storage, for a history that we have switched off.
const keepNoPath = () => sessionStorage.removeItem('htmx-current-path-for-history');
for (const name of ['htmx:pushedIntoHistory', 'htmx:replacedInHistory', 'htmx:historyRestore']) {
  document.addEventListener(name, keepNoPath);
}
keepNoPath();

// One dialog: opens when something is swapped into it; the server closes it with `HX-Trigger: closeModal`.
const modal = document.getElementById('modal');
document.addEventListener('htmx:afterSwap', (event) => {
  if (modal && event.detail.target.closest('#modal') && !modal.open) modal.showModal();
});
document.addEventListener('closeModal', () => modal?.close());

// Menus close when you tap elsewhere or press Escape.
const closeMenus = (except) => {
  for (const menu of document.querySelectorAll('details.menu[open]')) if (menu !== except) menu.open = false;
};
document.addEventListener('click', (event) => closeMenus(event.target.closest('details.menu')));
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  const menu = document.activeElement?.closest('details.menu[open]');
  closeMenus();
  menu?.querySelector('summary').focus();
});

// “/” leads to the search: to the box on this page, or to the page that has one. Not while somebody is writing.
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest('input, textarea, select, [contenteditable], dialog[open]')) return;
  const box = [...document.querySelectorAll('[data-search], #id_q')].find((each) => each.checkVisibility());
  const page = document.querySelector('a[data-search-page]');
  if (!box && !page) return;
  event.preventDefault();
  if (box) box.select();
  else location.assign(page.href);
});

// Leave this page: gone at once, and Back does not come here again.
const leave = (link) => {
  document.documentElement.dataset.gone = '';
  document.title = ' ';
  location.replace(link.href);
};
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-leave]');
  if (!link) return;
  event.preventDefault();
  leave(link);
});

let shifts = 0;
let forget;
document.addEventListener('keyup', (event) => {
  clearTimeout(forget);
  shifts = event.key === 'Shift' ? shifts + 1 : 0;
  forget = setTimeout(() => { shifts = 0; }, 5000);
  const link = document.querySelector('a[data-leave]');
  if (shifts >= 3 && link) leave(link);
});

// A page kept by the browser for Back may be somebody else's by now.
addEventListener('pageshow', (event) => {
  if (event.persisted && (signedIn || 'gone' in document.documentElement.dataset)) location.reload();
});

// A button that prints the page; without scripts the browser's own does.
for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}
