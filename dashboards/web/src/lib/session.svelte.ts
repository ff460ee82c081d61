/** Who is looking. Nobody in particular sees what is open to all. */
import { api, onSignedOut, type Session } from './api.ts';

const state = $state<{ session: Session | undefined }>({ session: undefined });

export async function loadSession(): Promise<void> {
  state.session = await api.session();
}

export function session(): Session | undefined {
  return state.session;
}

export function signedIn(): boolean {
  return state.session !== undefined && state.session.role !== 'public';
}

onSignedOut(() => {
  if (signedIn()) void loadSession().catch(() => {}); // the next call says it again
});
