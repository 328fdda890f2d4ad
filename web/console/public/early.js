// Before the first paint, so that neither theme nor language jumps. A file, since the page allows no inline script.
(() => {
  const root = document.documentElement;
  const theme = localStorage.getItem('balie.theme');
  const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = dark ? 'dark' : 'light';
  const kept = localStorage.getItem('balie.language');
  root.lang = kept || (navigator.language.toLowerCase().startsWith('nl') ? 'nl' : 'en');
})();
