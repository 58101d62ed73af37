import { describe, expect, test } from '@jest/globals';
import { onnx } from 'onnx-proto';
import { isQuarterdeckError, type ErrorCode } from '../../../src/contracts';
import {
  addClassification,
  addDecisionTrees,
  addFeatures,
  OnnxGraphBuilder,
  treeEnsembleOnnx,
} from '../../../src/learn/onnx';
import { checkOnnxModel } from '../../../src/platform/onnx/checkOnnxModel';
import { openOnnxSession } from '../../../src/platform/onnx/onnxSession';
import { randomTrees } from '../../learn/onnx/trees';

const limits = { largestModelBytes: 2 ** 20 };
const good = treeEnsembleOnnx(randomTrees(1, 5, 3), {
  name: 'good',
  version: '1',
  features: ['a', 'b', 'c'],
  featureDigest: 'd',
  threshold: 0.5,
});

/** The good model with a change. */
function altered(change: (model: onnx.IModelProto & { graph: onnx.IGraphProto }) => void): Uint8Array {
  const model = onnx.ModelProto.decode(good);
  change(model as onnx.IModelProto & { graph: onnx.IGraphProto });
  return onnx.ModelProto.encode(model).finish();
}

const refusal = (code: ErrorCode, culprit: object = {}): unknown =>
  expect.objectContaining({ code, culprit: expect.objectContaining(culprit) });
const codeOf = (error: unknown): string => (isQuarterdeckError(error) ? error.code : String(error));
const external: onnx.ITensorProto = {
  name: 'weights',
  dataType: 1,
  dims: [1],
  dataLocation: onnx.TensorProto.DataLocation.EXTERNAL,
  externalData: [{ key: 'location', value: '/etc/passwd' }],
};
const { GRAPH, TENSOR, TENSORS } = onnx.AttributeProto.AttributeType;

describe('an ONNX file is checked before the runtime sees it', () => {
  test('a model of known operators passes and tells its metadata', () => {
    const { nodes, metadata } = checkOnnxModel(good, limits);
    expect(nodes).toBeGreaterThan(3);
    expect(metadata.get('quarterdeck.name')).toBe('good');
  });

  const refused: [string, Uint8Array, ErrorCode, object][] = [
    ['nothing', new Uint8Array(0), 'ONNX_INVALID', {}],
    ['text', Buffer.from('{"learner": {"gradient_booster": {}}}'), 'ONNX_INVALID', {}],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'ONNX_INVALID', {}],
    ["the runtime's own format", Buffer.from('\x18\0\0\0ORTM\0\0\0\0', 'latin1'), 'ONNX_INVALID', {}],
    ['too many bytes', new Uint8Array(2 ** 20 + 1), 'ONNX_TOO_LARGE', {}],
    [
      'too many nodes',
      altered(({ graph }) => {
        graph.node = Array.from({ length: 20_001 }, () => ({ opType: 'Abs' }));
      }),
      'ONNX_TOO_LARGE',
      {},
    ],
    ['no graph', onnx.ModelProto.encode({ irVersion: 8 }).finish(), 'ONNX_INVALID', {}],
    ['an empty graph', altered(({ graph }) => (graph.node = [])), 'ONNX_INVALID', {}],
    [
      'two graphs, of which readers may see the one or the other',
      Buffer.concat([good, onnx.ModelProto.encode({ graph: { node: [{ opType: 'Loop' }] } }).finish()]),
      'ONNX_INVALID',
      {},
    ],
    [
      'weights in another file',
      altered(({ graph }) => graph.initializer!.push(external)),
      'ONNX_UNSUPPORTED',
      { field: 'weights' },
    ],
    [
      'an attribute in another file',
      altered(({ graph }) =>
        graph.node!.push({ opType: 'Constant', attribute: [{ name: 'value', type: TENSOR, t: external }] }),
      ),
      'ONNX_UNSUPPORTED',
      { field: 'weights' },
    ],
    [
      'a list of tensors in other files',
      altered(({ graph }) =>
        graph.node!.push({ opType: 'Add', attribute: [{ name: 'v', type: TENSORS, tensors: [external] }] }),
      ),
      'ONNX_UNSUPPORTED',
      { field: 'weights' },
    ],
    [
      'weights that are sparse, in another file',
      altered(({ graph }) => (graph.sparseInitializer = [{ values: external }])),
      'ONNX_UNSUPPORTED',
      {},
    ],
    [
      'an operator that is not known',
      altered(({ graph }) => (graph.node![0]!.opType = 'Steal')),
      'ONNX_UNSUPPORTED',
      { operator: 'Steal' },
    ],
    [
      'a loop',
      altered(({ graph }) => graph.node!.push({ opType: 'Loop' })),
      'ONNX_UNSUPPORTED',
      { operator: 'Loop' },
    ],
    [
      'a graph within an operator',
      altered(({ graph }) =>
        graph.node!.push({ opType: 'Add', attribute: [{ name: 'body', type: GRAPH, g: { node: [] } }] }),
      ),
      'ONNX_UNSUPPORTED',
      { operator: 'Add' },
    ],
    [
      'an operator of a domain that is not known',
      altered(({ graph }) => (graph.node![0]!.domain = 'com.microsoft')),
      'ONNX_UNSUPPORTED',
      { domain: 'com.microsoft' },
    ],
    [
      'an operator set of a domain that is not known',
      altered((model) => model.opsetImport!.push({ domain: 'ai.onnx.training', version: 1 })),
      'ONNX_UNSUPPORTED',
      { domain: 'ai.onnx.training' },
    ],
    [
      'functions',
      altered((model) => (model.functions = [{ name: 'f', node: [{ opType: 'Add' }] }])),
      'ONNX_UNSUPPORTED',
      {},
    ],
    [
      'a training graph',
      altered((model) => (model.trainingInfo = [{ algorithm: { node: [] } }])),
      'ONNX_UNSUPPORTED',
      {},
    ],
  ];
  test.each(refused)('refused: %s', async (_, bytes, code, culprit) => {
    expect(() => checkOnnxModel(bytes, limits)).toThrow(refusal(code, culprit));
    await expect(openOnnxSession(bytes, { limits, threads: 1 })).rejects.toEqual(refusal(code, culprit));
  });

  test('a file cut short anywhere before its metadata is refused', async () => {
    const complete = onnx.ModelProto.decode(good);
    complete.metadataProps = [];
    const bytes = onnx.ModelProto.encode(complete).finish();
    const codes = new Set<string>();
    for (let length = 1; length < bytes.length; length += 7) {
      const [outcome] = await Promise.allSettled([
        openOnnxSession(bytes.subarray(0, length), { limits, threads: 1 }),
      ]);
      codes.add(outcome.status === 'rejected' ? codeOf(outcome.reason) : `opened at ${length}`);
    }
    expect([...codes]).toEqual(['ONNX_INVALID']);
  });

  test('damaged bytes are refused with a code or give a model, and the process lives', async () => {
    for (let place = 0; place < good.length; place += 11) {
      const bytes = Uint8Array.from(good);
      bytes[place]! ^= 0x55;
      await openOnnxSession(bytes, { limits, threads: 1 }).then(
        (session) => session.close(),
        (error: unknown) => expect(codeOf(error)).toMatch(/^ONNX_/),
      );
    }
  });

  /** One tree, node by node. */
  const treeFile = (feature: number[], left: number[], right: number[]): Uint8Array => {
    const builder = new OnnxGraphBuilder('tree');
    const values = addDecisionTrees(builder, addFeatures(builder, 1), {
      treeStarts: [0, feature.length],
      feature,
      threshold: new Float32Array(feature.length),
      left,
      right,
      comparison: 'less',
      values: new Float32Array(feature.length),
      targets: 1,
      aggregate: 'sum',
    });
    addClassification(builder, values, 0.5);
    return builder.bytes({ name: 't', version: '1', features: ['a'], featureDigest: '' });
  };

  test('a tree so deep that preparing it would overflow the stack is refused', () => {
    const count = 200_001;
    const inner = (place: number): boolean => place % 2 === 0 && place < count - 1;
    const places = Array.from({ length: count }, (_, place) => place);
    const bytes = treeFile(
      places.map((place) => (inner(place) ? 0 : -1)),
      places.map((place) => (inner(place) ? place + 1 : 0)),
      places.map((place) => (inner(place) ? place + 2 : 0)),
    );
    const large = { largestModelBytes: 2 ** 26 };
    expect(() => checkOnnxModel(bytes, large)).toThrow(refusal('ONNX_INVALID'));
  });

  test.each([
    ['runs in a circle', [0, 0, 0, -1, -1], [3, 2, 1, 0, 0], [4, 0, 0, 0, 0]],
    ['leads back to its root', [0, 0, -1, -1], [1, 0, 0, 0], [2, 3, 0, 0]],
    ['reaches a node twice', [0, -1, -1], [1, 0, 0], [1, 0, 0]],
    ['lacks a node', [0, -1, -1], [1, 0, 0], [7, 0, 0]],
  ])('a tree that %s is refused', (_, feature, left, right) => {
    expect(() => checkOnnxModel(treeFile(feature, left, right), limits)).toThrow(refusal('ONNX_INVALID'));
  });
});
