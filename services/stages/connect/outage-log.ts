/** Writes to the log that a network server went away or came back, for the rules: time and truth come to them through it. */
import type { Outage } from '../../model/alert.ts';
import { jsonBlock } from '../../model/json-block.ts';
import type { Log } from '../../model/log.ts';
import type { Ops } from '../../ops/ops.ts';

/** The log keeps the order of what is given; a failure of it ends the process elsewhere. */
export function createOutageLog(
  log: Pick<Log, 'commit'>,
  logger: Pick<Ops['logger'], 'error'>,
  now: () => number = Date.now,
): (outage: Outage) => void {
  return (outage) => {
    const outputs = [jsonBlock('acts', now(), [outage])];
    log.commit({ stage: 'connect', partition: 0, upTo: {}, outputs, state: new Map() }).catch((err: unknown) => {
      logger.error({ err, outage }, 'connect: unable to note that a network server is away or back');
    });
  };
}
