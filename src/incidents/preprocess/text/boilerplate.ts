/**
 * What stands in a ticket without saying what is wrong: greetings, sign-offs with their signature, disclaimers,
 * banners of mail gateways and the administrative fields of forms. Every pattern is anchored or bounded, so the
 * time is linear in the text.
 */
const signOff =
  /^(?:(?:(?:with )?(?:best|kind|kindest|warm|warmest) )?regards|best|best wishes|cheers|sincerely|yours (?:sincerely|faithfully|truly)|respectfully|br|thanks(?: and| &) (?:best |kind )?regards|thank you(?: and| &) (?:best |kind )?regards|mit (?:freundlichen|besten) grü(?:ß|ss)en|viele grü(?:ß|ss)e|freundliche grü(?:ß|ss)e|mfg|lg|cordialement|bien cordialement|saludos(?: cordiales)?|atentamente)(?:\s*[,.!-].{0,80})?$/i;
const thanks =
  /^(?:(?:many|much) )?(?:thanks|thank you|thx|ty|danke|vielen dank|merci|gracias)(?: (?:very|so) much| a lot| again| all| team| guys| everyone| and regards| in advance| for (?:your|the|any) (?:quick |kind |prompt )?(?:help|support|assistance|time|attention|understanding|cooperation))*[\s,.!]*$/i;
const signatureMark =
  /^(?:--+|__+|\*\*+|sent from my .{1,40}|get outlook for .{1,20}|von meinem .{1,30} gesendet)$/i;

const personName = /^\p{Lu}[\p{L}'-]{1,30}(?: \p{Lu}[\p{L}.'-]{0,30}){0,3}$/u;

/** Lines of a signature: more below a sign-off is a message that goes on. */
const signatureLines = 10;
/** Characters of a line in a signature: longer ones are sentences. */
const signatureLineCharacters = 100;

const formField =
  /^(?:caller|caller id|requested (?:by|for)|opened (?:by|for)|reported by|submitted by|created by|contact|contact (?:name|person|number|phone|details|type)|preferred contact(?: method| time)?|call ?back(?: number)?|phone|telephone|tel|mobile|fax|e-?mail(?: address)?|employee (?:id|number)|user ?id|location|site|building|floor|room|department|cost cent(?:er|re)|ticket(?: number| id)?|reference(?: number)?|asset(?: tag| number)?|serial(?: number)?|date(?:\/time)?(?: reported)?|time reported|channel|source|best time to call)\s{0,3}[:=]\s?.{0,120}$/i;
const journalHeader =
  /^\[?\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2})?\]? - .{1,80}\((?:work notes|additional comments|comments)\)$/i;

const disclaimer =
  /(?:intended (?:only |solely )?for the (?:use of the )?(?:named |intended )?(?:addressee|recipient|person|individual)|intended recipient|received this (?:e-?mail|message|communication) in error|(?:e-?mail|message|communication)(?: and any| including any)?(?: attachments?| files?)?.{0,60} (?:is|are|may be|contains?) (?:strictly |legally )?(?:confidential|privileged)|confidentiality notice|originated (?:from )?outside (?:of )?(?:the|your|our) (?:organi[sz]ation|company|network)|do not click (?:on )?(?:any )?links or open attachments|consider the environment before printing|this is an automat(?:ed|ically generated) (?:e-?mail|message|notification)|please do not reply to this|diese e-mail enthält vertrauliche|virus[- ]free\. www)/i;

const addressee =
  '(?:all|team|there|everyone|everybody|folks|guys|sir|madam|sirs|colleagues?|support|helpdesk|help desk|service ?desk|it|it support|it team|support team|service ?desk team|helpdesk team|friends?)';
const greetingWord =
  '(?:hi|hello|hey|hallo|dear|greetings|good (?:morning|afternoon|evening|day)|guten (?:morgen|tag)|bonjour|hola|sehr geehrte[rs]?|liebe[rs]?)';
const greeting = new RegExp(
  `^${greetingWord}(?:(?: ${addressee}){1,3}(?:[\\s,.!:;-]+|$)|(?: [\\p{L}.'-]{1,30}){0,3} ?(?:[,!:;]+ ?|\\.+ |[-–] |$))`,
  'iu',
);

/** Lines in which something is said, in order. */
export function withoutBoilerplate(lines: readonly string[]): string[] {
  const said: string[] = [];
  for (let index = 0; index < lines.length; index++) {
    let line = lines[index]!.trim();
    if (line === '' || journalHeader.test(line.slice(0, 200)) || isFormField(line)) continue;
    if (endsHere(lines, index, line, said.length)) break;
    line = withoutDisclaimer(line);
    if (said.length === 0) line = withoutGreeting(line);
    line = withoutInlineClosing(line);
    if (line !== '' && !signatureMark.test(line) && !signOff.test(line) && !thanks.test(line))
      said.push(line);
  }
  return said;
}

function isFormField(line: string): boolean {
  return line.length < 200 && formField.test(line);
}

/** Whether a signature starts here: a sign-off or a mark, and only short lines to the end or to a blank line. */
function endsHere(lines: readonly string[], index: number, line: string, linesSaid: number): boolean {
  if (line.length > signatureLineCharacters || linesSaid === 0) return false;
  const rest = lines.slice(index + 1).map((next) => next.trim());
  const thanksWithName = thanks.test(line) && personName.test(rest.find((next) => next !== '') ?? '');
  if (!signOff.test(line) && !signatureMark.test(line) && !thanksWithName) return false;
  const below = rest.filter((next) => next !== '' && !disclaimer.test(next.slice(0, 2_000)));
  return below.length <= signatureLines && below.every((next) => next.length <= signatureLineCharacters);
}

export function withoutGreeting(line: string): string {
  let result = line;
  // "Hi team, good morning, …"
  for (let round = 0; round < 3; round++) {
    const match = greeting.exec(result.slice(0, 120));
    if (!match) break;
    result = result.slice(match[0].length).trimStart();
  }
  return result;
}

function withoutDisclaimer(line: string): string {
  if (!disclaimer.test(line.slice(0, 10_000))) return line;
  return line
    .split(/(?<=[.!?]) +/)
    .map((sentence) => {
      const start = disclaimer.exec(sentence)?.index;
      if (start === undefined) return sentence;
      // Text without punctuation is one long sentence, and only its end is the disclaimer.
      return start > disclaimerSentence ? sentence.slice(0, start) : '';
    })
    .join(' ')
    .trim();
}

/** Characters of a sentence before the telling words of a disclaimer that still belong to it. */
const disclaimerSentence = 120;

const closingReach = 120;
const inlineClosing =
  /(?:^|[\s,.!?;])\s{0,3}(?:(?:many |much )?(?:thanks|thank you)(?: (?:very|so) much| in advance)?(?:[,.!]| and| &)?\s{0,3})?(?:(?:best|kind|warm) regards|regards|mit freundlichen grü(?:ß|ss)en)\b[\s,.]{0,3}(?:[\p{Lu}][\p{L}.'-]{0,30}[ .]{0,2}){0,3}$/iu;
const inlineThanks =
  /(?<=[.!?,;])\s{1,3}(?:[Pp]lease advise[.!]?\s?)?(?:[Mm]any |[Mm]uch )?(?:[Tt]hanks|[Tt]hank you|[Tt]hx)(?: (?:very|so) much| in advance| for your (?:help|support|assistance))?[\s,.!]*(?:[\p{Lu}][\p{Ll}'-]{1,20}\s?){0,2}$/u;

/** "…does not start. Thanks, Anna" on one line. */
function withoutInlineClosing(line: string): string {
  let result = line;
  for (const pattern of [inlineClosing, inlineThanks]) {
    const head = result.slice(0, -closingReach);
    const tail = result.slice(-closingReach);
    const match = pattern.exec(tail);
    if (match && /[\p{L}\p{N}]/u.test(head + tail.slice(0, match.index))) {
      const kept = (head + tail.slice(0, match.index)).trimEnd();
      const mark = /^[.!?]/.exec(match[0])?.[0] ?? '';
      result = `${kept}${mark}`.replace(/[,;]$/, '');
    }
  }
  return result;
}
