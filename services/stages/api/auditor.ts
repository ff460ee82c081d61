/** Writes the audit log: changes before they are answered, denials soon after, so that a flood of them costs little. */
import { randomUUID } from 'node:crypto';
import type { AuditEntry, Registry } from '../../model/registry.ts';
import type { Principal } from '../../model/token.ts';
import type { Ops } from '../../ops/ops.ts';

const FLUSH_MS = 1000;
/** More denials than this within a second are counted, not listed one by one. */
const MOST_WAITING = 200;

export class Auditor {
  #registry: Pick<Registry, 'audit'>;
  #ops: Ops;
  #now: () => number;
  #waiting: AuditEntry[] = [];
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #denials;

  constructor({ registry, ops, now }: { registry: Pick<Registry, 'audit'>; ops: Ops; now: () => number }) {
    this.#registry = registry;
    this.#ops = ops;
    this.#now = now;
    this.#denials = ops.metrics.counter('api_denied_total', 'Calls that were not allowed', ['action']);
  }

  /** Resolves when the entry is kept. @throws what the registry throws. */
  async changed(principal: Principal, action: string, object: string, owner: string, detail = ''): Promise<void> {
    await this.#registry.audit.add([this.#entry(principal, action, object, owner, 'ok', detail)]);
  }

  denied(principal: Principal, action: string, object: string, detail: string): void {
    this.#denials.inc({ action });
    this.#ops.logger.warn({ actor: principal.id, action, object: printable(object) }, 'denied');
    if (this.#waiting.length >= MOST_WAITING) this.#dropped++;
    else this.#waiting.push(this.#entry(principal, action, object, principal.organisation, 'denied', detail));
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const entries = this.#waiting;
    this.#waiting = [];
    if (this.#dropped > 0) {
      const nobody: Principal = { id: 'api', organisation: '', role: 'public' };
      entries.push(this.#entry(nobody, 'several', '', '', 'denied', `${this.#dropped} more denials`));
      this.#dropped = 0;
    }
    if (entries.length === 0) return;
    try {
      await this.#registry.audit.add(entries);
    } catch (error) {
      this.#ops.logger.error({ err: error, entries: entries.length }, 'audit: unable to write denials');
    }
  }

  #entry(
    principal: Principal,
    action: string,
    object: string,
    organisation: string,
    outcome: AuditEntry['outcome'],
    detail: string,
  ): AuditEntry {
    return {
      id: randomUUID(),
      at: this.#now(),
      actor: principal.id,
      organisation,
      action,
      object: printable(object),
      outcome,
      detail,
    };
  }
}

// Ids come from the address bar: no line breaks or terminal escapes in logs and lists.
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
}
