/** Sentences as people read them: Danish and English, local time, decimal comma. */
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../model/alert.ts';
import type { Asset } from '../../model/asset.ts';
import { catalogue } from '../catalogue/catalogue.ts';
import { durationPhrase, numberPhrase, timePhrase } from './phrases.ts';
import { endedSentence, fillSentence } from './sentence.ts';

const at = (text: string) => Date.parse(text);
const SUMMER = at('2026-07-01T00:14:00Z'); // 02.14 in Copenhagen
const WINTER = at('2026-11-23T01:14:00Z'); // 02.14 as well

const asset: Asset = {
  id: 'pst-1',
  owner: 'o',
  operator: 'o',
  type: 'pumping-station',
  name: 'Pst. Åvej',
  attributes: {},
  externalIds: {},
  sharing: 'internal',
  tags: [],
  createdAt: 0,
};

function say(
  template: string,
  evidence: Evidence,
  more: { asset?: Partial<Asset>; quantity?: string; time?: number } = {},
) {
  const filled = { ...asset, ...more.asset };
  return fillSentence(
    { da: template, en: template },
    {
      asset: filled,
      parent: undefined,
      assetType: catalogue.assetType(filled.type),
      quantity: catalogue.quantity(more.quantity ?? 'waterDepth'),
      evidence,
      time: more.time ?? WINTER,
    },
  );
}

describe('phrases', () => {
  it('writes times of Copenhagen, with the date where it is another day', () => {
    expect(timePhrase(SUMMER, 'da', SUMMER)).toBe('kl. 02.14');
    expect(timePhrase(WINTER, 'da', WINTER)).toBe('kl. 02.14');
    expect(timePhrase(WINTER, 'en', WINTER)).toBe('02:14');
    expect(timePhrase(WINTER, 'da', SUMMER)).toBe('23. november kl. 02.14');
    expect(timePhrase(at('2026-11-22T23:30:00Z'), 'da', WINTER)).toBe('kl. 00.30'); // the same day here, not in UTC
  });

  it.each([
    [0, '0 sekunder', '0 seconds'],
    [59_999, '59 sekunder', '59 seconds'],
    [60_000, '1 minut', '1 minute'],
    [32 * 60_000, '32 minutter', '32 minutes'],
    [3_600_000, '1 time', '1 hour'],
    [70 * 60_000, '1 time og 10 minutter', '1 hour and 10 minutes'],
    [4 * 3_600_000, '4 timer', '4 hours'],
    [7.5 * 3_600_000, '7 timer', '7 hours'],
    [48 * 3_600_000, '2 døgn', '2 days'],
  ])('writes %i ms as "%s" and "%s"', (ms, da, en) => {
    expect(durationPhrase(ms, 'da')).toBe(da);
    expect(durationPhrase(ms, 'en')).toBe(en);
  });

  it('writes numbers with a decimal comma and never minus nothing', () => {
    expect(numberPhrase(2.305, 'da', 2)).toBe('2,31');
    expect(numberPhrase(2500, 'da')).toBe('2.500');
    expect(numberPhrase(2500.5, 'en')).toBe('2,500.5');
    expect(numberPhrase(-0.04, 'da', 1)).toBe('0,0');
    expect(numberPhrase(-3.2, 'da', 1)).toBe('-3,2');
  });
});

describe('sentences', () => {
  it('names thing, value, limit and time', () => {
    const evidence = { value: 2.31, limit: 2.1, heldFor: 32 * 60_000 };
    expect(say('{name}: {value} m, {over:cm} cm over {limit} {unit} i {duration}, siden {time}', evidence).da).toBe(
      'Pst. Åvej: 2,31 m, 21 cm over 2,10 m i 32 minutter, siden kl. 01.42',
    );
  });

  it('writes the name of a state, and of the quantity', () => {
    expect(say('{quantity}: {state} {value}', { value: 2 }, { quantity: 'pumpState' })).toEqual({
      da: 'pumpedrift: fejl fejl',
      en: 'pump state: fault fault',
    });
  });

  it('leaves out the parentheses of an attribute the asset has not got', () => {
    const ring = { type: 'rescue-ring', name: 'Havnen' };
    const numbered = { ...ring, attributes: { redningsnummer: [{ from: 0, value: 'J123' }] } };
    const template = 'Krans {name} ({attribute:redningsnummer}) er taget.';
    expect(say(template, {}, { asset: ring }).da).toBe('Krans Havnen er taget.');
    expect(say(template, {}, { asset: numbered }).da).toBe('Krans Havnen (J123) er taget.');
  });

  it('never lets a private attribute out of the house', () => {
    const bin = { type: 'waste-container', attributes: { access: [{ from: 0, value: 'kode 1234' }] } };
    expect(say('{name}: {attribute:access}.', {}, { asset: bin }).da).toBe('Pst. Åvej: .');
  });

  it('fills in one pass: a name is a name, whatever is in it', () => {
    expect(say('{name} {value}', { value: 1 }, { asset: { name: '{value}$&' } }).da).toBe('{value}$& 1,00');
  });

  it('leaves what it does not know as it was written', () => {
    expect(say('{name} {nonsense}', {}).da).toBe('Pst. Åvej {nonsense}');
  });

  it('tells both times of what took more than ten minutes to arrive', () => {
    const time = at('2026-11-23T13:02:00Z');
    const late = { value: 1, time, received: at('2026-11-23T15:40:00Z') };
    expect(say('Taget.', late, { time }).da).toBe('Taget. (målt kl. 14.02, modtaget kl. 16.40)');
    expect(say('Taken.', { ...late, received: time + 600_000 - 1 }, { time }).en).toBe('Taken.');
  });

  it('says what ended', () => {
    const context = { asset, parent: undefined, assetType: undefined, quantity: undefined, evidence: {}, time: WINTER };
    expect(endedSentence({ da: 'Høj vandstand', en: 'High water level' }, context)).toEqual({
      da: 'Pst. Åvej: "Høj vandstand" ophørte kl. 02.14.',
      en: 'Pst. Åvej: "High water level" ended 02:14.',
    });
  });
});
