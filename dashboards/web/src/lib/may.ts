/** What is offered to whom. The API decides; this only spares people forms they could not send. */
import { session } from './session.svelte.ts';

const ROLES = {
  /** To take sensors into use and name gateways. */
  install: ['technician', 'manager', 'administrator', 'platform'],
  edit: ['manager', 'administrator', 'platform'],
} as const satisfies Record<string, readonly string[]>;

export function may(what: keyof typeof ROLES): boolean {
  const roles: readonly string[] = ROLES[what];
  return roles.includes(session()?.role ?? '');
}
