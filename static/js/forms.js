// On every page: a form that was sent says so and waits, so that an impatient second tap sends nothing.

// A scope of its own: scripts of a page share their names otherwise.
{
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

  // Who asks first whether there is a network lets go of the form meanwhile.
  document.addEventListener('release', (event) => release(event.target));

  // Back, or a page that was left and is still there after all.
  addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form[aria-busy]')) release(form);
  });

  // A box for a day takes what people write. Beside it a button opens the browser's own calendar, which writes it in.
  const SVG = 'http://www.w3.org/2000/svg';
  const addCalendar = (box) => {
    const picker = Object.assign(document.createElement('input'), { type: 'date', tabIndex: -1, className: 'day-picker' });
    if (!picker.showPicker || box.parentElement.matches('.day-box') || box.disabled || box.readOnly) return;
    picker.setAttribute('aria-hidden', 'true');
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'button quiet' });
    button.setAttribute('aria-label', document.body.dataset.chooseDay);
    const icon = document.createElementNS(SVG, 'svg');
    icon.setAttribute('class', 'icon');
    icon.setAttribute('aria-hidden', 'true');
    icon.append(document.createElementNS(SVG, 'use'));
    icon.firstChild.setAttribute('href', document.body.dataset.calendar);
    button.append(icon);
    button.addEventListener('click', () => {
      const [day, month, year] = box.value.split('/');
      if (year?.length === 4) picker.value = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
      picker.showPicker();
    });
    picker.addEventListener('change', () => {
      const [year, month, day] = picker.value.split('-');
      if (!year) return;
      box.value = `${day}/${month}/${year}`;
      box.dispatchEvent(new Event('input', { bubbles: true }));
      box.focus();
    });
    const both = Object.assign(document.createElement('span'), { className: 'day-box' });
    box.replaceWith(both);
    both.append(box, button, picker);
  };
  const addCalendars = (root) => {
    for (const box of root.querySelectorAll?.('input[data-day]') ?? []) addCalendar(box);
  };
  addCalendars(document);
  document.addEventListener('htmx:afterSettle', (event) => addCalendars(event.detail.elt));
}
