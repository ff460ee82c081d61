/** Settings of a source that pushes: somebody who posts to us whenever he has something. */
import Type, { type Static } from 'typebox';
import { DEVICE_SETTINGS, Records } from './mapping.ts';

export const HttpPushSettings = Type.Object({ records: Records, ...DEVICE_SETTINGS }, { additionalProperties: false });
export type HttpPushSettings = Static<typeof HttpPushSettings>;

/** The secret of a source under which its push token is kept. */
export const PUSH_TOKEN = 'token';
