/** MetricsQL selectors, with every value quoted: docs.victoriametrics.com/metricsql/, "keyConcepts: Filtering". */

export interface Selected {
  /** Asset types, as measurements are named. */
  types: readonly string[];
  assets: readonly string[];
  /** With its channel. */
  quantity: string;
  /** Field of the line: `value`, `marks`, … VictoriaMetrics calls the series `<type>_<field>`. */
  field: string;
}

export function selector({ types, assets, quantity, field }: Selected): string {
  const names = types.map((type) => `${type}_${field}`);
  return `{${oneOf('__name__', names)},${oneOf('asset', assets)},quantity=${quoted(quantity)}}`;
}

/** A string of MetricsQL: Go's double-quoted literals, which know all escapes of JSON. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

// Regular expressions match whole values (RE2); what is special in them is escaped before the string is quoted.
function oneOf(label: string, values: readonly string[]): string {
  if (values.length === 1) return `${label}=${quoted(values[0]!)}`; // there is one
  return `${label}=~${quoted(values.map((v) => v.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'))}`;
}
