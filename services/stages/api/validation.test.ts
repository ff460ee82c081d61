import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { AssetBody } from '../../model/asset.ts';
import { RuleBody } from '../../model/rule.ts';
import { Problem } from './problems.ts';
import { compileValidator } from './validation.ts';

function pointers(
  schema: Parameters<typeof compileValidator>[0]['schema'],
  value: unknown,
  httpPart = 'body',
): string[] {
  const result = compileValidator({ schema, httpPart })(value);
  if (!('error' in result)) return [];
  return result.error instanceof Problem ? (result.error.errors ?? []).map((e) => e.pointer) : ['?'];
}

const rule = {
  name: { da: 'a', en: 'a' },
  appliesTo: {},
  condition: { kind: 'threshold', quantity: 'q', raise: { op: '>', limit: 1 } },
  severity: 'high',
  outcome: 'alarm',
  to: [],
  sentence: { da: '', en: '' },
};

describe('validation', () => {
  it('fills in defaults and accepts what fits', () => {
    const result = compileValidator({ schema: RuleBody, httpPart: 'body' })(structuredClone(rule));
    expect(result).toMatchObject({ value: { enabled: true } });
  });

  it('names the field of the branch that was meant', () => {
    const wrong = { ...rule, condition: { ...rule.condition, raise: { op: '~', limit: 1 } } };
    expect(pointers(RuleBody, wrong)).toEqual(['/condition/raise/op']);
    expect(pointers(RuleBody, { ...rule, condition: { kind: 'state', quantity: 'q' } })).toEqual(['/condition/is']);
  });

  it('names what is missing and what is not known', () => {
    expect(pointers(AssetBody, { owner: 'a', type: 'b', extra: 1 }).sort()).toEqual(['/extra', '/name']);
    expect(pointers(AssetBody, { owner: 'A!', type: 'b', name: 'c' })).toEqual(['/owner']);
    expect(pointers(AssetBody, { owner: 'a', type: 'b', name: 'c', location: { lat: 100, lon: 1 } })).toEqual([
      '/location/lat',
    ]);
    expect(pointers(AssetBody, [])).toEqual(['']);
  });

  it('converts parameters of the address, but never a body', () => {
    const schema = Type.Object({ limit: Type.Integer({ maximum: 10, default: 5 }) }, { additionalProperties: false });
    expect(compileValidator({ schema, httpPart: 'querystring' })({ limit: '7' })).toEqual({ value: { limit: 7 } });
    expect(compileValidator({ schema, httpPart: 'querystring' })({})).toEqual({ value: { limit: 5 } });
    expect(pointers(schema, { limit: '7' })).toEqual(['/limit']);
    expect(pointers(schema, { limit: 'x' }, 'querystring')).toEqual(['/limit']);
    expect(pointers(schema, { limits: '1' }, 'querystring')).toEqual(['/limits']);
  });
});
