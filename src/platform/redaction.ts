/**
 * Takes secrets and personal identifiers out of free text before it leaves for a language model, a log or
 * telemetry. Every pattern is bounded in length, so the time is linear in the text whatever the text is. Numbers
 * that have a check digit (cards, IBAN) are only taken when it holds: ticket and asset numbers stay.
 */
export interface Redaction {
  readonly text: string;
  /** How often each kind was found. */
  readonly found: Readonly<Partial<Record<RedactedKind, number>>>;
}

export type RedactedKind =
  'private-key' | 'secret' | 'token' | 'email' | 'iban' | 'card' | 'national-id' | 'ip' | 'phone';

/** @returns the text with `[email]`, `[secret]`, … in the place of what was found. */
export function redactSecrets(text: string): string {
  return redact(text).text;
}

export function redact(text: string): Redaction {
  const found: Partial<Record<RedactedKind, number>> = {};
  let result = text;
  for (const { kind, pattern, accept, keep } of rules) {
    result = result.replace(pattern, (...match: unknown[]) => {
      const whole = match[0] as string;
      const groups = (match.at(-1) ?? {}) as Record<string, string | undefined>;
      if (accept && !accept(groups.value ?? whole)) return whole;
      found[kind] = (found[kind] ?? 0) + 1;
      return keep ? `${groups.before ?? ''}[${kind}]${groups.after ?? ''}` : `[${kind}]`;
    });
  }
  return { text: result, found };
}

interface Rule {
  readonly kind: RedactedKind;
  /** With a group `value`, that part alone is judged; with `keep`, the groups `before` and `after` stay. */
  readonly pattern: RegExp;
  readonly accept?: (value: string) => boolean;
  readonly keep?: boolean;
}

/** Names after which a value is a secret, as people and programs write them. */
const secretName =
  '(?:pass(?:word|wd|phrase|code)?|pwd|secret|client[-_ ]?secret|shared[-_ ]?secret|api[-_ ]?key|apikey|access[-_ ]?key(?:[-_ ]?id)?|account[-_ ]?key|shared[-_ ]?access[-_ ]?(?:key|signature)|private[-_ ]?key|encryption[-_ ]?key|subscription[-_ ]?key|auth[-_ ]?token|access[-_ ]?token|refresh[-_ ]?token|id[-_ ]?token|session[-_ ]?token|token|credentials?|kennwort|passwort)';

/** What stands after "password:" in a sentence without being one. */
const plainWords = new Set(
  'expired expires invalid reset resets required incorrect wrong missing null none true false yes no unknown failed fails change changed locked unlock forgotten forgot not is was the a an error issue problem prompt policy and or for to new old empty n/a'.split(
    ' ',
  ),
);

// The order matters: what contains other kinds (a key file, a connection string, an address in a URL) goes first.
const rules: readonly Rule[] = [
  {
    kind: 'private-key',
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[^-]{0,16384}-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|(?:\s{0,4}[A-Za-z0-9+/=]{32,80}){0,200})/g,
  },
  {
    kind: 'secret',
    pattern: /(?<before>\b[a-z][a-z0-9+.-]{1,30}:\/\/)[^\s/@:]{1,200}:[^\s/@]{1,200}(?<after>@)/gi,
    keep: true,
  },
  {
    kind: 'token',
    pattern:
      /(?<before>\bauthorization["']?\s{0,3}[:=]\s{0,3}["']?(?:(?:bearer|basic|digest|negotiate|token)\s{1,3})?)[A-Za-z0-9._~+/=-]{6,8192}/gi,
    keep: true,
  },
  {
    kind: 'token',
    pattern: /(?<before>\b(?:bearer|basic)\s{1,3})(?<value>[A-Za-z0-9._~+/=-]{8,8192})/gi,
    accept: (value) => /\d/.test(value) || value.endsWith('='),
    keep: true,
  },
  { kind: 'token', pattern: /\beyJ[\w-]{5,4096}\.[\w-]{5,8192}\.[\w-]{0,2048}/g },
  { kind: 'token', pattern: /(?<before>[?&;]sig(?:nature)?=)[A-Za-z0-9%+/=_-]{16,512}/gi, keep: true },
  {
    kind: 'secret',
    pattern: new RegExp(
      `(?<before>(?:\\b|_)${secretName}["']?\\s{0,3}(?:[:=]|=>)\\s{0,3})(?:"(?<after>)[^"\\r\\n]{1,512}"|'[^'\\r\\n]{1,512}'|(?<value>[^\\s"',;<>]{2,512}))`,
      'gi',
    ),
    accept: (value) => !plainWords.has(value.toLowerCase().replace(/[.!?)]+$/, '')),
    keep: true,
  },
  {
    kind: 'secret',
    pattern: new RegExp(
      `(?<before>\\b${secretName}\\s{1,3}(?:is|was|=|are)\\s{1,3})(?<value>[^\\s"',;<>]{4,128})`,
      'gi',
    ),
    // A word of a sentence has no digit and no sign inside; a password mostly has.
    accept: (value) => /\d|[^\w.!?)]/.test(value.replace(/[.!?)]+$/, '')),
    keep: true,
  },
  { kind: 'token', pattern: /\b(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA)[A-Z0-9]{16}\b/g },
  { kind: 'token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_\w{22,255})\b/g },
  {
    kind: 'token',
    pattern: /\bglpat-[\w-]{20,64}|\bnpm_[A-Za-z0-9]{36}\b|\bxox[abeoprs]-[A-Za-z0-9-]{10,250}/g,
  },
  {
    kind: 'token',
    pattern: /\bAIza[\w-]{35}|\b(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{16,128}|\bsk-[\w-]{20,200}/g,
  },
  // An Azure storage account key: 64 bytes in base64.
  { kind: 'token', pattern: /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{86}==/g },
  {
    kind: 'email',
    pattern: /(?<![\p{L}\p{N}._%+'-])[\p{L}\p{N}._%+'-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}/gu,
  },
  {
    kind: 'iban',
    pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g,
    accept: isIban,
  },
  { kind: 'card', pattern: /(?<![\d.-])[2-6](?:[ -]?\d){12,18}(?![\d-])/g, accept: isCardNumber },
  { kind: 'national-id', pattern: /(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])/g },
  {
    kind: 'ip',
    pattern: /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]*\d)/g,
  },
  {
    kind: 'ip',
    pattern: /(?<![\w:])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![\w:])/gi,
    accept: isIpv6,
  },
  {
    kind: 'phone',
    pattern: /(?<![\w+])(?:\+|00)[1-9](?:[\s()./-]{0,2}\d){6,14}(?!\w)/g,
  },
  { kind: 'phone', pattern: /(?<![\w.-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\w-])/g },
  {
    kind: 'phone',
    pattern:
      /(?<before>\b(?:phone|telephone|tel|mobile|cell|fax|whatsapp|call(?: me)?(?: back)?(?: at| on)?)\b[.:#\s]{0,4})\(?\d(?:[\s()./-]{0,2}\d){6,14}(?!\w)/gi,
    keep: true,
  },
];

/** ISO 13616: moved to the end and with letters as numbers, the whole is 1 modulo 97. */
function isIban(text: string): boolean {
  const compact = text.replaceAll(' ', '');
  if (compact.length < 15 || compact.length > 34) return false;
  let remainder = 0;
  for (const character of compact.slice(4) + compact.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}

/** Luhn's check digit over 13 to 19 digits. */
function isCardNumber(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '');
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    let digit = Number(digits[digits.length - 1 - index]);
    if (index % 2 === 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 === 0 && new Set(digits).size > 1;
}

function isIpv6(text: string): boolean {
  const groups = text.split(':');
  const compressed = text.split('::').length - 1;
  // A time of day (08:30:00) also consists of groups between colons.
  if (compressed === 0) return groups.length === 8 && groups.every((group) => group !== '');
  // So does a qualified name of C++ (a::b).
  return compressed === 1 && groups.length <= 8 && /\d/.test(text) && groups.filter(Boolean).length > 1;
}
