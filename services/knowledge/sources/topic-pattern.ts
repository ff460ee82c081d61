/** Topics with named parts: `bins/{device}/data` is subscribed to as `bins/+/data`, and says which device a message is of. */

export interface TopicPattern {
  /** What is subscribed to. */
  filter: string;
  /** The named parts of a topic; `undefined` when the topic is none of ours. */
  match(topic: string): Record<string, string> | undefined;
}

const NAME = /^\{([a-zA-Z][a-zA-Z0-9]{0,30})\}$/;

/** Why a pattern is none; `undefined` when it is one. MQTT 3.1.1 section 4.7. */
export function topicPatternFault(pattern: string): string | undefined {
  const levels = pattern.split('/');
  const names = new Set<string>();
  for (const [i, level] of levels.entries()) {
    const name = NAME.exec(level)?.[1];
    if (name !== undefined) {
      if (names.has(name)) return `{${name}} stands there twice`;
      names.add(name);
    } else if (level === '#') {
      if (i < levels.length - 1) return '# may only be the last level';
    } else if (level !== '+' && /[+#{}\0]/.test(level)) return `the level "${level}" mixes text with a placeholder`;
  }
  return undefined;
}

/** `pattern` has no fault. */
export function topicPattern(pattern: string): TopicPattern {
  const levels = pattern.split('/');
  const names = levels.map((level) => NAME.exec(level)?.[1]);
  const filter = levels.map((level, i) => (names[i] === undefined ? level : '+')).join('/');
  return {
    filter,
    match(topic) {
      const given = topic.split('/');
      const found: Record<string, string> = {};
      for (const [i, level] of levels.entries()) {
        if (level === '#') return found;
        const part = given[i];
        if (part === undefined) return undefined;
        const name = names[i];
        if (name !== undefined) found[name] = part;
        else if (level !== '+' && level !== part) return undefined;
      }
      return given.length === levels.length ? found : undefined;
    },
  };
}
