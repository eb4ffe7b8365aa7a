/** Text as a search compares it: without case, accents, hyphens. */
export const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replace(/[-’']/g, ' ')
    .trim();

/** Whether one text holds the words of another. */
export const holds = (text: string, words: string): boolean => fold(text).includes(fold(words));
