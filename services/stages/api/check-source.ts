/** Whether a source can be as somebody wants it: its settings, where it would connect to, and the secrets it mentions. */
import { randomBytes } from 'node:crypto';
import { isPrivateHost } from '../../knowledge/access/public-address.ts';
import { PUSH_TOKEN } from '../../knowledge/sources/http-push.ts';
import { mentionedSecrets } from '../../knowledge/sources/secrets.ts';
import { hostsOf, SETTINGS, settingsFault } from '../../knowledge/sources/settings.ts';
import type { Source, SourceBody } from '../../model/source.ts';
import { invalid, Problem } from './problems.ts';
import { compileValidator } from './validation.ts';

const validators = Object.fromEntries(
  Object.entries(SETTINGS).map(([kind, schema]) => [kind, compileValidator({ schema, httpPart: 'body' })]),
);

/** Complete, with their defaults. @throws Problem naming each field that is wrong. */
export function checkedSettings(
  id: string,
  { kind, settings }: SourceBody,
  stored: Source | undefined,
): Source['settings'] {
  const checked = validators[kind]!(settings); // one a kind
  if ('error' in checked) {
    const { errors = [] } = checked.error as Problem; // as compileValidator makes them
    const own = errors.map(({ pointer, detail }) => ({ pointer: `/settings${pointer}`, detail }));
    const [first] = own;
    throw new Problem('invalid-input', first ? `${first.pointer}: ${first.detail}` : 'The settings do not fit.', {
      errors: own,
    });
  }
  const complete = checked.value as Source['settings']; // an object, by its schema
  const fault = settingsFault(kind, complete);
  if (fault) throw invalid(`/settings${fault.pointer}`, fault.detail);
  if (kind !== 'mqtt' || complete.clientId !== undefined) return complete;
  // Unique among installations, and the same for ever: the broker knows by it what it keeps for us.
  const clientId = stored?.settings.clientId ?? `sansevaerk-${id}-${randomBytes(4).toString('hex')}`;
  return { ...complete, clientId };
}

/** @throws Problem for a host that may not be connected to. */
export function checkHosts(kind: Source['kind'], settings: Source['settings'], allowPrivate: boolean): void {
  for (const host of hostsOf(kind, settings)) {
    if (!URL.canParse(host)) throw invalid('/settings', `${host} is no address`);
    // What a name leads to is asked at each connection, anew.
    if (!allowPrivate && isPrivateHost(new URL(host).hostname))
      throw invalid('/settings', `${host} must be reachable from outside: not this machine, nor a private network`);
  }
}

/** Those given, and those stored that are still mentioned. @throws Problem for one that is missing or needless. */
export function secretsOf(
  body: SourceBody,
  settings: Source['settings'],
  stored: Source | undefined,
): Record<string, string> {
  const known = stored ? hostsOf(stored.kind, stored.settings) : new Set<string>();
  const moved = [...hostsOf(body.kind, settings)].some((host) => !known.has(host));
  const names = mentionedSecrets(settings);
  if (body.kind === 'http-push') names.add(PUSH_TOKEN);
  const secrets: Record<string, string> = {};
  for (const name of names) {
    // Else whoever may edit the source would have its secrets sent to a server of his own.
    const kept = moved ? undefined : own(stored?.secrets, name);
    const secret = own(body.secrets, name) ?? kept;
    if (secret !== undefined) secrets[name] = secret;
    else if (name !== PUSH_TOKEN || body.kind !== 'http-push')
      throw invalid(
        `/secrets/${name}`,
        own(stored?.secrets, name) === undefined ? 'is missing' : 'give it again: the address is another one',
      );
  }
  const needless = Object.keys(body.secrets ?? {}).find((name) => !names.has(name));
  if (needless !== undefined) throw invalid(`/secrets/${needless}`, `is not used: no {secret:${needless}} in settings`);
  if ((secrets[PUSH_TOKEN]?.length ?? 16) < 16 && body.kind === 'http-push')
    throw invalid(`/secrets/${PUSH_TOKEN}`, 'must have at least 16 characters');
  return secrets;
}

function own(secrets: Record<string, string> | undefined, name: string): string | undefined {
  return secrets && Object.hasOwn(secrets, name) ? secrets[name] : undefined;
}
