/**
 * Words of a text: runs of letters and digits in lower case, with an apostrophe inside kept ("can't"). Compatible
 * forms are one (NFKC), so that full-width or ligature letters meet their plain kin.
 */
export function tokenize(text: string): string[] {
  return text.normalize('NFKC').replaceAll('’', "'").toLowerCase().match(wordPattern) ?? [];
}

const wordPattern = /[\p{L}\p{N}\p{M}]+(?:'[\p{L}\p{M}]+)*/gu;
