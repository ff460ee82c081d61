/** One colour a severity, in Grafana's own names, so that light and dark theme each have their shade. */
import type { Severity } from '../../../services/model/rule.ts';

export const COLOUR: Record<Severity, string> = { critical: 'dark-red', high: 'orange', low: 'yellow', info: 'blue' };
export const GOOD = 'green';
export const PLAIN = 'text';

/** The worst last. */
export const RANK: Record<Severity, number> = { info: 0, low: 1, high: 2, critical: 3 };
