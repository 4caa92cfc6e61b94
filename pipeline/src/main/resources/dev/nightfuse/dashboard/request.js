import { base } from './address.js';

const TIMEOUT_MS = 10_000;

/** Asks the server at `path` below the page's folder; the answer's JSON. Throws an Error to be shown to the operator. */
export async function send(method, path, body) {
  let response;
  try {
    response = await fetch(base + path, {
      method,
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    throw new Error('The server does not answer');
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Error(answer.error?.message ?? `The server answered ${response.status}`);
  }
  return answer;
}
