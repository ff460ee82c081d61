/** Secrets of a source, mentioned in its settings as `{secret:NAME}` and put in only when a request is made. */
import Type from 'typebox';
import { Rejected } from '../../model/errors.ts';

const MENTION = /\{secret:([A-Za-z0-9_-]{1,64})\}/g;
/** Shorter ones would hide half the text they are looked for in. */
const SHORTEST_HIDDEN = 4;

/** What must never stand in settings in plain: exactly one secret, by its name. */
export const SecretReference = Type.String({
  pattern: '^\\{secret:[A-Za-z0-9_-]{1,64}\\}$',
  description: 'a secret by its name, as {secret:NAME}; the secret itself goes into `secrets`',
});

/** Names of all secrets mentioned anywhere in settings. */
export function mentionedSecrets(settings: unknown): Set<string> {
  return new Set([...JSON.stringify(settings).matchAll(MENTION)].map((match) => match[1]!)); // the group took part in the match
}

/** @throws Rejected `missing-secret` when one that is mentioned is not there; its name is said, never a value. */
export function withSecrets(
  text: string,
  secrets: Readonly<Record<string, string>> | undefined,
  encode: (secret: string) => string = (secret) => secret,
): string {
  return text.replace(MENTION, (_all, name: string) => {
    const secret = secrets && Object.hasOwn(secrets, name) ? secrets[name] : undefined;
    if (secret === undefined) throw new Rejected('missing-secret', `the secret "${name}" is mentioned but not given`);
    return encode(secret);
  });
}

/** For whatever somebody else said, which may repeat what we sent him. */
export function hideSecrets(text: string, secrets: Readonly<Record<string, string>> | undefined): string {
  let hidden = text;
  for (const secret of Object.values(secrets ?? {}))
    if (secret.length >= SHORTEST_HIDDEN) hidden = hidden.replaceAll(secret, '***');
  return hidden;
}
