// Who is signed in, and the ways to change that. The cookie stays out of reach of scripts; only the CSRF token is held, in memory.
import { forget } from './storage.js';

const SIGN_IN = '/sign-in?next=/playground/';
// GraphiQL writes its tabs half a second after an edit; a reload must not outrun it.
const TABS_ARE_WRITTEN = 600;
const otherTabs = new BroadcastChannel('kontor-session');

/** The session as the server tells it; sends the browser to the sign-in when there is none. */
export async function load() {
  const response = await fetch('/session', { headers: { accept: 'application/json' }, cache: 'no-store' });
  if (response.status === 401) {
    location.replace(SIGN_IN);
    return new Promise(() => {});
  }
  if (!response.ok) throw new Error(`The server answered ${response.status} for /session.`);
  return response.json();
}

/** What has to change for everything on the screen to be out of date. */
const identity = ({ person, tenant, organization, role, kind, viewAs, csrf }) =>
  JSON.stringify([person.email, tenant?.id, organization?.id, role, kind, viewAs?.email, csrf]);

/** Reloads this page as soon as another tab, or the server, changed who is signed in. */
export function keepFresh(session) {
  const shown = identity(session);
  otherTabs.addEventListener('message', () => location.reload());
  document.addEventListener('visibilitychange', async () => {
    if (document.visibilityState !== 'visible') return;
    if (identity(await load()) !== shown) location.reload();
  });
}

async function post(session, address, body) {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', 'X-Kontor-CSRF': session.csrf },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await sentence(response));
}

async function sentence(response) {
  const text = await response.text();
  try {
    const { message, error, errors } = JSON.parse(text);
    return message ?? errors?.[0]?.message ?? error ?? text;
  } catch {
    return text || `The server answered ${response.status}.`;
  }
}

// Nothing of the former person may stay in memory or on the screen, so each change starts the page anew.
async function change(session, address, body) {
  await Promise.all([post(session, address, body), new Promise((done) => setTimeout(done, TABS_ARE_WRITTEN))]);
  otherTabs.postMessage('changed');
  location.reload();
}

export const chooseOrganization = (session, id) => change(session, '/session/organization', { id });
export const becomePersona = (session, email) => change(session, '/session/persona', { email });
export const viewAs = (session, email) => change(session, '/session/view-as', { email });

/** Ends the session, here and in the other tabs, and forgets the operations written in it. */
export async function signOut(session) {
  await post(session, '/sign-out', {});
  forget();
  otherTabs.postMessage('changed');
  location.assign('/');
}
