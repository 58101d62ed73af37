/**
 * Cuts a stream of log text into records: a line each, with the stack trace that follows a line folded into it.
 * Lines may end in LF or CRLF; a chunk may end anywhere.
 */

/** A record that goes on for longer is cut here; what follows starts a new one. */
export const longestRecord = 1_048_576;
const longestFolded = 65_536;

export class RecordSplitter {
  /** Text whose line has not ended yet. */
  private rest = '';
  /** Record that the next line may still belong to. */
  private open: string | undefined;
  private inTraceback = false;

  /** Records that `text` completes, in order. */
  push(text: string): string[] {
    const records: string[] = [];
    const whole = this.rest === '' ? text : this.rest + text;
    let start = 0;
    for (let end = whole.indexOf('\n'); end >= 0; end = whole.indexOf('\n', start)) {
      const last = end > start && whole.charCodeAt(end - 1) === 13 ? end - 1 : end;
      this.take(whole, start, last, records);
      start = end + 1;
    }
    this.rest = start === 0 ? whole : whole.slice(start);
    while (this.rest.length > longestRecord) {
      this.take(this.rest, 0, longestRecord, records);
      this.rest = this.rest.slice(longestRecord);
    }
    return records;
  }

  /** What is left when the stream ends. */
  end(): string[] {
    const records: string[] = [];
    if (this.rest !== '') this.take(this.rest, 0, this.rest.length, records);
    this.rest = '';
    if (this.open !== undefined) records.push(this.open);
    this.open = undefined;
    return records;
  }

  private take(text: string, start: number, end: number, records: string[]): void {
    if (this.open !== undefined && this.open.length + end - start < longestFolded) {
      if (continues(text, start, end)) {
        this.open = `${this.open}\n${text.slice(start, end)}`;
        if (text.startsWith('Traceback (most recent call last)', start)) this.inTraceback = true;
        return;
      }
      // Python ends its traceback with the error, at the margin again.
      if (this.inTraceback && namesError(text, start, end)) {
        this.inTraceback = false;
        this.open = `${this.open}\n${text.slice(start, end)}`;
        return;
      }
    }
    this.inTraceback = false;
    if (this.open !== undefined) records.push(this.open);
    this.open = end > start ? text.slice(start, end) : undefined;
  }
}

const continuations = [
  'Caused by: ',
  'Suppressed: ',
  'Traceback (most recent call last)',
  'During handling of the above exception',
  'The above exception was the direct cause',
  '--- End of ',
  'goroutine ',
];

/** Whether a line goes on with what the line before began. */
function continues(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start);
  if (first === 32 || first === 9) return !isBlank(text, start, end);
  return first >= 45 && first <= 103 && continuations.some((beginning) => text.startsWith(beginning, start));
}

function isBlank(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (text.charCodeAt(at) > 32) return false;
  return true;
}

/** `package.ValueError: message`, or the name alone. */
function namesError(text: string, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    const code = text.charCodeAt(at);
    const letter = code | 0x20;
    if (!((letter >= 97 && letter <= 122) || (code >= 48 && code <= 57) || code === 46 || code === 95)) break;
    at++;
  }
  return at > start && (at === end || text.charCodeAt(at) === 58);
}
