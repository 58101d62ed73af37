/**
 * Puts one stable word in the place of what differs from ticket to ticket without meaning anything: addresses,
 * paths, hosts, numbers of tickets and devices, times. Error codes stay (`ORA-12514`, `0x80070005`, `KB5034441`,
 * `HTTP 503`): they say most of what a ticket is about. The words are in the form of the redaction's, and no rule
 * matches one, so applying the rules twice changes nothing. Every pattern is bounded: the time is linear.
 */
interface Rule {
  readonly pattern: RegExp;
  readonly word: string;
  readonly accept?: (match: string) => boolean;
}

/** Words in the names of machines. */
const hostWords = new Set(
  'srv server svr host node vm db sql ora web app dc fs nas ws wks pc lt lap laptop nb notebook desk desktop esx esxi hv sw swi switch rtr router fw ap wap wlc prn prt printer print cl clu cluster k8s mail mx exch ts rds ctx vdi jump proxy lb vpn gw san bkp backup dev tst test qa uat prd prod'.split(
    ' ',
  ),
);

/** Prefixes of numbers that mean something. */
const codePrefixes =
  /^(?:ora|tns|kb|cve|err|error|http|https|sql|sqlstate|idoc|event|aadsts|ms|win|windows|office|sap|iso|utf|usb|rj|cat|sha|aes|tls|ssl|ipv|covid|code)-?/i;

const rules: readonly Rule[] = [
  {
    pattern: /\b(?:https?|ftp|sftp|ldaps?|jdbc:[a-z]{1,20}|rdp|ssh|file):\/\/[^\s<>"')\]]{1,2000}/gi,
    word: '[url]',
  },
  { pattern: /\bwww\.[^\s<>"')\]]{3,500}/gi, word: '[url]' },
  {
    pattern: /(?<![\p{L}\p{N}._%+'-])[\p{L}\p{N}._%+'-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}/gu,
    word: '[email]',
  },
  { pattern: /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, word: '[id]' },
  { pattern: /\bS-1-\d{1,3}(?:-\d{1,12}){2,14}\b/g, word: '[id]' },
  { pattern: /(?<![\w:-])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:-])/gi, word: '[id]' },
  { pattern: /\\\\[\w.$-]{1,64}(?:\\[^\\\s"<>|:*?]{1,100}){0,20}\\?/g, word: '[path]' },
  { pattern: /\b[a-z]:\\(?:[^\\\s"<>|:*?]{1,100}\\?){0,20}/gi, word: '[path]' },
  { pattern: /(?<![\w/\]])(?:~|\.{1,2})?\/(?:[\w.@+-]{1,100}\/){1,20}[\w.@+-]{0,100}/g, word: '[path]' },
  { pattern: /\b[A-Z][A-Z0-9-]{1,14}\\[\w.-]{2,40}/g, word: '[user]' },
  { pattern: /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?:\/\d{1,2}|:\d{1,5})?(?![\d.]*\d)/g, word: '[ip]' },
  {
    pattern:
      /\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:[.,]\d{1,9})?)?(?:\s?(?:Z|UTC|GMT|CET|CEST|[+-]\d{2}:?\d{2}))?(?![\w-])/g,
    word: '[time]',
  },
  {
    pattern:
      /(?<![\d./-])\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})(?![\d./-])(?:,?\s{0,2}(?:at\s)?\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]\.?m\b\.?)?)?/gi,
    word: '[time]',
  },
  {
    pattern:
      /\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s)?(?:\d{1,2}(?:st|nd|rd|th)?\s)?(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?\s\d{1,2}(?:st|nd|rd|th)?(?:,?\s\d{4})?(?:,?\s(?:at\s)?\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]\.?m\b)?)?(?![\w-])/gi,
    word: '[time]',
  },
  {
    pattern: /(?<![\d:.])\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,6})?(?:\s?[ap]\.?m\b)?(?![\d:])/gi,
    word: '[time]',
  },
  {
    pattern:
      /\b(?:INC|REQ|RITM|CHG|PRB|SCTASK|TASK|CS|TKT|SR|CASE|WO|CRQ|HD|TICKET|INCIDENT)(?:[-#:_ ]{0,2}|\s(?:number|no\.?|id)\s)#?\d{5,12}\b/gi,
    word: '[ticket]',
  },
  { pattern: /(?<!\w)#\d{4,12}\b/g, word: '[ticket]' },
  // A fully qualified name inside a company.
  {
    pattern:
      /\b(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,6}(?:local|corp|internal|intra|intranet|lan|domain|ad)\b/gi,
    word: '[host]',
  },
  { pattern: /(?<![\w.\\/[-])[A-Za-z][\w-]{1,63}(?![\w\]\\/-])/g, word: '[host]', accept: isHostName },
  { pattern: /\b(?=[0-9a-f]{0,64}\d)(?=[0-9a-f]{0,64}[a-f])[0-9a-f]{12,64}\b/gi, word: '[id]' },
  { pattern: /\b[A-Za-z]{1,6}[-_]?\d{6,20}\b/g, word: '[id]', accept: (match) => !codePrefixes.test(match) },
  { pattern: /(?<![\w.,-])\d{6,30}(?![\w,-])/g, word: '[id]' },
  { pattern: /(?<![\w+/=])(?=[A-Za-z+/]{0,200}\d)[A-Za-z0-9+/]{40,4096}={0,2}/g, word: '[id]' },
];

export function withoutMachineIdentifiers(text: string): string {
  let result = text;
  for (const { pattern, word, accept } of rules) {
    result = accept
      ? result.replace(pattern, (match) => (accept(match) ? word : match))
      : result.replace(pattern, word);
  }
  // A list of hosts or numbers says no more than one of them.
  return result.replaceAll(
    /(\[(?:url|email|id|path|user|ip|time|ticket|host)\])(?:[\s,;/&-]{1,3}(?:and\s)?\1)+/g,
    '$1',
  );
}

/** `SRV-0042`, `lon-web-01`, `DB12`, `WKS1234`: a word for a machine, and a number. */
function isHostName(name: string): boolean {
  if (!/\d/.test(name) || codePrefixes.test(name)) return false;
  return name.split(/[-_]/).some((part) => {
    const [, word = '', digits = ''] = /^([a-z]+)(\d*)$/i.exec(part) ?? [];
    if (!hostWords.has(word.toLowerCase())) return false;
    // Without a hyphen, short numbers are names of things (VPN2, Web3, App1).
    return name.includes('-') || name.includes('_') || digits.length >= 2;
  });
}
