/** The roles as data: what each may do, and how near a thing must be to the organisation it is done for. */
import type { Principal } from '../../model/token.ts';

/**
 * How near the thing must be. `own`: the organisation owns it. `operated`: owns or operates it. `shared`: that, or its
 * sharing reaches the asker. `everyone`: nothing of a particular organisation is touched. `platform`: the whole
 * installation, only for whoever runs it.
 */
export type Reach = 'own' | 'operated' | 'shared' | 'everyone' | 'platform';

export const ACTIONS = {
  /** An asset, its readings and latest values. */
  read: 'shared',
  /** Names and kinds of organisations, so that lists can say whose an asset is. */
  'read-organisations': 'everyone',
  /** Alerts carry notes and who did what: they are not part of any sharing. */
  'read-alerts': 'operated',
  acknowledge: 'operated',
  assign: 'operated',
  comment: 'operated',
  resolve: 'operated',
  'read-rules': 'own',
  'edit-rules': 'own',
  'edit-assets': 'own',
  'read-devices': 'operated',
  'edit-devices': 'own',
  /** To put a device on an asset is to write into its history: asked about the asset, beside `edit-devices` about the device. */
  'bind-device': 'operated',
  'make-credentials': 'own',
  /** What a device is told happens in the street: a right of its own, beside all reading. */
  command: 'own',
  'read-commands': 'own',
  'read-device-models': 'own',
  'edit-device-models': 'own',
  /** A codec is for every member to use and to learn from; whoever owns it edits it. */
  'read-codecs': 'everyone',
  'edit-codecs': 'own',
  'read-gateways': 'own',
  'edit-gateways': 'own',
  /** Where a network server is reached and whether it stands; its password nobody reads. */
  'read-network-servers': 'own',
  'edit-network-servers': 'own',
  /** Which clouds and brokers readings are fetched from; their secrets nobody reads. */
  'read-sources': 'own',
  'edit-sources': 'own',
  'read-rejects': 'own',
  replay: 'own',
  import: 'own',
  /** To make assets, devices, codecs and gateways of what OS2iot has. */
  'import-os2iot': 'own',
  /** To post what OS2iot decoded, for the comparison alone: the token OS2iot holds may be a reader's. */
  'feed-os2iot': 'own',
  'compare-os2iot': 'own',
  'read-ledger': 'own',
  'see-ledger-all': 'platform',
  'read-audit': 'own',
  'read-tokens': 'own',
  'edit-tokens': 'own',
  'read-targets': 'own',
  'edit-targets': 'own',
  'edit-organisations': 'own',
  /** A new organisation, or another kind of one. */
  'make-organisations': 'platform',
  'see-platform': 'platform',
} as const satisfies Record<string, Reach>;
export type Action = keyof typeof ACTIONS;

// Whose the open assets are is as public as the assets.
const PUBLIC_MAY: Action[] = ['read', 'read-organisations'];
const READER_MAY: Action[] = [
  ...PUBLIC_MAY,
  'read-alerts',
  'read-rules',
  'read-devices',
  'read-gateways',
  'read-codecs',
  'read-ledger',
  'read-device-models',
  'feed-os2iot',
];
const DUTY_MAY: Action[] = [...READER_MAY, 'acknowledge', 'assign', 'comment', 'resolve'];
const TECHNICIAN_MAY: Action[] = [
  ...READER_MAY,
  'acknowledge',
  'comment',
  'edit-devices',
  'bind-device',
  'edit-gateways',
  'make-credentials',
  'read-network-servers',
  'read-rejects',
  'read-sources',
  'compare-os2iot',
];
const MANAGER_MAY: Action[] = [
  ...DUTY_MAY,
  ...TECHNICIAN_MAY,
  'edit-rules',
  'command',
  'read-commands',
  'edit-codecs',
  'edit-assets',
  'edit-device-models',
  'edit-network-servers',
  'edit-sources',
  'replay',
  'import',
  'import-os2iot',
  'read-targets',
  'edit-targets',
];
const ADMINISTRATOR_MAY: Action[] = [...MANAGER_MAY, 'read-audit', 'read-tokens', 'edit-tokens', 'edit-organisations'];

/**
 * What each role may do. `platform` runs everything and for now also reads: the rule that it opens readings for four
 * hours with a written reason comes with users and grants.
 */
export const MAY: Readonly<Record<Principal['role'], ReadonlySet<Action>>> = {
  public: new Set(PUBLIC_MAY),
  reader: new Set(READER_MAY),
  duty: new Set(DUTY_MAY),
  technician: new Set(TECHNICIAN_MAY),
  manager: new Set(MANAGER_MAY),
  administrator: new Set(ADMINISTRATOR_MAY),
  platform: new Set(Object.keys(ACTIONS) as Action[]),
};
