/** The notify stage: alert changes that people should hear of become messages in the outbox; `sender.ts` sends them. */
import type { AlertChange } from '../../model/alert.ts';
import type { Directory } from '../../model/directory.ts';
import { readJsonBlock } from '../../model/json-block.ts';
import type { NotifyTarget, NotifyTargets, Outbox, OutboxMessage } from '../../model/registry.ts';
import { SEVERITIES, type Severity } from '../../model/rule.ts';
import type { Outcome, Stage } from '../../pipeline/stage.ts';
import { messageOf } from './message.ts';

export function createNotify(parts: {
  registry: { outbox: Pick<Outbox, 'add'>; targets: Pick<NotifyTargets, 'list'> };
  directory: Pick<Directory, 'asset'>;
  /** Where a person acts on an alert. */
  link: (alert: string) => string;
  /** There is something to send. */
  onQueued: () => void;
  now?: () => number;
}): Stage {
  const { registry, directory, link, onQueued, now = Date.now } = parts;

  const messagesFor = (change: AlertChange, targets: readonly NotifyTarget[]): OutboxMessage[] => {
    const { alert } = change;
    const body = JSON.stringify(messageOf(change, directory.asset(alert.asset)?.name ?? alert.asset, link(alert.id)));
    return targets
      .filter((target) => target.enabled && isAtLeast(alert.severity, target.minimumSeverity))
      .map((target) => ({
        // The same change gives the same id however often it is handled: the outbox keeps one.
        id: `${alert.id}.${alert.revision}.${target.id}`,
        target: target.id,
        alert: alert.id,
        body,
        createdAt: now(),
        dueAt: now(),
        attempts: 0,
        state: 'waiting',
      }));
  };

  return {
    name: 'notify',
    reads: ['alerts'],
    restore() {},
    async handle(batch): Promise<Outcome> {
      const changes = batch
        .flatMap(({ block, from, to }) => readJsonBlock<AlertChange>(block).slice(from, to))
        // Work never rings, whatever else may say so.
        .filter((change) => change.notify && change.alert.outcome === 'alarm');
      // Alarm routes follow the operator; the owner sees them in the product.
      const targetsOf = new Map<string, NotifyTarget[]>();
      const messages: OutboxMessage[] = [];
      for (const change of changes) {
        const { operator } = change.alert;
        const targets = targetsOf.get(operator) ?? (await registry.targets.list(operator));
        targetsOf.set(operator, targets);
        messages.push(...messagesFor(change, targets));
      }
      if (messages.length > 0) {
        await registry.outbox.add(messages);
        onQueued();
      }
      return { outputs: [], state: new Map() };
    },
    poison(): Outcome {
      return { outputs: [], state: new Map() }; // skipped; the loop has told the operator
    },
  };
}

function isAtLeast(severity: Severity, minimum: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(minimum);
}
