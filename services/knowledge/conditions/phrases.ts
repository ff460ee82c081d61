/** Numbers, times and durations as a Danish and an English sentence write them. Local time is Europe/Copenhagen. */

export type Language = 'da' | 'en';

const ZONE = 'Europe/Copenhagen';
const LOCALE = { da: 'da-DK', en: 'en-GB' } as const;

// Made once: an Intl formatter costs some 50 µs, more than the rest of a sentence.
const numberFormats = new Map<string, Intl.NumberFormat>();
const clock = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', minute: '2-digit' });
const day = {
  da: new Intl.DateTimeFormat('da-DK', { timeZone: ZONE, day: 'numeric', month: 'long' }),
  en: new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, day: 'numeric', month: 'long' }),
};

/** Decimal comma in Danish. Without `decimals`, as many as the value has, at most two. */
export function numberPhrase(value: number, language: Language, decimals?: number): string {
  const key = `${language}${decimals}`;
  let format = numberFormats.get(key);
  if (!format) {
    const digits =
      decimals === undefined
        ? { maximumFractionDigits: 2 }
        : { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    format = new Intl.NumberFormat(LOCALE[language], { ...digits, signDisplay: 'negative' }); // never "-0"
    numberFormats.set(key, format);
  }
  return format.format(value);
}

/** "kl. 02.14", with the date where it is not the day of `seenFrom`: "22. november kl. 02.14". Epoch ms. */
export function timePhrase(time: number, language: Language, seenFrom: number): string {
  const hhmm = clock.format(time);
  const spoken = language === 'da' ? `kl. ${hhmm.replace(':', '.')}` : hhmm;
  const date = day[language].format(time);
  if (date === day[language].format(seenFrom)) return spoken;
  return `${date} ${spoken}`;
}

const UNITS = {
  da: { s: ['sekund', 'sekunder'], min: ['minut', 'minutter'], h: ['time', 'timer'], d: ['døgn', 'døgn'], and: 'og' },
  en: { s: ['second', 'seconds'], min: ['minute', 'minutes'], h: ['hour', 'hours'], d: ['day', 'days'], and: 'and' },
} as const;

/** "32 minutter", "1 time og 10 minutter", "4 timer", "3 døgn". Finer the shorter it is; rounded down. */
export function durationPhrase(ms: number, language: Language): string {
  const words = UNITS[language];
  const say = (n: number, [one, many]: readonly [string, string]) => `${n} ${n === 1 ? one : many}`;
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return say(seconds, words.s);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return say(minutes, words.min);
  const hours = Math.floor(minutes / 60);
  if (hours < 6 && minutes % 60 > 0) return `${say(hours, words.h)} ${words.and} ${say(minutes % 60, words.min)}`;
  return hours < 48 ? say(hours, words.h) : say(Math.floor(hours / 24), words.d);
}
