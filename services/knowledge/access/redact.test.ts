import { describe, expect, it } from 'vitest';
import type { Asset } from '../../model/asset.ts';
import type { AssetType } from '../../model/catalogue.ts';
import { type Principal, PUBLIC } from '../../model/token.ts';
import { redactAsset } from './redact.ts';

const asset: Asset = {
  id: 'ring-1',
  owner: 'ours',
  operator: 'fire',
  type: 'rescue-ring',
  name: 'Krans 1',
  location: { lat: 56.12345, lon: 10.12345 },
  attributes: {
    category: [{ from: 0, value: 'A' }],
    keyCode: [{ from: 0, value: '1234' }],
    unheardOf: [{ from: 0, value: 'who knows' }],
  },
  externalIds: {},
  sharing: 'open',
  tags: [],
  createdAt: 0,
};
const label = { da: '', en: '' };
const type: AssetType = {
  id: 'rescue-ring',
  label,
  quantities: [],
  heartbeat: 3600,
  attributes: [
    { name: 'category', label, kind: 'choice' },
    { name: 'keyCode', label, kind: 'text', private: true },
  ],
  derived: [],
  sharing: 'open',
  rules: [],
};
const member = (organisation: string): Principal => ({ id: 't', organisation, role: 'administrator' });

describe('access: what outsiders see of an asset', () => {
  it('shows everything to owner, operator and platform', () => {
    for (const insider of [
      member('ours'),
      member('fire'),
      { id: 'admin', organisation: '', role: 'platform' } as const,
    ])
      expect(redactAsset(insider, asset, type)).toEqual(asset);
  });

  it('withholds private attributes and those no type vouches for', () => {
    for (const outsider of [PUBLIC, member('theirs')]) {
      expect(redactAsset(outsider, asset, type).attributes).toEqual({ category: asset.attributes.category });
      expect(redactAsset(outsider, asset, undefined).attributes).toEqual({});
    }
    expect(asset.attributes).toHaveProperty('keyCode');
  });

  it('makes the place coarser, or hides it, for outsiders only', () => {
    const coarsen = () => ({ lat: 56.1, lon: 10.1 });
    expect(redactAsset(PUBLIC, asset, type, { coarsen }).location).toEqual({ lat: 56.1, lon: 10.1 });
    expect(redactAsset(member('fire'), asset, type, { coarsen }).location).toEqual(asset.location);
    expect(redactAsset(PUBLIC, asset, type, { coarsen: () => undefined })).not.toHaveProperty('location');
  });
});
