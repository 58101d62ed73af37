import { describe, expect, test } from '@jest/globals';
import { estimateTokens, sentencesOf } from '../../../../src/incidents/preprocess/text/sentences';
import { summarize } from '../../../../src/incidents/preprocess/text/summarize';
import { extractActions, extractEntities } from '../../../../src/incidents/preprocess/text/views';

describe('the summary', () => {
  test('is title and description when they fit', () => {
    expect(summarize('VPN drops', 'It drops every hour. Since Monday.', { tokens: 100 })).toBe(
      'VPN drops. It drops every hour. Since Monday.',
    );
  });

  test('says nothing twice', () => {
    expect(summarize('VPN drops', 'VPN drops. It drops hourly. It drops hourly.', { tokens: 100 })).toBe(
      'VPN drops. It drops hourly.',
    );
    expect(summarize('VPN drops every', 'VPN drops every hour at home', { tokens: 100 })).toBe(
      'VPN drops every. hour at home',
    );
  });

  test('without a title or a description is the other one', () => {
    expect(summarize('', 'It drops hourly.', { tokens: 100 })).toBe('It drops hourly.');
    expect(summarize('VPN drops', '', { tokens: 100 })).toBe('VPN drops');
    expect(summarize('', '', { tokens: 100 })).toBe('');
  });

  test('keeps the sentences that the others are about, in their order, within the tokens', () => {
    const filler = Array.from({ length: 30 }, (_, i) => `Alpha${i} beta${i} gamma${i} delta${i} omega${i}.`);
    const telling = [
      'The mailbox database of the finance team does not mount.',
      'Mounting the mailbox database fails with a log error.',
      'Finance cannot read mail because the mailbox database is down.',
    ];
    const text = [
      ...filler.slice(0, 10),
      telling[0],
      ...filler.slice(10, 20),
      telling[1],
      ...filler.slice(20),
      telling[2],
    ].join(' ');
    const summary = summarize('Mail outage', text, { tokens: 90 });
    expect(estimateTokens(summary)).toBeLessThanOrEqual(90);
    const places = telling.map((sentence) => summary.indexOf(sentence));
    expect(Math.min(...places)).toBeGreaterThan(0);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  test.each([[16], [40], [256]])('never exceeds %d tokens, whatever the text', (tokens) => {
    const texts = [
      'word '.repeat(5_000),
      'x'.repeat(5_000),
      'One. Two. '.repeat(500),
      '日本語のテキスト。'.repeat(200),
    ];
    for (const title of ['', 'Short title', 'long title '.repeat(200)]) {
      for (const text of texts) {
        expect(estimateTokens(summarize(title, text, { tokens }))).toBeLessThanOrEqual(tokens);
      }
    }
  });

  test('text without punctuation is cut into pieces', () => {
    expect(sentencesOf('word '.repeat(100)).map((piece) => piece.split(' ').length)).toEqual([40, 40, 20]);
    expect(sentencesOf('Fails, e.g. on Monday. Then again!')).toEqual([
      'Fails, e.g. on Monday.',
      'Then again!',
    ]);
  });
});

describe('the views', () => {
  test('entities are products, systems and error codes, each once', () => {
    expect(
      extractEntities('Outlook on SAPGUI shows ORA-12514; outlook again, HTTP 503, printers offline'),
    ).toEqual(['ora-12514', 'http 503', 'sapgui', 'ora', 'http', 'outlook', 'printer']);
    expect(extractEntities('nothing here')).toEqual([]);
  });

  test('actions are base verbs, denied where the text denies them', () => {
    expect(extractActions('Cannot login, account locked; please unlock. Printer does not print')).toEqual([
      'not login',
      'lock',
      'unlock',
      'not print',
    ]);
  });
});
