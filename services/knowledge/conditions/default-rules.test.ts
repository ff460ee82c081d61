/** The rules that ship are data, so the tests are about all of them: each can be evaluated, and says what it means. */
import Value from 'typebox/value';
import { describe, expect, it } from 'vitest';
import type { Asset } from '../../model/asset.ts';
import { RuleBody } from '../../model/rule.ts';
import { catalogue } from '../catalogue/catalogue.ts';
import { DEVICE_MODEL_PREFIX, limitAttributes } from './limits.ts';
import { missingLimits } from './missing-limits.ts';
import { RuleSet } from './rule-set.ts';
import { fillSentence } from './sentence.ts';

const ruleSet = new RuleSet(catalogue);

function assetOf(type: string, attributes: Record<string, string | number> = {}): Asset {
  const dated = Object.entries(attributes).map(([name, value]) => [name, [{ from: 0, value }]]);
  return {
    id: 'a',
    owner: 'o',
    operator: 'o',
    type,
    name: 'Stedet',
    attributes: Object.fromEntries(dated),
    externalIds: {},
    sharing: 'internal',
    tags: [],
    createdAt: 0,
  };
}
const idsFor = (type: string, attributes?: Record<string, string | number>): string[] =>
  ruleSet.of(assetOf(type, attributes), []).map(({ rule }) => rule.id.replace(/^builtin\./, ''));

describe.each(ruleSet.builtin.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  const { owner: _owner, version: _version, id: _id, ...body } = rule;
  const type = catalogue.assetType(rule.appliesTo.type ?? '');
  const { condition } = rule;

  it('is a rule as the API would take it', () => {
    expect([...Value.Errors(RuleBody, body)]).toEqual([]);
  });

  it('looks at a quantity of the catalogue, in states and by attributes that exist', () => {
    const quantity = 'quantity' in condition && condition.quantity ? catalogue.quantity(condition.quantity) : undefined;
    if ('quantity' in condition && condition.quantity) expect(quantity).toBeDefined();
    if (condition.kind === 'state') {
      const names = quantity!.states!.map((s) => s.name);
      expect(names).toEqual(expect.arrayContaining([...condition.is, ...(condition.clear ?? [])]));
    }
    if (condition.kind === 'threshold') expect(quantity!.kind).not.toBe('state');
    for (const attribute of limitAttributes(condition)) {
      if (attribute.startsWith(DEVICE_MODEL_PREFIX)) continue;
      expect(type!.attributes.find((a) => a.name === attribute)?.kind).toBe('number');
    }
    for (const [name, values] of Object.entries(rule.appliesTo.attributes ?? {})) {
      expect(type!.attributes.find((a) => a.name === name)!.choices).toEqual(expect.arrayContaining(values));
    }
  });

  it('says a whole sentence in both languages', () => {
    const quantity = 'quantity' in condition ? catalogue.quantity(condition.quantity ?? '') : undefined;
    const said = fillSentence(rule.sentence, {
      asset: assetOf(rule.appliesTo.type ?? 'pump'),
      parent: assetOf('pumping-station'),
      assetType: type,
      quantity: quantity ?? catalogue.quantity('temperature'),
      evidence: { value: 1, limit: 1, heldFor: 60_000 },
      time: 0,
    });
    for (const text of [said.da, said.en]) {
      expect(text).not.toMatch(/[{}]|undefined|NaN|\(\)| {2}/);
      expect(text).toMatch(/\.$/);
    }
    expect(said.da).toContain('Stedet');
    expect(said.en).toContain('Stedet');
  });

  it('calls people or fills a list, never both', () => {
    expect(rule.to.length).toBeGreaterThan(0);
    if (rule.outcome === 'worklist') expect([...rule.to, rule.severity]).toEqual(['worklist', 'info']);
    if (rule.to.includes('duty')) expect(rule.severity).toBe('critical');
  });
});

describe('which rules an asset has', () => {
  it('has the loud ones in the place of the quiet ones where its category says so', () => {
    expect(idsFor('pumping-station', { category: 'A' })).toEqual(
      expect.arrayContaining(['pumping-station.high-level-ab', 'pumping-station.silent-a', 'common.battery-low']),
    );
    expect(idsFor('pumping-station', { category: 'A' })).not.toContain('common.silent');
    expect(idsFor('pumping-station', { category: 'A' })).not.toContain('pumping-station.high-level');
    expect(idsFor('pumping-station', { category: 'D' })).toContain('pumping-station.silent-cd');
  });

  it('has the quiet ones where nobody has given it a category: never none at all', () => {
    expect(idsFor('pumping-station')).toEqual(
      expect.arrayContaining(['pumping-station.high-level', 'pumping-station.power-lost', 'common.silent']),
    );
  });

  it('keeps the common rule for the quantities a rule of the type does not stand in for', () => {
    const applied = ruleSet.of(assetOf('pumping-station', { category: 'B' }), []);
    const except = (id: string) => applied.find(({ rule }) => rule.id === `builtin.${id}`)?.except;
    expect(except('common.implausible')).toEqual(new Set(['waterDepth']));
    expect(except('pumping-station.implausible-level')).toEqual(new Set(['waterDepth']));
    expect(except('pumping-station.implausible-level-ab')).toBeUndefined();
  });

  it('leaves a rule that was turned off its place: the quieter one does not come back', () => {
    const [loud] = ruleSet.builtin.filter((r) => r.id === 'builtin.pumping-station.high-level-ab');
    const off = { ...loud!, enabled: false };
    const ids = ruleSet.of(assetOf('pumping-station', { category: 'A' }), [off]).map(({ rule }) => rule.id);
    expect(ids.filter((id) => id.includes('high-level'))).toEqual([]);
  });
});

describe('Grænse mangler', () => {
  const missing = (attributes: Record<string, string | number>) =>
    missingLimits({ asset: assetOf('pumping-station', attributes), ruleSet, registered: [], catalogue, now: 0 });

  it('lists the rules that are off because the asset lacks an attribute', () => {
    expect(missing({ overflowLevel: 3 }).map((m) => [m.rule.id, m.attribute])).toEqual([
      ['builtin.pumping-station.high-level', 'highLevel'],
    ]);
    expect(missing({ overflowLevel: 3, highLevel: 2 })).toEqual([]);
  });

  it('asks nobody for what the model of the sensor would have to say', () => {
    expect(missing({}).map((m) => m.attribute)).not.toContain('deviceModel.batteryVoltageLimit');
  });
});
