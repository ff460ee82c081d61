import { describe, expect, test } from 'vitest';
import { readFrames, readHex } from './frames.ts';

describe('frames as people paste them', () => {
  test.each([
    ['0367EE00', '0367ee00'],
    ['03 67 ee 00', '0367ee00'],
    ['0x03, 0x67', '0367'],
    ['03:67-ee_00', '0367ee00'],
    ['', undefined],
    ['036', undefined],
    ['03 zz', undefined],
    ['00'.repeat(257), undefined],
  ])('%s', (text, hex) => expect(readHex(text)).toBe(hex));

  test.each([
    ['2 0367ee00', { fPort: 2, bytesHex: '0367ee00' }],
    ['85: 03 67 ee 00', { fPort: 85, bytesHex: '0367ee00' }],
    ['85\t0367', { fPort: 85, bytesHex: '0367' }],
    ['10 67 ee 00', { fPort: 1, bytesHex: '1067ee00' }],
    ['03 67', { fPort: 1, bytesHex: '0367' }],
    ['0367ee00', { fPort: 1, bytesHex: '0367ee00' }],
    ['3 67', { fPort: 3, bytesHex: '67' }],
  ])('%s', (text, frame) => expect(readFrames(text)).toEqual([{ line: 1, text, frame }]));

  test('byte by byte without a port: the first byte is no port', () => {
    expect(readFrames('03 67 ee 00')).toMatchObject([{ frame: { fPort: 1, bytesHex: '0367ee00' } }]);
  });

  test('empty lines and remarks are left out, bad lines keep their number', () => {
    expect(readFrames('# from the lab\n\n1 ff # first\r\nhello\n256 ff\n')).toEqual([
      { line: 3, text: '1 ff', frame: { fPort: 1, bytesHex: 'ff' } },
      { line: 4, text: 'hello' },
      { line: 5, text: '256 ff' },
    ]);
  });
});
