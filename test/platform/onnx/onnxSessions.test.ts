import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { ErrorCode } from '../../../src/contracts';
import { addFeatures, addTreeEnsemble, OnnxGraphBuilder, treeEnsembleOnnx } from '../../../src/learn/onnx';
import { openOnnxSession, type OnnxSession } from '../../../src/platform/onnx/onnxSession';
import { OnnxSessions } from '../../../src/platform/onnx/onnxSessions';
import { marginOf, randomRows, randomTrees } from '../../learn/onnx/trees';

const d = 4;
const limits = { largestModelBytes: 2 ** 24 };
const signal = AbortSignal.timeout(60_000);
const ensemble = randomTrees(1, 30, d);
const metadata = { name: 'm', version: '1', features: ['a', 'b', 'c', 'e'], featureDigest: 'x' };
const bytes = treeEnsembleOnnx(ensemble, { ...metadata, threshold: 0.5 });
const digestOf = (file: Uint8Array): string => createHash('sha256').update(file).digest('hex');
const digest = digestOf(bytes);
const refusal = (code: ErrorCode, culprit: object = {}): unknown =>
  expect.objectContaining({ code, culprit: expect.objectContaining(culprit) });

let open: { close(): Promise<void> }[] = [];
const toClose = <Closable extends { close(): Promise<void> }>(closable: Closable): Closable => {
  open.push(closable);
  return closable;
};
const newSessions = (): OnnxSessions => toClose(new OnnxSessions({ limits, threads: 1 }));
afterEach(async () => {
  await Promise.all(open.map((closable) => closable.close()));
  open = [];
});

describe('sessions of classifiers', () => {
  test('a batch is answered row by row as the ensemble answers', async () => {
    const n = 5_000;
    const rows = randomRows(2, n, d);
    const classifier = await newSessions().open(digest, async () => bytes, signal);
    const { labels, probabilities } = await classifier.run(rows, n, d, signal);
    for (let row = 0; row < n; row++) {
      const probability = 1 / (1 + Math.exp(-marginOf(ensemble, rows.subarray(row * d, (row + 1) * d))));
      expect(Math.abs(probabilities[2 * row + 1]! - probability)).toBeLessThan(1e-6);
      expect(probabilities[2 * row]! + probabilities[2 * row + 1]!).toBeCloseTo(1, 6);
      expect(labels[row]).toBe(probabilities[2 * row + 1]! >= 0.5 ? 1n : 0n);
    }
  });

  test('no rows are answered with nothing', async () => {
    const classifier = await newSessions().open(digest, async () => bytes, signal);
    const answer = await classifier.run(new Float32Array(0), 0, d, signal);
    expect(answer).toEqual({ labels: new BigInt64Array(0), probabilities: new Float32Array(0) });
  });

  test('a file that several ask for at once is read once, and freed by the last one', async () => {
    const sessions = newSessions();
    let reads = 0;
    const load = async (): Promise<Uint8Array> => {
      reads++;
      return bytes;
    };
    const holders = await Promise.all([1, 2, 3].map(() => sessions.open(digest, load, signal)));
    expect(reads).toBe(1);
    await holders[0]!.close();
    await holders[0]!.close();
    await holders[1]!.close();
    expect(sessions.list()).toEqual([digest]);
    const row = new Float32Array(d);
    await expect(holders[0]!.run(row, 1, d, signal)).rejects.toEqual(refusal('ONNX_CLOSED'));
    expect((await holders[2]!.run(row, 1, d, signal)).labels).toHaveLength(1);
    await holders[2]!.close();
    expect(sessions.list()).toEqual([]);
    await sessions.open(digest, load, signal);
    expect(reads).toBe(2);
  });

  test('closing lets the run under way end', async () => {
    const sessions = newSessions();
    const classifier = await sessions.open(digest, async () => bytes, signal);
    const running = classifier.run(randomRows(3, 1_000, d), 1_000, d, signal);
    await Promise.all([classifier.close(), sessions.close()]);
    expect((await running).labels).toHaveLength(1_000);
  });

  test('who stops waiting does not take the session from others', async () => {
    const sessions = newSessions();
    const controller = new AbortController();
    let give: (file: Uint8Array) => void = () => {};
    const load = (): Promise<Uint8Array> =>
      new Promise((resolve) => {
        give = resolve;
      });
    const first = sessions.open(digest, load, controller.signal);
    const second = sessions.open(digest, load, signal);
    controller.abort();
    await expect(first).rejects.toEqual(refusal('ABORTED'));
    give(bytes);
    expect((await second).d).toBe(d);
  });

  test('a file that could not be read is read again by the next who asks', async () => {
    const sessions = newSessions();
    const broken = async (): Promise<Uint8Array> => Promise.reject(new Error('no such blob'));
    await expect(sessions.open(digest, broken, signal)).rejects.toThrow('no such blob');
    expect(sessions.list()).toEqual([]);
    expect((await sessions.open(digest, async () => bytes, signal)).d).toBe(d);
  });

  test('a file with another digest is refused', async () => {
    const sessions = newSessions();
    const other = Uint8Array.from(bytes);
    other[other.length - 1]! ^= 1;
    await expect(sessions.open(digest, async () => other, signal)).rejects.toEqual(refusal('MODEL_CORRUPT'));
  });

  test('a model with other outputs is refused', async () => {
    const builder = new OnnxGraphBuilder('margin');
    builder.output('margin', addTreeEnsemble(builder, addFeatures(builder, d), ensemble), 'float32', [
      'n',
      1,
    ]);
    const file = builder.bytes(metadata);
    await expect(newSessions().open(digestOf(file), async () => file, signal)).rejects.toEqual(
      refusal('ONNX_UNSUPPORTED'),
    );
  });

  test('rows of another width or number are refused', async () => {
    const classifier = await newSessions().open(digest, async () => bytes, signal);
    await expect(classifier.run(new Float32Array(3), 1, 3, signal)).rejects.toEqual(
      refusal('DATA_WIDTH_MISMATCH'),
    );
    await expect(classifier.run(new Float32Array(5), 1, d, signal)).rejects.toEqual(refusal('DATA_RAGGED'));
    await expect(classifier.run(new Float32Array(d), 2 ** 31, d, signal)).rejects.toEqual(
      refusal('DATA_RAGGED'),
    );
  });

  test('a run that is told to stop stops between its parts', async () => {
    const classifier = await newSessions().open(digest, async () => bytes, signal);
    const controller = new AbortController();
    const running = classifier.run(randomRows(4, 20_000, d), 20_000, d, controller.signal);
    setImmediate(() => controller.abort());
    await expect(running).rejects.toEqual(refusal('ABORTED'));
  });

  test('closed sessions open nothing', async () => {
    const sessions = newSessions();
    await sessions.close();
    await expect(sessions.open(digest, async () => bytes, signal)).rejects.toEqual(refusal('ONNX_CLOSED'));
  });
});

describe('a session', () => {
  const session = async (): Promise<OnnxSession> =>
    toClose(await openOnnxSession(bytes, { limits, threads: 1 }));
  const x = { type: 'float32', values: new Float32Array(d), shape: [1, d] } as const;

  test('tells what it takes and answers', async () => {
    const { inputs, outputs, metadata: found } = await session();
    expect(inputs).toEqual([{ name: 'x', type: 'float32', shape: ['n', d] }]);
    expect(outputs).toEqual([
      { name: 'label', type: 'int64', shape: ['n'] },
      { name: 'probabilities', type: 'float32', shape: ['n', 2] },
    ]);
    expect(found.get('quarterdeck.version')).toBe('1');
  });

  test('computes only what is asked for', async () => {
    const answer = await (await session()).run({ x }, signal, ['label']);
    expect(Object.keys(answer)).toEqual(['label']);
  });

  test.each<[string, Parameters<OnnxSession['run']>[0], string]>([
    ['an input that is missing', {}, 'x'],
    ['an input that is not known', { x, y: x }, 'y'],
    ['another type', { x: { type: 'int64', values: new BigInt64Array(d), shape: [1, d] } }, 'x'],
    ['another width', { x: { type: 'float32', values: new Float32Array(3), shape: [1, 3] } }, 'x'],
    ['another rank', { x: { type: 'float32', values: new Float32Array(d), shape: [d] } }, 'x'],
    ['a shape that lies', { x: { type: 'float32', values: new Float32Array(d), shape: [2 ** 31, d] } }, 'x'],
  ])('refuses %s', async (_, feeds, field) => {
    await expect((await session()).run(feeds, signal)).rejects.toEqual(
      refusal('ONNX_INPUT_INVALID', { field }),
    );
  });

  test('refuses an output that it does not have, and all once it is closed', async () => {
    const opened = await session();
    await expect(opened.run({ x }, signal, ['score'])).rejects.toEqual(
      refusal('ONNX_INPUT_INVALID', { field: 'score' }),
    );
    await opened.close();
    await expect(opened.run({ x }, signal)).rejects.toEqual(refusal('ONNX_CLOSED'));
  });
});
