// A form that was open when the session ended: its words wait on this device while somebody signs in again, sealed to
// them by a key that only they are given. They go once they are back, once they were sent, or after an hour.

// A scope of its own: scripts of a page share their names otherwise.
{
  const KEPT = 'kept';
  const HOUR_MS = 60 * 60 * 1000;
  const PAUSE_MS = 400;
  const { keptKey, keptBack, keptElsewhere, keptLink } = document.body.dataset;
  const isSigningIn = location.pathname.startsWith('/accounts/');
  const encoder = new TextEncoder();

  const toText = (bytes) => btoa(String.fromCharCode(...bytes));
  const toBytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const importKey = () => crypto.subtle.importKey('raw', toBytes(keptKey), 'AES-GCM', false, ['encrypt', 'decrypt']);

  // Whether anything is kept can be seen of the page, what it is cannot.
  const store = (kept) => {
    sessionStorage.setItem(KEPT, JSON.stringify(kept));
    document.documentElement.dataset.kept = '';
  };
  const forget = () => {
    sessionStorage.removeItem(KEPT);
    delete document.documentElement.dataset.kept;
  };

  const read = () => {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEPT));
      if (kept && kept.until > Date.now()) return kept;
    } catch { /* somebody else's, or broken: it goes */ }
    forget();
    return null;
  };

  const seal = async (value) => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const bytes = encoder.encode(JSON.stringify(value));
    const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await importKey(), bytes));
    return [toText(iv), toText(sealed)];
  };

  const unseal = async ([iv, sealed]) => {
    const bytes = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: toBytes(iv) }, await importKey(), toBytes(sealed));
    return JSON.parse(new TextDecoder().decode(bytes));
  };

  // Neither passwords nor files; not what visitors take; and of hidden fields only what the form was opened on.
  const isKept = (box) => box.name && !box.matches('[type=password], [type=file], [type=submit], button')
    && (box.type !== 'hidden' || box.name.endsWith('opened'));
  const isOfVisits = (form) => form.querySelector('[data-tile]');
  const boxesOf = (form) => [...form.elements].filter(isKept);
  const valuesOf = (form) => boxesOf(form).map((box) => {
    if (box.matches('[type=checkbox], [type=radio]')) return [box.name, box.value, box.checked];
    if (box.multiple) return [box.name, [...box.selectedOptions].map((option) => option.value)];
    return [box.name, box.value];
  });

  const postForms = () => [...document.querySelectorAll('form')].filter((form) => form.method === 'post');
  const signature = (form) => `${new URL(form.action).pathname} ${boxesOf(form)[0]?.name ?? ''}`;

  let writing = Promise.resolve();
  const keep = (form) => {
    const what = {
      page: location.pathname + location.search,
      form: signature(form),
      values: valuesOf(form),
    };
    writing = writing.then(async () => {
      const words = await seal(what);
      store({ until: Date.now() + HOUR_MS, words });
    });
  };

  let isFilling = false;
  const fill = (form, values) => {
    isFilling = true;
    const left = [...values];
    for (const box of boxesOf(form)) {
      const at = left.findIndex(([name, value]) => name === box.name
        && (!box.matches('[type=checkbox], [type=radio]') || value === box.value));
      if (at < 0) continue;
      const [, value, checked] = left.splice(at, 1)[0];
      if (box.matches('[type=checkbox], [type=radio]')) box.checked = checked;
      else if (box.multiple) for (const option of box.options) option.selected = value.includes(option.value);
      else box.value = value;
      box.dispatchEvent(new Event('change', { bubbles: true }));
    }
    isFilling = false;
  };

  const tell = (place, words, link) => {
    const note = Object.assign(document.createElement('p'), { className: 'note done', tabIndex: -1, textContent: words });
    if (link) note.append(' ', Object.assign(document.createElement('a'), { href: link, textContent: keptLink }));
    place.prepend(note);
    note.focus();
  };

  const bringBack = async () => {
    const kept = read();
    if (!kept) return;
    // Nobody had to sign in: the words were sent, or left behind on purpose.
    if (!kept.interrupted) return void forget();
    let what;
    try {
      what = await unseal(kept.words);
    } catch {
      return void forget();
    }
    const form = postForms().find((one) => signature(one) === what.form);
    if (form) {
      fill(form, what.values);
      for (let part = form.closest('details'); part; part = part.parentElement.closest('details')) part.open = true;
      tell(form, keptBack);
      forget();
    } else if (what.page !== location.pathname + location.search) {
      tell(document.getElementById('main'), keptElsewhere, what.page);
    } else forget();
  };

  if (isSigningIn) {
    const kept = read();
    if (kept) store({ ...kept, interrupted: true });
  } else if (keptKey && crypto.subtle) {
    bringBack();
    let pause;
    const noteChange = (event) => {
      const { form } = event.target;
      if (isFilling || !form || form.method !== 'post' || isOfVisits(form)) return;
      clearTimeout(pause);
      pause = setTimeout(() => keep(form), event.type === 'change' ? 0 : PAUSE_MS);
    };
    document.addEventListener('input', noteChange);
    document.addEventListener('change', noteChange);
    // The last letters before the form was sent: this page stays until there is an answer.
    document.addEventListener('submit', ({ target: form }) => {
      clearTimeout(pause);
      if (form.method === 'post' && boxesOf(form).length && !isOfVisits(form)) keep(form);
    });
    document.addEventListener('htmx:afterRequest', (event) => {
      if (event.detail.successful && event.detail.requestConfig.verb === 'post') forget();
    });
  }

  // Who signs out leaves nothing.
  document.addEventListener('submit', (event) => {
    if (new URL(event.target.action).pathname === '/accounts/logout/') forget();
  });
}
