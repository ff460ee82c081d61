/** How one of our commands is found again in The Things Stack's answers: it gives a downlink's correlation ids back. */

const OURS = 'sansevaerk:command:';

/** For `correlation_ids` of a downlink that is pushed; `id` is our own of the command. */
export function correlationOf(id: string): string {
  return `${OURS}${id}`;
}

/** Our own id of the command; `undefined` when the downlink is none of ours. */
export function correlatedItem(correlationIds: readonly string[]): string | undefined {
  return correlationIds.find((c) => c.startsWith(OURS))?.slice(OURS.length);
}
