/** Reading members of a network server's JSON, where what is absent, null or of another type is simply not there. */
import { Buffer } from 'node:buffer';
import { Rejected } from '../../model/errors.ts';
import type { GeoPosition } from '../../model/lorawan.ts';
import { parseJson } from '../codecs/json-text.ts';
import { parseRfc3339 } from '../codecs/rfc3339.ts';

export type Members = Readonly<Record<string, unknown>>;

const NONE: Members = {};

export function malformed(what: string, cause?: unknown): Rejected {
  return new Rejected('malformed-message', what, { cause });
}

/** The body of a message. @throws Rejected `malformed-message`. */
export function parseBody(payload: Uint8Array): Members {
  let body: unknown;
  try {
    body = parseJson(payload);
  } catch (error) {
    if (error instanceof Rejected) throw malformed(error.message, error);
    throw error;
  }
  if (!isObject(body)) throw malformed('the message is not a JSON object');
  return body;
}

export function objectOf(value: unknown): Members {
  return isObject(value) ? value : NONE;
}

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Empty texts are absent: both servers leave them out, or send them, as the setting is. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function textsOf(value: unknown): string[] {
  return listOf(value).filter((v) => typeof v === 'string');
}

/** Finite numbers, and the texts that protobuf's JSON has for 64-bit integers. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || !/^-?\d{1,20}$/.test(value)) return undefined;
  return Number(value);
}

/** A map of texts. */
export function tagsOf(value: unknown): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const [key, tag] of Object.entries(objectOf(value))) if (typeof tag === 'string') setOwn(tags, key, tag);
  return tags;
}

/** As an assignment, `__proto__` included: the key is a stranger's. */
export function setOwn<T>(object: Record<string, T>, key: string, value: T): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

/** RFC 3339 with up to nanoseconds; epoch ms, what is finer is cut off. Numbers are epoch ms already. */
export function timeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  // Both servers send UTC with six or nine digits, which the quick reader does not take.
  const fine = /^(.{19}\.\d{3})\d*(?:Z|\+00:00)$/.exec(value);
  return parseRfc3339(fine ? `${fine[1]}Z` : value);
}

/** 16 hex digits in lower case. */
export function euiOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9a-fA-F]{16}$/.test(value) ? value.toLowerCase() : undefined;
}

// Protobuf's JSON mapping: parsers take the standard and the URL-safe alphabet, with or without padding.
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Bytes as they are, or from base64. @throws Rejected `malformed-message` when there is something that is neither. */
export function bytesOf(value: unknown, member: string): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value === undefined || value === null) return new Uint8Array();
  // Buffer.from leaves out what it does not know, and a frame with a hole would be read as another frame.
  if (typeof value !== 'string' || !BASE64.test(value)) throw malformed(`${member} is not base64`);
  return Buffer.from(value, 'base64');
}

/** @throws Rejected `malformed-message`; absent is 0 in both servers' JSON. */
export function unsignedOf(value: unknown, member: string, max: number): number {
  if (value === undefined || value === null) return 0;
  const n = numberOf(value);
  if (n === undefined || !Number.isInteger(n) || n < 0 || n > max)
    throw malformed(`${member} is not an integer from 0 to ${max}`);
  return n;
}

/**
 * A position, where zero members are absent. With neither latitude nor longitude it is a gateway that nobody placed: the
 * point in the Gulf of Guinea is not meant.
 */
export function positionOf(value: unknown): GeoPosition | undefined {
  if (!isObject(value)) return undefined;
  const latitude = numberOf(value.latitude) ?? 0;
  const longitude = numberOf(value.longitude) ?? 0;
  if (latitude === 0 && longitude === 0) return undefined;
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return undefined;
  const altitude = numberOf(value.altitude);
  const accuracy = numberOf(value.accuracy);
  const source = textOf(value.source);
  return {
    latitude,
    longitude,
    ...(altitude !== undefined && { altitude }),
    ...(source !== undefined && { source }),
    ...(accuracy !== undefined && accuracy > 0 && { accuracy }),
  };
}
