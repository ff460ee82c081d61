/** The one place that decides who may see and do what: REST, streams, live data, exports and public pages all ask here. */
import type { Sharing } from '../../model/asset.ts';
import type { Visibility } from '../../model/registry.ts';
import type { Principal } from '../../model/token.ts';
import { ACTIONS, type Action, MAY } from './roles.ts';

/** What access must know of a thing. A device, rule or token has an owner; an asset also an operator and a sharing. */
export interface Resource {
  owner: string;
  operator?: string;
  sharing?: Sharing;
}

/** `not-found` where the asker may not even learn that it exists; `forbidden` where he sees it but may not do that. */
export type Decision = { allowed: true } | { allowed: false; as: 'not-found' | 'forbidden' };

const ALLOWED: Decision = { allowed: true };
const NOT_FOUND: Decision = { allowed: false, as: 'not-found' };
const FORBIDDEN: Decision = { allowed: false, as: 'forbidden' };

/** `resource` is what the action is done to; without one only what touches no particular organisation is allowed. */
export function decide(principal: Principal, action: Action, resource?: Resource): Decision {
  const may = MAY[principal.role].has(action);
  if (may && (principal.role === 'platform' || reaches(principal, action, resource))) return ALLOWED;
  return resource && !sees(principal, resource) ? NOT_FOUND : FORBIDDEN;
}

/** The same for something that does not exist yet: there is nothing to hide, so a denial is always `forbidden`. */
export function decideNew(principal: Principal, action: Action, resource: Resource): Decision {
  return decide(principal, action, resource).allowed ? ALLOWED : FORBIDDEN;
}

/**
 * `PUT` creates and replaces, and the asker may not be told which it would have been: a foreign id answers `not-found`
 * when he means to change it (he names its owner, or sends If-Match), and `id-taken` when he means to create something
 * of his own. Moving a thing to another owner asks for the right on both sides.
 */
export function decidePut(
  principal: Principal,
  action: Action,
  existing: Resource | undefined,
  proposed: Resource,
  conditional = false,
): Decision | { allowed: false; as: 'id-taken' } {
  const create = decideNew(principal, action, proposed);
  if (!existing) return create;
  const change = decide(principal, action, existing);
  if (change.allowed) return existing.owner === proposed.owner ? ALLOWED : create;
  return create.allowed && !conditional ? { allowed: false, as: 'id-taken' } : change;
}

/** Whose assets (and their readings) a list may hold. */
export function visibility(principal: Principal): Visibility {
  if (principal.role === 'platform') return { all: true, sharings: [] };
  if (principal.role === 'public') return { sharings: ['open'] };
  return { organisation: principal.organisation, sharings: ['partners', 'open'] };
}

/** Whose alerts a list may hold: sharing shows values, never what people wrote and did about them. */
export function alertVisibility(principal: Principal): Visibility {
  if (principal.role === 'platform') return { all: true, sharings: [] };
  return { ...(principal.role === 'public' ? {} : { organisation: principal.organisation }), sharings: [] };
}

/** The owners a list of devices, rejects, tokens or audit entries may be of; `undefined` is all of them. */
export function ownersSeen(principal: Principal): string[] | undefined {
  if (principal.role === 'platform') return undefined;
  return principal.organisation === '' ? [] : [principal.organisation];
}

/** Cheap enough to ask for every series of a block of live data. */
export function maySeeReading(principal: Principal, asset: Resource): boolean {
  return principal.role === 'platform' || sees(principal, asset);
}

function reaches(principal: Principal, action: Action, resource: Resource | undefined): boolean {
  const reach = ACTIONS[action];
  if (reach === 'everyone') return true;
  if (!resource || reach === 'platform') return false;
  if (owns(principal, resource.owner)) return true;
  if (reach === 'own') return false;
  if (owns(principal, resource.operator)) return true;
  return reach === 'shared' && sharedWith(principal, resource.sharing);
}

function sees(principal: Principal, resource: Resource): boolean {
  return isOwnerOrOperator(principal, resource) || sharedWith(principal, resource.sharing);
}

/** Asks for the organisation itself, whatever the sharing; the platform's own role is neither. */
export function isOwnerOrOperator(principal: Principal, resource: Resource): boolean {
  return owns(principal, resource.owner) || owns(principal, resource.operator);
}

// Nobody's things (an empty owner) are not the things of those who belong to no organisation.
function owns(principal: Principal, organisation: string | undefined): boolean {
  return principal.role !== 'public' && principal.organisation !== '' && principal.organisation === organisation;
}

/** The three ready-made grants: latest values and history for everyone, for members of any organisation, for nobody else. */
function sharedWith(principal: Principal, sharing: Sharing | undefined): boolean {
  if (sharing === 'open') return true;
  return sharing === 'partners' && principal.role !== 'public' && principal.organisation !== '';
}
