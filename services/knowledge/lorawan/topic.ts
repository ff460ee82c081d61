/** Topic templates of network servers, such as `application/{application}/device/{devEui}/event/{event}`: read, subscribed to, filled. */

const PLACEHOLDER = /\{([a-zA-Z]+)\}/g;

/**
 * What the placeholders stand for in a topic; `undefined` when the topic is none of the template's. A placeholder is at
 * least one character of one level, except that `{event}` at the end takes the levels that are left: The Things Stack
 * publishes `down/ack` where ChirpStack has `ack`.
 */
export function matchTopic(template: string, topic: string): Record<string, string> | undefined {
  const wanted = template.split('/');
  const levels = topic.split('/');
  const last = wanted.length - 1;
  if (isRest(wanted[last])) {
    if (levels.length < wanted.length) return undefined;
    levels[last] = levels.slice(last).join('/');
  } else if (levels.length !== wanted.length) return undefined;
  const found: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) if (!matchLevel(part, levels[i] ?? '', found)) return undefined;
  return found;
}

/** The subscription that hears every topic of the template, and as little else as MQTT can say (MQTT 3.1.1 section 4.7.1). */
export function filterOf(template: string): string {
  const wanted = template.split('/');
  const levels = wanted.map((part, i) =>
    i === wanted.length - 1 && isRest(part) ? '#' : part.replace(PLACEHOLDER, '') === part ? part : '+',
  );
  return levels.join('/');
}

/** The topic with every placeholder filled; `undefined` when one has no value, or one that no topic level can hold. */
export function fillTopic(template: string, values: Readonly<Record<string, string | undefined>>): string | undefined {
  let complete = true;
  const topic = template.replace(PLACEHOLDER, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined || value === '' || /[/+#\0]/.test(value)) complete = false;
    return value ?? '';
  });
  return complete ? topic : undefined;
}

/** The names of the placeholders, in their order. */
export function placeholdersOf(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].map((m) => m[1]!); // the expression has one group
}

function isRest(part: string | undefined): boolean {
  return part === '{event}' || part === '#';
}

/** One level: literal text with placeholders in it; each takes as little as it can. `+` and `#` match without a name. */
function matchLevel(part: string, level: string, found: Record<string, string>): boolean {
  if (part === '+' || part === '#') return true;
  const pieces = part.split(PLACEHOLDER); // text, name, text, name, … text
  const begin = pieces[0] ?? '';
  if (pieces.length === 1) return part === level;
  if (!level.startsWith(begin)) return false;
  let at = begin.length;
  for (let i = 1; i < pieces.length; i += 2) {
    const text = pieces[i + 1] ?? '';
    const isEnd = i + 2 >= pieces.length;
    const end = isEnd ? level.length - text.length : level.indexOf(text, at + 1);
    if (end <= at || !level.startsWith(text, end)) return false;
    found[pieces[i]!] = level.slice(at, end); // odd pieces are the names
    at = end + text.length;
  }
  return true;
}
