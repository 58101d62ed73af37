import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { onnxEmbedding } from '../../../src/platform/embedding/onnxEmbedding';
import { readSentenceModel } from '../../../src/platform/embedding/sentenceModelFolder';
import { encodeText } from '../../../src/platform/embedding/wordPiece';
import { recordingTelemetry } from '../../support/recordingTelemetry';

const fixture = join(process.cwd(), 'test/fixtures/platform/sentence-model');
const signal = AbortSignal.timeout(60_000);
const ids = {
  cls: 2,
  sep: 3,
  printer: 4,
  jam: 5,
  s: 6,
  cafe: 7,
  comma: 8,
  day: 9,
  vpn: 10,
  ming: 11,
  unknown: 1,
};

/** The fixture's row of a token, as its script makes it. */
const rowOf = (token: number) => [0, 1, 2, 3].map((place) => token / 100 + (token % 4 === place ? 1 : 0));

function meanOf(tokens: readonly number[]): number[] {
  const sum = [0, 0, 0, 0].map((_, place) =>
    tokens.reduce((total, token) => total + rowOf(token)[place]!, 0),
  );
  const norm = Math.hypot(...sum);
  return sum.map((value) => value / norm);
}

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/** A copy of the fixture with some files replaced, or left out when undefined. */
async function folderWith(files: Record<string, string | undefined>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sentence-model-'));
  folders.push(folder);
  await cp(fixture, folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    if (content === undefined) await rm(join(folder, name));
    else await writeFile(join(folder, name), content);
  }
  return folder;
}

const open = (folder = fixture, width = 4) =>
  onnxEmbedding({ folder, width, threads: 1, telemetry: recordingTelemetry() });

function expectClose(vector: Float32Array | undefined, expected: readonly number[]): void {
  expected.forEach((value, index) => expect(vector![index]).toBeCloseTo(value, 5));
}

describe('WordPiece', () => {
  const { vocabulary } = readSentenceModel(fixture);
  test.each([
    ['printer jams', [ids.printer, ids.jam, ids.s]],
    ['  PRINTER\tJamming ', [ids.printer, ids.jam, ids.ming]],
    ['Café,vpn', [ids.cafe, ids.comma, ids.vpn]],
    ['日日', [ids.day, ids.day]],
    ['jamx vpn', [ids.unknown, ids.vpn]],
    ['x'.repeat(101), [ids.unknown]],
    ['vpn\0\u200b', [ids.vpn]],
    ['', []],
  ])('%j', (text, expected) => {
    expect(encodeText(text, vocabulary, 256)).toEqual([ids.cls, ...expected, ids.sep]);
  });

  test('long text is cut, with its end token kept', () => {
    expect(encodeText('vpn '.repeat(50), vocabulary, 5)).toEqual([
      ids.cls,
      ids.vpn,
      ids.vpn,
      ids.vpn,
      ids.sep,
    ]);
  });
});

describe('a sentence-transformer from a folder', () => {
  test('gives the mean over the tokens of each text, whatever it is batched with', async () => {
    const embedder = open();
    const texts = ['printer', 'vpn jams, cafe', '', 'printer jam '.repeat(40)];
    const vectors = await embedder.embed(texts, { signal });
    expectClose(vectors[0], meanOf([ids.cls, ids.printer, ids.sep]));
    expectClose(vectors[1], meanOf([ids.cls, ids.vpn, ids.jam, ids.s, ids.comma, ids.cafe, ids.sep]));
    expect(vectors[2]).toEqual(new Float32Array(4));
    const [alone] = await embedder.embed([texts[1]!], { signal });
    expectClose(alone, [...vectors[1]!]);
  });

  test('many texts keep their order', async () => {
    const texts = Array.from({ length: 100 }, (_, index) => 'jam '.repeat(1 + (index % 7)));
    const vectors = await open().embed(texts, { signal });
    vectors.forEach((vector, index) =>
      expectClose(vector, meanOf([ids.cls, ...Array<number>(1 + (index % 7)).fill(ids.jam), ids.sep])),
    );
  });

  test('pools the first token where the folder says so', async () => {
    const folder = await folderWith({});
    await mkdir(join(folder, '1_Pooling'));
    await writeFile(join(folder, '1_Pooling', 'config.json'), '{"pooling_mode_cls_token": true}');
    const [vector] = await open(folder).embed(['printer'], { signal });
    expectClose(vector, meanOf([ids.cls]));
  });

  test('reads the vocabulary from tokenizer.json as well', async () => {
    const vocab = { '[PAD]': 0, '[UNK]': 1, '[CLS]': 2, '[SEP]': 3, Printer: 4 };
    const tokenizer = { model: { type: 'WordPiece', vocab }, normalizer: { lowercase: false } };
    const folder = await folderWith({ 'tokenizer.json': JSON.stringify(tokenizer) });
    const { vocabulary } = readSentenceModel(folder);
    expect(encodeText('Printer printer', vocabulary, 256)).toEqual([2, 4, 1, 3]);
  });

  test('its name changes with the weights', async () => {
    expect(open().model).toMatch(/^onnx\/sentence-model@[0-9a-f]{12}$/);
    const other = await folderWith({ 'model.onnx': 'other weights' });
    expect(open(other).model.split('@')[1]).not.toBe(open().model.split('@')[1]);
  });

  test.each([
    ['no model', { 'model.onnx': undefined }, 'model.onnx'],
    ['no vocabulary', { 'vocab.txt': undefined }, 'vocab.txt'],
    ['a vocabulary without [CLS]', { 'vocab.txt': '[PAD]\n[UNK]\n[SEP]\n' }, '[CLS]'],
    ['a tokenizer that is no JSON', { 'tokenizer.json': '{' }, 'tokenizer.json'],
    [
      'another kind of tokenizer',
      { 'tokenizer.json': '{"model":{"type":"Unigram","vocab":[]}}' },
      'model.type',
    ],
    ['weights that are no model', { 'model.onnx': 'not a model' }, 'cannot be loaded'],
  ])('a folder with %s is refused, and says what is wrong', async (_, files, words) => {
    const embedder = open(await folderWith(files));
    await expect(embedder.embed(['printer'], { signal })).rejects.toMatchObject({
      code: 'SETTINGS_INVALID',
      culprit: { setting: 'EMBEDDING_ONNX_FOLDER' },
      message: expect.stringContaining(words) as unknown,
    });
  });

  test('vectors of another width than the settings say are malformed', async () => {
    await expect(open(fixture, 384).embed(['printer'], { signal })).rejects.toMatchObject({
      code: 'EMBEDDING_MALFORMED',
      message: expect.stringContaining('EMBEDDING_WIDTH') as unknown,
    });
  });

  test('stops when the caller asks', async () => {
    await expect(open().embed(['printer'], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });
});
