/** The three things every part gets to speak of itself. */
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import type { PlatformAlerts } from './platform-alerts.ts';

export interface Ops {
  logger: Logger;
  metrics: Metrics;
  alerts: PlatformAlerts;
}
