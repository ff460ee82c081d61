/** What is certain of an application, a contact, a place and metadata, and what is not. */
import { describe, expect, it } from 'vitest';
import { catalogue } from '../catalogue/catalogue.ts';
import { assetTypeOf } from './asset-type-of.ts';
import { isFunctionAddress } from './function-address.ts';
import { metadataOf, withOs2iotNames } from './metadata.ts';
import { placeOf } from './place.ts';
import { planDevice } from './plan-device.ts';
import { readApplication, readIotDevice } from './shapes.ts';

describe('the asset type of an application', () => {
  it.each([
    [['fillingLevel'], 'waste-container'],
    [['fillingLevel', 'temperature'], 'waste-container'],
    [['trafficFlow', 'speed'], 'traffic-counter'],
    [['soilMoisture', 'temperature'], 'soil-moisture'],
  ])('%j is certain', (properties, type) => {
    expect(assetTypeOf(properties, catalogue.assetTypes)).toEqual({ type });
  });

  it.each([
    [['temperature', 'humidity'], 'room', 'pump'],
    [['depth'], 'water-level', 'room'],
    [['occupancy'], 'parking-space', 'water-level'],
    [['fillingLevel', 'trafficFlow'], 'waste-container', 'room'],
  ])('%j is not, and offers what measures it', (properties, offered, left) => {
    const { choices } = assetTypeOf(properties, catalogue.assetTypes) as { choices: string[] };
    expect(choices).toContain(offered);
    expect(choices).not.toContain(left);
  });

  it('offers all types where nothing is said', () => {
    const every = catalogue.assetTypes.map((t) => t.id);
    expect(assetTypeOf([], catalogue.assetTypes)).toEqual({ choices: every });
    expect(assetTypeOf(['milking'], catalogue.assetTypes)).toEqual({ choices: every });
  });

  it('names only types and quantities there are', () => {
    for (const property of ['fillingLevel', 'trafficFlow', 'soilMoisture', 'airPollution']) {
      const found = assetTypeOf([property], catalogue.assetTypes);
      expect('type' in found && catalogue.assetType(found.type)).toBeTruthy();
    }
  });
});

describe('contacts', () => {
  it.each(['drift@egeby.dk', 'IoT@egeby.dk', ' vagt@vand.example.dk'])('%s is a function', (mail) => {
    expect(isFunctionAddress(mail)).toBe(true);
  });
  it.each(['ane.eksempel@egeby.dk', 'ane@egeby.dk', 'aek@egeby.dk', 'drift', '', 'drift@', 'constructor@egeby.dk'])(
    '%j may be a person',
    (mail) => {
      expect(isFunctionAddress(mail)).toBe(false);
    },
  );
});

describe('metadata', () => {
  const level = catalogue.assetType('water-level')!; // ships
  it('becomes typed attributes where it fits, whether OS2iot answers an object or its text', () => {
    const metadata = { sensorkote_DVR90: '4,25', bundkote: 1.5, datum: 'DVR90', ejer: 'Ane', lowLevel: 'ca. 2' };
    const expected = {
      attributes: { sensorElevation: 4.25, bottomElevation: 1.5, datum: 'DVR90' },
      left: ['ejer', 'lowLevel'],
    };
    expect(metadataOf(metadata, level)).toEqual(expected);
    expect(metadataOf(JSON.stringify(metadata), level)).toEqual(expected);
  });
  it('is found by decoders under the names they know', () => {
    expect(withOs2iotNames({ sensorElevation: '4.25', datum: 'DVR90' })).toEqual({
      sensorElevation: '4.25',
      sensorkote_DVR90: '4.25',
      sensorkote: '4.25',
      datum: 'DVR90',
    });
  });
  it.each([null, undefined, 'no JSON', '"text"', '[1]', 7, []])('is nothing in %j', (metadata) => {
    expect(metadataOf(metadata, level)).toEqual({ attributes: {}, left: [] });
  });
});

describe('a place', () => {
  it('is none where nobody entered it', () => {
    expect(placeOf(56.1, 9.5)).toEqual({ lat: 56.1, lon: 9.5 });
    for (const [lat, lon] of [
      [0, 0],
      [undefined, 9],
      [91, 9],
      [56, null],
    ] as const)
      expect(placeOf(lat, lon)).toBeUndefined();
  });
});

describe('a device', () => {
  const application = readApplication({ id: 1, name: 'A\u0007 b', controlledProperties: null })!; // as documented
  const type = catalogue.assetType('room')!; // ships
  const base = { application, type, decoderModels: [], builtIn: catalogue.deviceModels };
  const device = (more: object) => readIotDevice({ id: 9, name: ' ', type: 'GENERIC_HTTP', ...more })!; // as documented
  const wanted = (more: object, options: object = {}) => {
    const plan = planDevice({ ...base, device: device(more), ...options });
    if (!('wanted' in plan)) throw new Error(plan.why.en);
    return plan.wanted;
  };

  it('has a name and a tag that may be stored', () => {
    expect(wanted({}).asset).toMatchObject({ name: 'OS2iot 9', tags: ['A b'] });
  });

  it('says that a built-in model fits, by the device model OS2iot keeps', () => {
    const builtIn = [{ id: 'milesight-em300', vendor: 'Milesight', product: 'EM300-TH', format: 'frame' }];
    const body = { brandName: 'Milesight', modelName: 'EM300-TH' };
    const notes = wanted({ deviceModel: { body } }, { builtIn, decoderModels: ['decoder'] }).notes;
    expect(notes.map((n) => n.en).join()).toContain('milesight-em300');
  });

  it('is refused without what it needs', () => {
    const plan = (more: object, options: object = {}) => planDevice({ ...base, device: device(more), ...options });
    expect(plan({ type: 'LORAWAN', deviceEUI: 'xyz' })).toMatchObject({ action: 'refuse' });
    expect(plan({ type: 'LORAWAN', deviceEUI: 'a81758fffe012345' })).toMatchObject({ action: 'refuse' });
    expect(plan({}, { decoderModels: ['a', 'b'] })).toMatchObject({ action: 'refuse' });
    expect(plan({}, { type: ['room'] })).toMatchObject({ action: 'refuse', choices: ['room'] });
    expect(plan({ type: 'TELEPATHY' })).toMatchObject({ action: 'skip' });
  });
});
