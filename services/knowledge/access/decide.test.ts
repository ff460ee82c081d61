import { describe, expect, it } from 'vitest';
import { type Principal, PUBLIC, ROLES } from '../../model/token.ts';
import {
  alertVisibility,
  decide,
  decideNew,
  decidePut,
  maySeeReading,
  ownersSeen,
  type Resource,
  visibility,
} from './decide.ts';
import { ACTIONS, type Action, MAY } from './roles.ts';

// How a thing may stand to an asker from `ours`, each as it is stored.
const RELATIONS: Record<string, Resource | undefined> = {
  own: { owner: 'ours', operator: 'ours', sharing: 'internal' },
  'own, run by others': { owner: 'ours', operator: 'theirs', sharing: 'internal' },
  operated: { owner: 'theirs', operator: 'ours', sharing: 'internal' },
  partner: { owner: 'theirs', operator: 'theirs', sharing: 'partners' },
  open: { owner: 'theirs', operator: 'theirs', sharing: 'open' },
  foreign: { owner: 'theirs', operator: 'theirs', sharing: 'internal' },
  'nobody’s': { owner: '' },
  missing: undefined,
};
const NEAR = ['own', 'own, run by others', 'operated'];
const actions = Object.keys(ACTIONS) as Action[];
const members: Principal[] = ROLES.filter((role) => role !== 'platform').map((role) => ({
  id: 't1',
  organisation: 'ours',
  role,
}));
const askers: Principal[] = [PUBLIC, ...members, { id: 'admin', organisation: '', role: 'platform' }];

/** The table a person can read aloud: role, action → the relations for which it is allowed. */
function allowedFor(role: Principal['role'], action: Action): string[] {
  if (role === 'platform') return Object.keys(RELATIONS);
  if (!MAY[role].has(action)) return [];
  switch (ACTIONS[action]) {
    case 'everyone':
      return Object.keys(RELATIONS);
    case 'own':
      return ['own', 'own, run by others'];
    case 'operated':
      return NEAR;
    case 'shared':
      return role === 'public' ? ['open'] : [...NEAR, 'partner', 'open'];
    case 'platform':
      return [];
  }
}

describe('semantics: Ids and the wall', () => {
  const cases = askers.flatMap((asker) =>
    actions.flatMap((action) => Object.keys(RELATIONS).map((relation) => ({ asker, action, relation }))),
  );

  it.each(askers)('gives $role exactly what the table says, and hides what may not be seen', (asker) => {
    const wrong: string[] = [];
    for (const { action, relation } of cases.filter((c) => c.asker === asker)) {
      const decision = decide(asker, action, RELATIONS[relation]);
      const expected = allowedFor(asker.role, action).includes(relation)
        ? 'allowed'
        : // Whoever may not see it may not learn that it exists; the public sees only what is open.
          relation === 'foreign' ||
            relation === 'nobody’s' ||
            (asker.role === 'public' && relation !== 'open' && relation !== 'missing')
          ? 'not-found'
          : 'forbidden';
      const got = decision.allowed ? 'allowed' : decision.as;
      if (got !== expected) wrong.push(`${asker.role} ${action} ${relation}: ${got}, expected ${expected}`);
    }
    expect(wrong).toEqual([]);
  });

  it('lets nobody but the owner’s people and the platform change anything of another organisation', () => {
    const changing = actions.filter((action) => ACTIONS[action] === 'own' || ACTIONS[action] === 'platform');
    for (const asker of askers.filter((a) => a.role !== 'platform'))
      for (const action of changing)
        for (const relation of ['operated', 'partner', 'open', 'foreign', 'nobody’s'])
          expect(decide(asker, action, RELATIONS[relation]), `${asker.role} ${action} ${relation}`).toMatchObject({
            allowed: false,
          });
  });

  it('takes no organisation for belonging to nobody’s things', () => {
    const stray: Principal = { id: 't', organisation: '', role: 'administrator' };
    for (const action of actions.filter((a) => ACTIONS[a] !== 'everyone'))
      expect(decide(stray, action, { owner: '', operator: '', sharing: 'partners' }), action).toMatchObject({
        allowed: false,
      });
    expect(maySeeReading(stray, { owner: '', operator: '' })).toBe(false);
    expect(maySeeReading({ ...PUBLIC, organisation: 'ours' }, { owner: 'ours' })).toBe(false);
  });

  it('answers the change of a foreign id with not-found, and the creation of a taken one with id-taken', () => {
    const manager: Principal = { id: 't1', organisation: 'ours', role: 'manager' };
    const foreign = RELATIONS.foreign;
    const mine = { owner: 'ours' };
    expect(decidePut(manager, 'edit-assets', undefined, mine)).toEqual({ allowed: true });
    expect(decidePut(manager, 'edit-assets', undefined, { owner: 'theirs' })).toEqual({
      allowed: false,
      as: 'forbidden',
    });
    expect(decidePut(manager, 'edit-assets', foreign, mine)).toEqual({ allowed: false, as: 'id-taken' });
    expect(decidePut(manager, 'edit-assets', foreign, { owner: 'theirs' })).toEqual({
      allowed: false,
      as: 'not-found',
    });
    expect(decidePut(manager, 'edit-assets', foreign, mine, true)).toEqual({ allowed: false, as: 'not-found' });
    expect(decidePut(manager, 'edit-assets', RELATIONS.open, { owner: 'theirs' })).toEqual({
      allowed: false,
      as: 'forbidden',
    });
    // A reader may not create, so he learns nothing of what is taken either.
    const reader: Principal = { ...manager, role: 'reader' };
    expect(decidePut(reader, 'edit-assets', foreign, mine)).toEqual({ allowed: false, as: 'not-found' });
    expect(decidePut(reader, 'edit-assets', undefined, mine)).toEqual({ allowed: false, as: 'forbidden' });
  });

  it('moves a thing to another owner only with the right on both sides', () => {
    const manager: Principal = { id: 't1', organisation: 'ours', role: 'manager' };
    const platform: Principal = { id: 'admin', organisation: '', role: 'platform' };
    const own = { owner: 'ours' };
    expect(decidePut(manager, 'edit-assets', own, own)).toEqual({ allowed: true });
    expect(decidePut(manager, 'edit-assets', own, { owner: 'theirs' })).toEqual({ allowed: false, as: 'forbidden' });
    expect(decidePut(platform, 'edit-assets', own, { owner: 'theirs' })).toEqual({ allowed: true });
  });

  it('says forbidden, never not-found, about what does not exist yet', () => {
    expect(decideNew(PUBLIC, 'edit-assets', { owner: 'ours' })).toEqual({ allowed: false, as: 'forbidden' });
  });

  it('makes lists that hold exactly what could be read one by one', () => {
    for (const asker of askers)
      for (const [relation, resource] of Object.entries(RELATIONS)) {
        if (!resource || relation === 'nobody’s') continue;
        const { owner, operator, sharing = 'internal' } = resource;
        const holds = ({ all, organisation, sharings }: ReturnType<typeof visibility>): boolean =>
          all === true || organisation === owner || organisation === operator || sharings.includes(sharing);
        expect(holds(visibility(asker)), `${asker.role} ${relation}`).toBe(decide(asker, 'read', resource).allowed);
        expect(maySeeReading(asker, resource), `${asker.role} ${relation}`).toBe(
          decide(asker, 'read', resource).allowed,
        );
        expect(holds(alertVisibility(asker)), `${asker.role} ${relation}`).toBe(
          decide(asker, 'read-alerts', resource).allowed,
        );
        const owners = ownersSeen(asker);
        if (MAY[asker.role].has('read-rejects'))
          expect(owners === undefined || owners.includes(owner)).toBe(decide(asker, 'read-rejects', resource).allowed);
      }
    expect(ownersSeen(PUBLIC)).toEqual([]);
    expect(visibility(PUBLIC)).toEqual({ sharings: ['open'] });
  });

  it('gives each role what the one below it may', () => {
    const within = (smaller: Principal['role'], larger: Principal['role']): boolean =>
      [...MAY[smaller]].every((action) => MAY[larger].has(action));
    expect(within('public', 'reader')).toBe(true);
    expect(within('reader', 'duty') && within('reader', 'technician')).toBe(true);
    expect(within('duty', 'manager') && within('technician', 'manager')).toBe(true);
    expect(within('manager', 'administrator') && within('administrator', 'platform')).toBe(true);
    expect(within('administrator', 'manager')).toBe(false);
  });

  it('keeps from each role what belongs to the next', () => {
    // Written by hand, so that a slip in the table of roles is seen here.
    const MAY_NOT: [Principal['role'], Action[]][] = [
      ['public', actions.filter((action) => action !== 'read' && action !== 'read-organisations')],
      ['reader', ['acknowledge', 'assign', 'comment', 'resolve', 'edit-devices', 'read-rejects', 'read-targets']],
      ['duty', ['edit-rules', 'edit-assets', 'edit-devices', 'bind-device', 'make-credentials', 'replay', 'import']],
      ['technician', ['resolve', 'assign', 'edit-rules', 'edit-assets', 'replay', 'import', 'edit-targets']],
      ['manager', ['read-tokens', 'edit-tokens', 'read-audit', 'edit-organisations']],
      ['administrator', ['make-organisations', 'see-ledger-all', 'see-platform']],
    ];
    for (const [role, denied] of MAY_NOT)
      for (const action of denied) expect(MAY[role].has(action), `${role} ${action}`).toBe(false);
  });
});
