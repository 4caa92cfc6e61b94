/** Address of the page's folder without user and password: fetch refuses those, and they may have changed since. */
export const base = location.origin + location.pathname.replace(/[^/]*$/, '');
