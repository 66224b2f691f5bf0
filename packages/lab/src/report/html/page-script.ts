/**
 * The page works without it. It adds: the light and dark switch, words beside the pointer and the focus, and open tables
 * on paper. The words are `data-tip`, or those of the group, row or table around it (`data-of`), which `data-more` goes on
 * from. Storage may be refused to a page opened from a file.
 */
export const PAGE_SCRIPT = `
(() => {
  const root = document.documentElement;
  const button = document.getElementById('theme');
  const dark = () => root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  const label = () => { button.textContent = dark() ? 'Light' : 'Dark'; };
  try { const kept = localStorage.getItem('servelab-theme'); if (kept) root.dataset.theme = kept; } catch {}
  button.hidden = false;
  button.addEventListener('click', () => {
    root.dataset.theme = dark() ? 'light' : 'dark';
    try { localStorage.setItem('servelab-theme', root.dataset.theme); } catch {}
    label();
  });
  label();
  const tip = document.createElement('div');
  tip.className = 'tip'; tip.hidden = true; tip.setAttribute('role', 'tooltip');
  document.body.append(tip);
  let shown = null;
  const place = () => {
    if (!shown) return;
    const box = shown.getBoundingClientRect();
    tip.hidden = box.bottom < 0 || box.top > innerHeight;
    const left = Math.min(Math.max(8, box.left + box.width / 2 - tip.offsetWidth / 2), innerWidth - tip.offsetWidth - 8);
    const above = box.top - tip.offsetHeight - 8;
    tip.style.left = left + 'px';
    tip.style.top = (above > 4 ? above : box.bottom + 8) + 'px';
  };
  const hide = () => { shown = null; tip.hidden = true; };
  const show = (event) => {
    shown = event.target.closest && event.target.closest('[data-tip],[data-more],[data-of] td a');
    if (!shown) return hide();
    tip.textContent = shown.dataset.tip ?? shown.closest('[data-of]').dataset.of + (shown.dataset.more ?? '');
    tip.hidden = false;
    place();
  };
  document.addEventListener('pointerover', show);
  document.addEventListener('focusin', show);
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') hide(); });
  addEventListener('scroll', place, { passive: true, capture: true });
  addEventListener('beforeprint', () => { for (const one of document.querySelectorAll('details')) one.open = true; });
})();
`;
