/** The settings of a source by its kind: their schemas, and what no schema can say of them. */
import type { TSchema } from 'typebox';
import type { Source } from '../../model/source.ts';
import { expressionFault } from './expression.ts';
import { HttpPullSettings } from './http-pull.ts';
import { HttpPushSettings } from './http-push.ts';
import { MqttSettings } from './mqtt.ts';
import { topicPattern, topicPatternFault } from './topic-pattern.ts';

export const SETTINGS = {
  'http-pull': HttpPullSettings,
  mqtt: MqttSettings,
  'http-push': HttpPushSettings,
} as const satisfies Record<Source['kind'], TSchema>;

export interface SettingsFault {
  /** JSON pointer into the settings. */
  pointer: string;
  detail: string;
}

/** What is wrong with settings that fit their schema; the first fault. */
export function settingsFault(kind: Source['kind'], settings: unknown): SettingsFault | undefined {
  switch (kind) {
    case 'http-pull':
      return pullFault(settings as HttpPullSettings); // it fits the schema
    case 'mqtt':
      return mqttFault(settings as MqttSettings); // it fits the schema
    case 'http-push':
      return faultyExpression('/records', (settings as HttpPushSettings).records); // it fits the schema
  }
}

/** Where a source sends its secrets: hosts with ports, for noticing when they would go somewhere else. */
export function hostsOf(kind: Source['kind'], settings: unknown): Set<string> {
  const urls: string[] = [];
  if (kind === 'mqtt') urls.push((settings as MqttSettings).url); // it fits the schema
  if (kind === 'http-pull') {
    const { request, authentication } = settings as HttpPullSettings; // it fits the schema
    urls.push(request.url);
    if (authentication?.kind === 'oauth2') urls.push(authentication.tokenUrl);
  }
  return new Set(urls.map((url) => /^[a-z]+:\/\/[^/?#]+/i.exec(url)?.[0].toLowerCase() ?? url));
}

/** Names under which people send secrets; in plain they would be shown to whoever may read the settings. */
const SECRET_HEADER = /authori[sz]ation|cookie|token|secret|passw|(^|-)(api-?)?key$/i;

function pullFault({ request, paging, window, records }: HttpPullSettings): SettingsFault | undefined {
  const template = [request.url, request.body ?? '', ...Object.values(request.headers)].join('\n');
  const plain = Object.entries(request.headers).find(
    ([name, value]) => SECRET_HEADER.test(name) && !/\{secret:/.test(value),
  );
  if (plain)
    return { pointer: `/request/headers/${plain[0]}`, detail: 'give it as {secret:NAME}, and the value in secrets' };
  if (request.body !== undefined && request.method === 'GET')
    return { pointer: '/request/body', detail: 'a GET has no body' };
  if (/\{(from|to)\}/.test(template) && !window)
    return { pointer: '/window', detail: 'is needed where the request has {from} or {to}' };
  if (window && !/\{from\}/.test(template)) return { pointer: '/request/url', detail: 'with a window it needs {from}' };
  if (paging?.kind === 'page' && !/\{page\}/.test(template))
    return { pointer: '/request/url', detail: 'paging by page number needs {page}' };
  if (paging?.kind === 'cursor' && !/\{cursor\}/.test(template))
    return { pointer: '/request/url', detail: 'paging by cursor needs {cursor}' };
  if (paging?.kind !== 'cursor' && /\{cursor\}/.test(template))
    return { pointer: '/paging', detail: 'must be of kind cursor where the request has {cursor}' };
  return (
    faultyExpression('/records', records) ??
    (paging?.kind === 'next' ? faultyExpression('/paging/next', paging.next) : undefined) ??
    (paging?.kind === 'cursor' ? faultyExpression('/paging/cursor', paging.cursor) : undefined) ??
    (paging?.kind === 'page' && paging.more ? faultyExpression('/paging/more', paging.more) : undefined)
  );
}

function mqttFault({ topics, payload, records }: MqttSettings): SettingsFault | undefined {
  for (const [i, topic] of topics.entries()) {
    const detail = topicPatternFault(topic);
    if (detail) return { pointer: `/topics/${i}`, detail };
    const names = topicPattern(topic).match(topic) ?? {};
    if (payload !== 'mapped' && !Object.hasOwn(names, 'device'))
      return { pointer: `/topics/${i}`, detail: 'needs the part {device}' };
  }
  if (payload !== 'mapped')
    return records === undefined ? undefined : { pointer: '/records', detail: 'is only for payload "mapped"' };
  if (records === undefined) return { pointer: '/records', detail: 'is missing' };
  return faultyExpression('/records', records);
}

function faultyExpression(pointer: string, text: string): SettingsFault | undefined {
  const detail = expressionFault(text);
  return detail === undefined ? undefined : { pointer, detail };
}
