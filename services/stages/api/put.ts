/** What every PUT does: nothing when nothing changes, 412 when somebody else was first, 201 or 200, and an ETag. */
import { etagOf, ifMatchHolds } from '../../model/etag.ts';
import type { PutOptions } from '../../model/registry.ts';
import type { Call } from './endpoint.ts';
import { Problem } from './problems.ts';

/** @throws Problem `changed-meanwhile` when `If-Match` names another state than the one stored. */
function checkIfMatch(call: Call, stored: unknown | undefined): void {
  const current = stored === undefined ? undefined : etagOf(stored);
  if (ifMatchHolds(call.request.headers['if-match'], current)) return;
  throw new Problem(
    'changed-meanwhile',
    stored === undefined ? 'It is no longer there.' : 'Read it again, look at what changed, and send your change anew.',
  );
}

/** Answers a GET of one thing: its ETag, and 304 for somebody who has it. */
export function withEtag<T>(call: Call, entity: unknown, shown: T): T | undefined {
  const etag = etagOf(entity);
  void call.reply.header('etag', etag);
  if (call.request.headers['if-none-match'] !== etag) return shown;
  void call.reply.code(304);
  return undefined;
}

/**
 * Stores `next` where it differs from `stored`, notes the change, and sets status and ETag. `again` says whether storing
 * would change anything (default: by their ETags).
 */
export async function putEntity<T extends { id: string }>(
  call: Call,
  what: {
    kind: string;
    owner: string;
    stored: T | undefined;
    next: T;
    put(next: T, options: PutOptions): Promise<unknown>;
  },
): Promise<void> {
  const { kind, owner, stored, next } = what;
  checkIfMatch(call, stored);
  void call.reply.header('etag', etagOf(next)).code(stored ? 200 : 201);
  if (stored && etagOf(stored) === etagOf(next)) return;
  // Whoever was quicker since it was read wins; this one is told (412), with or without If-Match.
  await what.put(next, { expected: stored ? etagOf(stored) : null });
  await call.changed(stored ? `change-${kind}` : `create-${kind}`, `${kind}/${next.id}`, owner);
}

/** @throws Problem `confirm-needed` unless `?confirm=` repeats the id. */
export function checkConfirmed(id: string, confirm: string | undefined, history: string): void {
  if (confirm === id) return;
  throw new Problem('confirm-needed', `${history} Add ?confirm=${id} to delete it all the same.`);
}
