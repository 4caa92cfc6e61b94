import { base } from './address.js';

/** Who the server takes this page's user for, `{ user, mayLook, mayChange }`; `null` when it does not answer. */
export async function me() {
  try {
    const response = await fetch(`${base}api/v1/me`);
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
