import { beforeAll, describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import {
  fitSentenceEmbedder,
  sentenceEmbedderFromBytes,
  type FittedSentenceEmbedder,
} from '../../../src/learn/text';
import { rowOf, type Matrix } from '../../../src/learn/matrix';

const subjects: Record<string, readonly string[]> = {
  printer: ['printer', 'paper jam', 'toner cartridge', 'tray', 'print queue'],
  mailbox: ['mailbox', 'outlook', 'shared inbox', 'calendar invite', 'mail delivery'],
  password: ['password', 'account locked', 'login', 'multi factor code', 'credentials reset'],
  network: ['wifi', 'vpn tunnel', 'network drive', 'dns lookup', 'switch port'],
};
const frames = [
  (subject: string) => `The ${subject} is not working since this morning`,
  (subject: string) => `Please help, ${subject} keeps failing`,
  (subject: string) => `Cannot use ${subject} any more, it worked yesterday`,
  (subject: string) => `Problem with ${subject} on my laptop`,
  (subject: string) => `${subject} error again, users are complaining`,
];
const tickets = Object.values(subjects).flatMap((words) =>
  words.flatMap((word, index) =>
    frames.map((frame) => frame(`${word} ${words[(index + 1) % words.length]!}`)),
  ),
);

const cosine = (data: Matrix, a: number, b: number): number =>
  rowOf(data, a).reduce((sum, value, column) => sum + value * rowOf(data, b)[column]!, 0);

describe('a sentence embedder', () => {
  let embedder: FittedSentenceEmbedder;
  beforeAll(async () => {
    embedder = await fitSentenceEmbedder(tickets, { components: 24 }, seededRandom(3));
  });

  test('gives rows of unit length, and a zero row for a text without a known word', () => {
    const data = embedder.embed([tickets[0]!, '', ' \n', '???', '漢字', tickets[7]!]);
    const lengths = Array.from({ length: data.n }, (_, row) => Math.hypot(...rowOf(data, row)));
    expect(lengths[0]).toBeCloseTo(1, 6);
    expect(lengths.slice(1, 5)).toEqual([0, 0, 0, 0]);
    expect(lengths[5]).toBeCloseTo(1, 6);
    expect(data.d).toBe(embedder.width);
  });

  test('embeds a text the same whatever stands beside it', () => {
    const alone = embedder.embed([tickets[11]!]);
    const among = embedder.embed([...tickets, '', tickets[11]!]);
    expect(rowOf(among, 11)).toEqual(rowOf(alone, 0));
    expect(rowOf(among, among.n - 1)).toEqual(rowOf(alone, 0));
  });

  test('puts a paraphrase nearer than an unrelated text', () => {
    const data = embedder.embed([
      'the printer has a paper jam',
      'jammed papers in printers',
      'reset the password of a locked account',
      'Wi-Fi and the VPN tunnels are failing',
    ]);
    for (const other of [2, 3]) expect(cosine(data, 0, 1)).toBeGreaterThan(cosine(data, 0, other) + 0.2);
  });

  test('meets words in other cases, forms and with typing errors', () => {
    const data = embedder.embed([
      'printers failing',
      'PRINTER FAILED',
      'ＰＲＩＮＴＥＲ failed',
      'prnter failed',
    ]);
    expect(cosine(data, 0, 1)).toBeGreaterThan(0.7);
    expect(cosine(data, 1, 2)).toBeCloseTo(1, 6);
    expect(cosine(data, 1, 3)).toBeGreaterThan(0.3);
  });

  test('is the same, byte for byte, for the same texts and seed', async () => {
    const again = await fitSentenceEmbedder(tickets, { components: 24 }, seededRandom(3));
    expect(Buffer.from(again.toBytes()).equals(Buffer.from(embedder.toBytes()))).toBe(true);
  });

  test('comes back from its bytes exactly', () => {
    const restored = sentenceEmbedderFromBytes(embedder.toBytes());
    expect(restored.width).toBe(embedder.width);
    expect(restored.embed(tickets).values).toEqual(embedder.embed(tickets).values);
    expect(Buffer.from(restored.toBytes()).equals(Buffer.from(embedder.toBytes()))).toBe(true);
  });

  test('refuses bytes that are cut short or of another kind', () => {
    const bytes = embedder.toBytes();
    expect(() => sentenceEmbedderFromBytes(bytes.subarray(0, bytes.length - 100))).toThrow(
      expect.objectContaining({ code: 'MODEL_BYTES_INVALID' }),
    );
    expect(() => sentenceEmbedderFromBytes(new Uint8Array(64))).toThrow(
      expect.objectContaining({ code: 'MODEL_BYTES_INVALID' }),
    );
  });

  test.each([
    { name: 'one text', texts: ['the printer is out of paper'] },
    { name: 'one word', texts: ['printer'] },
    { name: 'two texts that share no word', texts: ['printer jam', 'mail lost'] },
    { name: 'the same text throughout', texts: Array.from({ length: 40 }, () => 'no network at the desk') },
    { name: 'another script', texts: ['プリンター が 壊れた', 'принтер не печатает', 'drucker für größe'] },
  ])('learns from $name', async ({ texts }) => {
    const fitted = await fitSentenceEmbedder(texts, {}, seededRandom(1));
    const data = fitted.embed(texts);
    for (let row = 0; row < data.n; row++) expect(Math.hypot(...rowOf(data, row))).toBeCloseTo(1, 5);
  });

  test.each([
    { name: 'no texts', texts: [] },
    { name: 'texts without a word', texts: ['', '…', '!!'] },
  ])('refuses to learn from $name', async ({ texts }) => {
    await expect(fitSentenceEmbedder(texts, {}, seededRandom(1))).rejects.toMatchObject({
      code: 'DATA_EMPTY',
    });
  });

  test('stops when asked to', async () => {
    await expect(
      fitSentenceEmbedder(tickets, {}, seededRandom(1), { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
