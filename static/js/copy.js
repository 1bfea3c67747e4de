// Copies what a field holds, where the browser can.

for (const button of document.querySelectorAll('[data-copy]')) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    await navigator.clipboard.writeText(field.value);
    document.getElementById('say').textContent = button.dataset.done;
    button.querySelector('span').textContent = button.dataset.done;
  });
}
