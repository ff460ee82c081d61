/** Orders every reject that fits a filter to be tried again. */
import type { RejectFilter } from '../../model/registry.ts';
import type { Reject } from '../../model/reject.ts';
import type { Services } from './services.ts';

/** So many at once; what is left over is said in the answer. */
const MOST_REPLAYED = 10_000;

/** `chosen`: which of them; all when absent. `most`: no more than these. */
export async function replayRejects(
  { registry, appender }: Pick<Services, 'registry' | 'appender'>,
  filter: RejectFilter,
  { chosen = () => true, most = MOST_REPLAYED }: { chosen?: (reject: Reject) => boolean; most?: number } = {},
): Promise<{ ordered: number; more: boolean }> {
  let ordered = 0;
  let cursor: string | undefined;
  do {
    const page = await registry.rejects.list(filter, { limit: 1000, ...(cursor !== undefined && { cursor }) });
    const due = page.items.filter(chosen);
    await Promise.all(
      due.map(({ uplink, revision, record, partial }) =>
        appender.append('orders', { kind: 'replay', uplink, revision: revision + 1, record, partial }),
      ),
    );
    ordered += due.length;
    cursor = page.next;
  } while (cursor !== undefined && ordered < Math.min(most, MOST_REPLAYED));
  return { ordered, more: cursor !== undefined };
}
