/** Danish order and tolerant search without help from the database: both are keys computed here and compared bytewise. */

// æ, ø, å come last; the three characters after z in ASCII stand for them. Foreign letters sort as Danish ones do.
const LAST: Record<string, string> = { æ: '{', ä: '{', ø: '|', ö: '|', å: '}', ü: 'y', ð: 'd', þ: 'th', ß: 'ss' };

/**
 * A key whose bytewise order is the Danish alphabetical one: Aa as Å, case aside, accents aside, numbers by their value.
 * Two texts may share a key; sort by id after it.
 */
export function danishSortKey(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replace(/aa/g, 'å')
    .replace(/[æäøöåüðþß]/g, (letter) => LAST[letter] ?? letter)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/\d{1,15}/g, (digits) => digits.replace(/^0+(?=\d)/, '').padStart(15, '0'));
}

/** What search compares: "Åbyhøj", "Aabyhoej" and "abyhoj" are the same. Used for the text and for what is looked for. */
export function foldText(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replace(/æ/g, 'ae')
    .replace(/[øö]|oe/g, 'o')
    .replace(/ß/g, 'ss')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/aa/g, 'a')
    .replace(/ae/g, 'a');
}
