import { redactSecrets } from '../../../platform/redaction';
import { withoutBoilerplate } from './boilerplate';
import { withoutMachineIdentifiers } from './machineIdentifiers';
import { plainText } from './plainText';
import { withoutQuotedMail } from './quotedMail';

/**
 * What a ticket, or a short customer question, says in its author's own words: without markup, quoted mail,
 * greetings, signatures, forms, secrets, personal identifiers and machine ids. Applying it twice changes nothing;
 * the time is linear in the text, of which the first 64 KiB are read. A text of nothing else becomes empty.
 */
export function cleanText(text: string): string {
  let result = cleanOnce(text);
  // Taking one thing away can uncover another (a greeting below a banner): go on until nothing changes.
  for (let round = 1; round < rounds; round++) {
    const again = cleanOnce(result);
    if (again === result) break;
    result = again;
  }
  return result;
}

const rounds = 4;

function cleanOnce(text: string): string {
  const redacted = redactSecrets(plainText(text));
  const lines = withoutBoilerplate(withoutQuotedMail(redacted.split('\n')));
  return withoutMachineIdentifiers(lines.join('\n'))
    .replaceAll(/ {2,}/g, ' ')
    .replaceAll(/ ?\n\s*/g, '\n')
    .trim();
}
