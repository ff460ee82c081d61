/** The rejects stage: what decode could not read, where people can see it and have it tried again. */
import { readJsonBlock } from '../../model/json-block.ts';
import type { Rejects } from '../../model/registry.ts';
import type { RejectEvent } from '../../model/reject.ts';
import type { Outcome, Stage } from '../../pipeline/stage.ts';

const KEEP_MS = 90 * 86_400_000;
const AT_ONCE = 1000;

export function createRejects({ registry }: { registry: { rejects: Pick<Rejects, 'apply'> } }): Stage {
  return {
    name: 'rejects',
    reads: ['rejects'],
    restore() {},
    async handle(batch): Promise<Outcome> {
      const events = batch.flatMap(({ block, from, to }) => readJsonBlock<RejectEvent>(block).slice(from, to));
      for (let i = 0; i < events.length; i += AT_ONCE) await registry.rejects.apply(events.slice(i, i + AT_ONCE));
      return { outputs: [], state: new Map() };
    },
    poison(): Outcome {
      return { outputs: [], state: new Map() }; // skipped; the loop has told the operator
    },
  };
}

/** Forgets rejects received more than 90 days before `now` (epoch ms); gives how many. For a daily timer. */
export async function expireRejects(
  registry: { rejects: Pick<Rejects, 'deleteBefore'> },
  now: number,
): Promise<number> {
  return await registry.rejects.deleteBefore(now - KEEP_MS);
}
