// Turns number boxes into tiles: a tap adds one (or a handful), minus takes one away. The box stays, hidden, and is what is sent.

function enliven(tile) {
  const box = tile.querySelector('input');
  const label = tile.querySelector('label');
  const less = tile.querySelector('.tile-less');
  const badge = tile.querySelector('.badge');
  const chosen = document.createElement('span');
  const face = document.createElement('button');
  chosen.className = 'hush';
  face.type = 'button';
  face.className = 'tile-face';
  face.append(...label.childNodes, chosen);
  label.replaceWith(face);
  box.type = 'hidden';
  tile.classList.add('live');

  const show = () => {
    const n = Number(box.value) || 0;
    tile.dataset.n = n;
    badge.replaceChildren(...(n ? [Object.assign(document.createElement('span'), { textContent: n })] : []));
    badge.hidden = !n;
    badge.setAttribute('aria-label', `${n}. ${badge.dataset.label}`);
    chosen.textContent = n ? `, ${n}` : '';
    less.hidden = !n;
  };
  const change = (by) => {
    box.value = Math.max(0, Math.min(Number(box.value) + by, Number(box.max) || 99));
    box.dispatchEvent(new Event('input', { bubbles: true }));
  };
  face.addEventListener('click', () => change(Number(tile.dataset.tap) || 1));
  less.addEventListener('click', () => {
    change(-1);
    if (less.hidden) face.focus();
  });
  box.addEventListener('input', show);
  show();
}

const enlivenAll = (root) => {
  for (const tile of root.querySelectorAll?.('[data-tile]:not(.live)') ?? []) enliven(tile);
};
enlivenAll(document);
document.addEventListener('htmx:afterSettle', (event) => enlivenAll(event.detail.elt));
