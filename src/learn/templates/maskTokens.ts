/**
 * Words of a log message with their variable parts put out: numbers, hexadecimal ids, addresses, UUIDs. What is
 * masked before mining need not be learnt from examples, so two messages that differ in ids alone have one
 * template from the first.
 */

export const wildcard = '<*>';

/** Longer messages are compared by their beginning. */
export const mostTokens = 128;
/** A longer word (base64, a query) is variable as a whole. */
const longestToken = 256;
/** A run of hexadecimal digits from this length on, with a digit in it, is an id. */
const shortestHexId = 6;
/** Inside an id that has begun, as in the groups of a UUID or an IPv6 address, shorter ones count. */
const shortestHexGroup = 4;

/** The message's tokens, masked; separated by blanks. Never empty. */
export function maskTokens(message: string): string[] {
  const tokens: string[] = [];
  let at = 0;
  while (at < message.length) {
    if (message.charCodeAt(at) <= 32) {
      at++;
      continue;
    }
    let end = at;
    let digits = false;
    while (end < message.length) {
      const code = message.charCodeAt(end);
      if (code <= 32) break;
      if (code >= 48 && code <= 57) digits = true;
      end++;
    }
    if (tokens.length === mostTokens) {
      tokens[mostTokens - 1] = wildcard;
      break;
    }
    if (end - at > longestToken) tokens.push(wildcard);
    else tokens.push(digits ? maskToken(message, at, end) : message.slice(at, end));
    at = end;
  }
  if (tokens.length === 0) tokens.push('');
  return tokens;
}

/**
 * Goes through the runs of letters and digits of a word. Variable are: digits, `0x…`, hexadecimal ids, and the digits
 * that a name ends in (`user<*>`) or a unit begins with (`<*>ms`). Variable runs that one mark joins are one: fractions,
 * addresses with ports, times, versions, UUIDs.
 */
function maskToken(text: string, start: number, end: number): string {
  let masked = '';
  let copied = start;
  /** Where the wildcard written last ends, when nothing constant came after it. */
  let openEnd = -1;
  let at = start;
  while (at < end) {
    if (!isAlphanumeric(text.charCodeAt(at))) {
      at++;
      continue;
    }
    let partEnd = at + 1;
    while (partEnd < end && isAlphanumeric(text.charCodeAt(partEnd))) partEnd++;
    const joined = openEnd === at - 1 && isJoint(text.charCodeAt(at - 1));
    findVariable(text, at, partEnd, joined);
    if (variable.start < variable.end) {
      if (!joined || variable.start > at) {
        const from = isSign(text, variable.start - 1, copied) ? variable.start - 1 : variable.start;
        masked += text.slice(copied, from) + wildcard;
      }
      copied = variable.end;
      openEnd = variable.end === partEnd ? partEnd : -1;
      at = variable.end;
    } else {
      at = partEnd;
    }
  }
  return masked + text.slice(copied, end);
}

/** Set by `findVariable`; nothing is allocated for a word. */
const variable = { start: 0, end: 0 };

function findVariable(text: string, start: number, end: number, joined: boolean): void {
  let digits = 0;
  let hex = 0;
  let firstDigit = end;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) {
      digits++;
      if (firstDigit === end) firstDigit = at;
    }
    if (isHexDigit(code)) hex++;
  }
  const length = end - start;
  const isHex = hex === length;
  const prefixed = text.charCodeAt(start) === 48 && (text.charCodeAt(start + 1) | 0x20) === 120;
  variable.start = start;
  variable.end = end;
  if (digits === length || (prefixed && hex === length - 1)) return;
  if (isHex && ((digits > 0 && length >= shortestHexId) || (joined && length >= shortestHexGroup))) return;
  variable.start = firstDigit;
  if (firstDigit === start) {
    variable.end = start;
    while (isDigit(text.charCodeAt(variable.end))) variable.end++;
  }
}

/** A minus or plus in front of a number, where no word goes before it. */
function isSign(text: string, at: number, start: number): boolean {
  if (at < start) return false;
  const code = text.charCodeAt(at);
  return (code === 45 || code === 43) && (at === start || !isAlphanumeric(text.charCodeAt(at - 1)));
}

function isJoint(code: number): boolean {
  return code === 46 || code === 58 || code === 45 || code === 44 || code === 95;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isHexDigit(code: number): boolean {
  const letter = code | 0x20;
  return isDigit(code) || (letter >= 97 && letter <= 102);
}

function isAlphanumeric(code: number): boolean {
  const letter = code | 0x20;
  return (letter >= 97 && letter <= 122) || isDigit(code);
}
