import { base } from './address.js';

const TIMEOUT_MS = 5_000;

/** Who the server takes this page's user for, `{ user, mayLook, mayChange }`; `null` when it does not answer. */
export async function me() {
  try {
    const response = await fetch(`${base}api/v1/me`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
