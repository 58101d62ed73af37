import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { readRows } from '../../../../src/platform/rowFiles/readRows';
import { cleanText } from '../../../../src/incidents/preprocess/text/cleanText';

describe('cleaning keeps what is said', () => {
  test.each([
    ['I still have not received my new card, I ordered over a week ago.'],
    ['Is a < b and c > d in Excel a problem?'],
    ['ORA-12514 when connecting, then 0x80070005 and HTTP 503 after KB5034441'],
    ['and/or either/or top-up 24/7'],
    ['Teams and VPN2 fail on Windows 11'],
    ['My password expired yesterday'],
  ])('%s', (text) => {
    expect(cleanText(text)).toBe(text);
  });
});

describe('cleaning takes away', () => {
  test.each([
    ['a greeting by name', 'Hi John,\nthe printer is jammed', 'the printer is jammed'],
    ['a greeting to a team', 'Dear IT Support Team, the printer is jammed', 'the printer is jammed'],
    ['two greetings', 'Hello all, good morning! The printer is jammed', 'The printer is jammed'],
    [
      'a signature',
      'VPN drops hourly.\n\nKind regards,\nAnna Berg\nSenior Buyer\nExt 4411',
      'VPN drops hourly.',
    ],
    ['thanks and a name', 'VPN drops hourly.\nThanks,\nAnna Berg\n+49 40 123456', 'VPN drops hourly.'],
    ['thanks before more', 'VPN drops hourly.\nThanks\nplease call me', 'VPN drops hourly.\nplease call me'],
    ['a signature mark', 'VPN drops hourly.\n-- \nAnna Berg', 'VPN drops hourly.'],
    ['thanks at the end', 'VPN drops hourly. Thanks, Anna', 'VPN drops hourly.'],
    ['a German sign-off', 'VPN bricht ab.\nMit freundlichen Grüßen\nAnna Berg', 'VPN bricht ab.'],
    [
      'quoted mail',
      'Still broken since the update.\n-----Original Message-----\nFrom: Bob\nSubject: x\nold text',
      'Still broken since the update.',
    ],
    [
      'a wrote-line',
      'It is still broken.\nOn Mon, 3 May 2026 at 10:00, Bob <b@x.org> wrote:\n> try again',
      'It is still broken.',
    ],
    [
      'the header of a forwarded mail, but not its body',
      'FYI\nFrom: Bob Stone\nSent: Monday\nTo: desk\nSubject: FW: Mailbox full\nThe mailbox is full.',
      'FYI\nMailbox full\nThe mailbox is full.',
    ],
    ['form fields', 'Caller: Anna Berg\nLocation: Oslo\nPhone: 4411\nScreen flickers', 'Screen flickers'],
    ['a journal header', '2026-05-01 10:00:12 - Anna Berg (Work notes)\nScreen flickers', 'Screen flickers'],
    [
      'a disclaimer',
      'Screen flickers\nThis e-mail is confidential and intended for the addressee only. If you have received this message in error, delete it.',
      'Screen flickers',
    ],
    [
      'the banner of a gateway',
      'CAUTION: This email originated from outside the organization.\nScreen flickers',
      'Screen flickers',
    ],
    [
      'HTML',
      '<div>Screen <b>flickers</b><br>since&nbsp;Monday<img src="x.png"></div>',
      'Screen flickers\nsince Monday',
    ],
    ['escaped HTML', '<p>&lt;p&gt;Screen flickers&lt;/p&gt;</p>', 'Screen flickers'],
    ['scripts', '<script>alert(1)</script><p>Screen flickers</p>', 'Screen flickers'],
    ['invisible characters', 'Scr\u200Been\u00A0flickers\u0007', 'Screen flickers'],
  ])('%s', (_name, text, expected) => {
    expect(cleanText(text)).toBe(expected);
  });
});

describe('machine ids become one word each', () => {
  test.each([
    ['SRV-0042 is down', '[host] is down'],
    ['lon-web-01.contoso.local is down', '[host] is down'],
    ['DB12 and DB13 are down', '[host] are down'],
    ['see https://intra.example.com/a?b=c#d now', 'see [url] now'],
    ['map \\\\files01\\share\\x please', 'map [path] please'],
    ['in C:\\Users\\anna\\log.txt it says', 'in [path] it says'],
    ['in /var/log/syslog it says', 'in [path] it says'],
    ['id 123e4567-e89b-12d3-a456-426614174000 failed', 'id [id] failed'],
    ['at 2026-05-01T10:11:12.123Z it failed', 'at [time] it failed'],
    ['on 01/05/2026 10:11 it failed', 'on [time] it failed'],
    ['like INC0012345 and INC0012346', 'like [ticket]'],
    ['ping 10.1.2.3 fails', 'ping [ip] fails'],
    ['mac 00:1A:2B:3C:4D:5E seen', 'mac [id] seen'],
    ['account CORP\\aberg locked', 'account [user] locked'],
    ['mail anna.berg@example.com bounced', 'mail [email] bounced'],
  ])('%s', (text, expected) => {
    expect(cleanText(text)).toBe(expected);
  });

  test('secrets and personal identifiers do not survive', () => {
    const cleaned = cleanText(
      'Login fails, password: Sommer2026! card 4111 1111 1111 1111, call +49 170 1234567',
    );
    expect(cleaned).not.toMatch(/Sommer|4111|1234567/);
    expect(cleaned).toContain('Login fails');
  });
});

describe('hostile text', () => {
  test.each([
    ['nothing but blanks', ' \n\t '.repeat(20_000)],
    ['open tags', '<div '.repeat(13_000)],
    ['slashes', '/a'.repeat(32_000)],
    ['dots', 'a.'.repeat(32_000)],
    ['digits', '1'.repeat(64_000)],
    ['hex', 'ab12'.repeat(16_000)],
    ['colons', '1:'.repeat(32_000)],
    ['at signs', 'a@'.repeat(32_000)],
    ['quotes', '> '.repeat(32_000)],
    ['regards', 'kind regards, '.repeat(4_500)],
    ['greetings', 'hi '.repeat(21_000)],
    ['hyphens', 'a-1-'.repeat(16_000)],
    ['dates', '2026-01-'.repeat(8_000)],
    ['backslashes', '\\'.repeat(64_000)],
    ['confidential', 'this message and any attachments '.repeat(2_000)],
    ['entities', '&lt;p&gt;'.repeat(7_000)],
  ])('%s take time in proportion to their length', (_name, text) => {
    const short = cost(text.slice(0, text.length / 4));
    const long = cost(text);
    // Quadratic time would be 16 times as much; the constant covers the timer and the collector.
    expect(long).toBeLessThan(10 * short + 400);
  });

  function cost(text: string): number {
    const start = process.cpuUsage();
    cleanText(text);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1_000;
  }
});

test('cleaning real tickets and questions twice changes nothing, and keeps the questions as they are', async () => {
  const folder = join(process.cwd(), '..', 'shared', 'data', 'tickets');
  let emptied = 0;
  let rows = 0;
  for (const file of ['banking77_test.csv.gz', 'it_tickets.csv.gz']) {
    let ofFile = 0;
    for await (const batch of readRows(join(folder, file))) {
      for (const { values } of batch.rows) {
        const once = cleanText(values['text']!);
        if (cleanText(once) !== once) throw new Error(`not idempotent: ${JSON.stringify(values['text'])}`);
        if (once === '') emptied++;
        rows++;
        ofFile++;
      }
      if (ofFile > 4_000) break;
    }
  }
  expect(emptied / rows).toBeLessThan(0.001);
});
