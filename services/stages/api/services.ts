/** What endpoints work with: the dependencies, and the few small machines the API builds on them. */
import type { AttemptLimiter } from '../../knowledge/access/attempt-limiter.ts';
import type { RuleSet } from '../../knowledge/conditions/rule-set.ts';
import type { Appender } from './appender.ts';
import type { ApiDependencies } from './dependencies.ts';
import type { OrderOutbox } from './order-outbox.ts';
import type { Os2iotSenders } from './os2iot-senders.ts';
import type { Sessions } from './sessions.ts';
import type { Streams } from './stream.ts';

export interface Services extends Omit<ApiDependencies, 'now' | 'heartbeatMs'> {
  now(): number;
  heartbeatMs: number;
  /** Which rules apply to an asset, as the rules stage runs them. */
  ruleSet: RuleSet;
  appender: Appender;
  orders: OrderOutbox;
  sessions: Sessions;
  streams: Streams;
  os2iotSenders: Os2iotSenders;
  /** Tokens of webhooks that were not right, by address and network server. */
  webhookFailures: AttemptLimiter;
  /** Of the installation, as browsers reach it: `http://host:port`. */
  publicUrl(): string;
}
