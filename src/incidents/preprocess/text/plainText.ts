import { convert, type HtmlToTextOptions } from 'html-to-text';

/** Characters of a ticket that are read: about 20 pages. What comes after is a log dump, not a description. */
export const textCharacters = 64 * 1024;

/** Tags that mail clients and ticket forms write; `<unknown>` or `a < b` in plain text is none. */
const htmlTag =
  /<\/?(?:html|head|body|meta|style|script|div|p|br|hr|span|table|tbody|thead|tr|td|th|a|b|i|u|ul|ol|li|font|h[1-6]|pre|code|blockquote|img|strong|em|o:p)(?:\s[^<>]{0,2000})?\/?>/i;

const options: HtmlToTextOptions = {
  wordwrap: false,
  preserveNewlines: false,
  selectors: [
    { selector: 'a', options: { ignoreHref: true } },
    { selector: 'img', format: 'skip' },
    { selector: 'hr', format: 'skip' },
    {
      selector: 'blockquote',
      options: { leadingLineBreaks: 1, trailingLineBreaks: 1, trimEmptyLines: true },
    },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    { selector: 'ul', options: { itemPrefix: '' } },
  ],
};

/** Text that was escaped when pasted becomes HTML only after it is read once. */
const htmlRounds = 3;

/**
 * Text of a ticket without markup: HTML (only when it holds tags of HTML) becomes lines, invisible and control
 * characters go, every kind of blank is a space, every kind of line end a line feed.
 */
export function plainText(text: string): string {
  let result = text.slice(0, textCharacters);
  for (let round = 0; round < htmlRounds && htmlTag.test(result); round++) {
    result = convert(result, options).slice(0, textCharacters);
  }
  if (htmlTag.test(result)) result = result.replaceAll(/[<>]/g, ' ');
  return result
    .normalize('NFC')
    .replaceAll(/\r\n?|\u2028|\u2029/g, '\n')
    .replaceAll(/[\u200B-\u200F\u202A-\u202E\u2060-\u2064\uFEFF\u00AD]/g, '')
    .replaceAll(/[\p{Zs}\t\v\f]/gu, ' ')
    .replaceAll(/(?!\n)\p{Cc}/gu, ' ')
    .replaceAll(/&nbsp;/gi, ' ')
    .replaceAll(/\p{Cs}/gu, '');
}
