import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { maskTokens } from '../../../src/learn/templates/maskTokens';
import { defaultTemplateMinerOptions, TemplateMiner } from '../../../src/learn/templates';

const mask = (text: string): string => maskTokens(text).join(' ');

describe('maskTokens', () => {
  test.each([
    ['Order 17 took 12ms', 'Order <*> took <*>ms'],
    ['delta -3.5e and +7', 'delta <*>e and <*>'],
    ['src: /10.250.19.102:54106 dest: /10.250.19.102:50010', 'src: /<*> dest: /<*>'],
    ['block blk_-1608999687919862906 size 67108864,', 'block blk_<*> size <*>,'],
    ['id 3f2504e0-4f89-11d3-9a0c-0305e82c3301 done', 'id <*> done'],
    ['hash=deadbeef01 ptr 0x7FFE12 v1.2.3', 'hash=<*> ptr <*> v<*>'],
    ['user123 logged in from facade', 'user<*> logged in from facade'],
    ['[2026-07-01T08:30:05]', '[<*>T<*>]'],
    ['a-b c-d', 'a-b c-d'],
    ['', ''],
    ['   ', ''],
  ])('%j becomes %j', (text, expected) => {
    expect(mask(text)).toBe(expected);
  });

  test('bounds the number and the length of tokens', () => {
    expect(maskTokens('a '.repeat(10_000))).toHaveLength(128);
    expect(maskTokens('a '.repeat(10_000)).at(-1)).toBe('<*>');
    expect(mask('x'.repeat(5_000))).toBe('<*>');
  });
});

describe('TemplateMiner', () => {
  test('founds a template, then finds it again, then makes it more general under the same id', () => {
    const miner = new TemplateMiner();
    const first = miner.mine('Connection from alpha to database closed');
    const { id } = first.template;
    expect(first).toMatchObject({ isNew: true, generalised: false, template: { version: 1 } });
    expect(miner.mine('Connection from alpha to database closed')).toMatchObject({
      isNew: false,
      generalised: false,
    });
    expect(miner.mine('Connection from alpha to cache closed')).toMatchObject({
      isNew: false,
      generalised: true,
      template: { id, version: 2, text: 'Connection from alpha to <*> closed' },
    });
    expect(miner.mine('Connection from alpha to queue closed')).toMatchObject({
      generalised: false,
      template: { id },
    });
    expect(miner.templates()).toHaveLength(1);
  });

  test('keeps apart messages of other lengths, beginnings or wording', () => {
    const miner = new TemplateMiner();
    const ids = ['disk is full', 'disk is full now', 'node is full', 'disk has failed utterly'].map(
      (message) => miner.mine(message).template.id,
    );
    expect(new Set(ids).size).toBe(4);
  });

  test('knows messages that differ in numbers and ids from the first on', () => {
    const miner = new TemplateMiner();
    miner.mine('Received block blk_1 of size 5 from /10.0.0.1');
    expect(miner.mine('Received block blk_-77 of size 67108864 from /10.9.8.7')).toMatchObject({
      isNew: false,
    });
    expect(miner.mine('12 34')).toMatchObject({ isNew: true });
    expect(miner.mine('56 78')).toMatchObject({ isNew: false });
  });

  test('gives the same ids in another process that meets the same message first', () => {
    const [one, other] = [new TemplateMiner(), new TemplateMiner()];
    other.mine('something else came before');
    expect(other.mine('disk sda1 is full').template.id).toBe(one.mine('disk sda2 is full').template.id);
  });

  test('goes on after a restart as if there had been none', () => {
    const random = seededRandom(11);
    const words = ['open', 'close', 'read', 'write', 'retry', 'fail', 'node', 'disk', 'queue'];
    const messages = Array.from({ length: 3_000 }, () =>
      Array.from({ length: 3 + random.integer(4) }, () => words[random.integer(words.length)]).join(' '),
    );
    const options = { ...defaultTemplateMinerOptions, maxChildren: 4 };
    const whole = new TemplateMiner(options);
    const expected = messages.map((message) => whole.mine(message).template.id);
    let restarted = new TemplateMiner(options);
    const ids = messages.map((message, index) => {
      if (index % 500 === 250) restarted = TemplateMiner.fromBytes(restarted.toBytes());
      return restarted.mine(message).template.id;
    });
    expect(ids).toEqual(expected);
    expect(Buffer.from(restarted.toBytes()).equals(Buffer.from(whole.toBytes()))).toBe(true);
  });

  test('stays within its bound whatever comes', () => {
    const miner = new TemplateMiner({ ...defaultTemplateMinerOptions, maxTemplates: 50 });
    const random = seededRandom(3);
    const letters = 'abcdefghijklmnopqrstuvwxyz';
    const word = (): string => Array.from({ length: 8 }, () => letters[random.integer(26)]).join('');
    for (let index = 0; index < 2_000; index++) miner.mine(`${word()} ${word()} ${word()} ${word()}`);
    // One more for each token count, which takes what found no room.
    expect(miner.size).toBeLessThanOrEqual(51);
    expect(miner.mine(`${word()} ${word()} ${word()} ${word()}`)).toMatchObject({ isNew: false });
  });

  test('refuses bytes that are no miner', () => {
    for (const text of ['', '{}', '[]', 'null', '{"formatVersion":1,"options":{},"templates":[[1]]}']) {
      expect(() => TemplateMiner.fromBytes(new TextEncoder().encode(text))).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/MODEL_BYTES_INVALID|PARAMETER_INVALID/) }),
      );
    }
  });

  test('finds the templates of real block storage logs when their variables are filled in', () => {
    const file = join(process.cwd(), '..', 'shared', 'data', 'logs', 'hdfs', 'sessions_test.jsonl.gz');
    const random = seededRandom(5);
    const fill = (): string => {
      const kind = random.integer(3);
      if (kind === 0) return `10.250.${random.integer(255)}.${random.integer(255)}:50010`;
      return kind === 1 ? `blk_-${random.integer(2 ** 31)}` : String(random.integer(2 ** 26));
    };
    const miner = new TemplateMiner();
    const truthOf = new Map<string, Map<string, number>>();
    let lines = 0;
    for (const line of gunzipSync(readFileSync(file)).toString().trim().split('\n').slice(0, 600)) {
      const { templates } = JSON.parse(line) as { templates: string[] };
      for (const template of templates) {
        const { id } = miner.mine(template.replaceAll('<*>', fill)).template;
        const counts = truthOf.get(id) ?? new Map<string, number>();
        counts.set(template, (counts.get(template) ?? 0) + 1);
        truthOf.set(id, counts);
        lines++;
      }
    }
    let pure = 0;
    for (const counts of truthOf.values()) pure += Math.max(...counts.values());
    // Grouping accuracy: lines whose mined template stands for one true template.
    expect(pure / lines).toBeGreaterThan(0.99);
  });
});
