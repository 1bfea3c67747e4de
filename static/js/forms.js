// On every page: a form that was sent says so and waits, so that an impatient second tap sends nothing.

const WAITING_MS = 30000;
const say = document.getElementById('say');

const release = (form) => {
  clearTimeout(form.waiting);
  form.removeAttribute('aria-busy');
  for (const button of form.pressed ?? []) {
    button.removeAttribute('aria-disabled');
    delete button.dataset.waiting;
  }
  form.pressed = [];
  if (say && say.textContent === document.body.dataset.sending) say.textContent = '';
};

// Not `disabled`: a disabled button sends neither its name nor its value, and loses the focus.
const wait = (form, button) => {
  form.setAttribute('aria-busy', 'true');
  form.pressed = button ? [button] : [];
  for (const pressed of form.pressed) {
    pressed.setAttribute('aria-disabled', 'true');
    pressed.dataset.waiting = document.body.dataset.sending;
  }
  if (say) say.textContent = document.body.dataset.sending;
  // Whatever comes back that is not a page, a file for one, leaves this page as it is.
  form.waiting = setTimeout(() => release(form), WAITING_MS);
};

const isOurs = (form) => form.method === 'post' && !form.matches('[data-no-wait]');

// In the bubbling phase: whoever sends a form themselves has prevented it by then, and it is theirs.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!isOurs(form)) return;
  if (form.getAttribute('aria-busy') === 'true' && form.pressed) {
    event.preventDefault();
    return;
  }
  if (!event.defaultPrevented) wait(form, event.submitter);
});

// Part of a page: htmx tells when it began and when it is over. What stays on the page is a new form then.
document.addEventListener('htmx:afterRequest', (event) => {
  const form = event.detail.elt.closest?.('form');
  if (!form) return;
  if (form.pressed) release(form);
  const key = form.elements.namedItem('form_key');
  if (event.detail.successful && key && crypto.randomUUID) key.value = crypto.randomUUID().replaceAll('-', '');
});

// Back, or a page that was left and is still there after all.
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[aria-busy]')) release(form);
});
