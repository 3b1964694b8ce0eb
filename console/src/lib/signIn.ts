const KEY = 'rootstock-page';

/** Keeps the address of the page, to which the browser returns after it was at the OpenID provider. */
export function rememberPage() {
  const query = new URLSearchParams(location.search);
  query.delete('sign-in');
  const text = query.toString();
  sessionStorage.setItem(KEY, location.pathname + (text === '' ? '' : `?${text}`));
}

/** Opens the page that was kept, if a sign-in has ended at the first page. */
export function returnToPage() {
  const page = sessionStorage.getItem(KEY);
  if (page !== null && location.pathname === '/console' && location.search === '') {
    sessionStorage.removeItem(KEY);
    history.replaceState(null, '', page);
  }
}
