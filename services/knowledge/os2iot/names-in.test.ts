import { describe, expect, it } from 'vitest';
import { namesIn } from './names-in.ts';

describe('namesIn', () => {
  it.each([
    [
      'an EUI, however it is written',
      { DevEUI: 'A8-17-58-FF-FE-01-23-45' },
      [{ by: 'eui', value: 'A81758FFFE012345' }],
    ],
    ['inside', { meta: { device_eui: 'a81758fffe012345' } }, [{ by: 'eui', value: 'a81758fffe012345' }]],
    [
      'the surest first',
      { name: 'Torvet 1', deviceId: 17, devEui: 'a81758fffe012345' },
      [
        { by: 'eui', value: 'a81758fffe012345' },
        { by: 'id', value: '17' },
        { by: 'name', value: 'Torvet 1' },
      ],
    ],
    [
      'entities of NGSI-LD',
      [{ id: 'urn:ngsi-ld:WasteContainer:Torvet-1', type: 'WasteContainer', name: { type: 'Property', value: 'T' } }],
      [
        { by: 'name', value: 'Torvet-1' },
        { by: 'name', value: 'T' },
      ],
    ],
    ['nothing', { temperature: 21, list: [1, 2, null] }, []],
    ['no object', 'text', []],
  ])('%s', (_, message, expected) => {
    expect(namesIn(message)).toEqual(expected);
  });

  it('is bounded, however deep or long', () => {
    let deep: object = { devEui: 'a81758fffe012345' };
    for (let i = 0; i < 1000; i++) deep = { deep };
    expect(namesIn(deep)).toEqual([]);
    expect(namesIn(Array.from({ length: 5000 }, () => ({ name: 'x' })))).toHaveLength(20);
  });
});
