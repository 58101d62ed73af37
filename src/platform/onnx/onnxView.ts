import { Root, type Type } from 'protobufjs';

/**
 * The parts of the ONNX file format (onnx.proto) that tell whether a model is safe to load. Weights have no field
 * here, so reading skips them. Every field is repeated, also those that occur once in the format: a reader that
 * keeps the last of two and one that merges them would otherwise see different models.
 */
export interface ModelView {
  readonly irVersion: readonly number[];
  readonly opsetImport: readonly {
    readonly domain: readonly string[];
    readonly version: readonly number[];
  }[];
  readonly graph: readonly GraphView[];
  readonly metadataProps: readonly { readonly key: readonly string[]; readonly value: readonly string[] }[];
  readonly trainingInfo: readonly object[];
  readonly functions: readonly object[];
}

export interface GraphView {
  readonly node: readonly NodeView[];
  readonly initializer: readonly TensorView[];
  readonly sparseInitializer: readonly object[];
}

export interface NodeView {
  readonly opType: readonly string[];
  readonly domain: readonly string[];
  readonly name: readonly string[];
  readonly attribute: readonly AttributeView[];
}

export interface AttributeView {
  readonly name: readonly string[];
  readonly refAttrName: readonly string[];
  readonly ints: readonly number[];
  readonly strings: readonly string[];
  readonly t: readonly TensorView[];
  readonly tensors: readonly TensorView[];
  readonly g: readonly object[];
  readonly graphs: readonly object[];
  readonly sparseTensor: readonly object[];
  readonly sparseTensors: readonly object[];
}

export interface TensorView {
  readonly name: readonly string[];
  readonly externalData: readonly object[];
  readonly dataLocation: readonly number[];
}

const field = (type: string, id: number): { rule: 'repeated'; type: string; id: number } => ({
  rule: 'repeated',
  type,
  id,
});

/** Numbers of the fields as in onnx/onnx.proto. An `Opaque` is only counted. */
const schema = {
  nested: {
    Model: {
      fields: {
        irVersion: field('int32', 1),
        opsetImport: field('OperatorSet', 8),
        graph: field('Graph', 7),
        metadataProps: field('Property', 14),
        trainingInfo: field('Opaque', 20),
        functions: field('Opaque', 25),
      },
    },
    OperatorSet: { fields: { domain: field('string', 1), version: field('int32', 2) } },
    Property: { fields: { key: field('string', 1), value: field('string', 2) } },
    Graph: {
      fields: {
        node: field('Node', 1),
        initializer: field('Tensor', 5),
        sparseInitializer: field('Opaque', 15),
      },
    },
    Node: {
      fields: {
        name: field('string', 3),
        opType: field('string', 4),
        domain: field('string', 7),
        attribute: field('Attribute', 5),
      },
    },
    Attribute: {
      fields: {
        name: field('string', 1),
        refAttrName: field('string', 21),
        ints: field('int32', 8),
        strings: field('string', 9),
        t: field('Tensor', 5),
        tensors: field('Tensor', 10),
        g: field('Opaque', 6),
        graphs: field('Opaque', 11),
        sparseTensor: field('Opaque', 22),
        sparseTensors: field('Opaque', 23),
      },
    },
    Tensor: {
      fields: {
        name: field('string', 8),
        externalData: field('Opaque', 13),
        dataLocation: field('int32', 14),
      },
    },
    Opaque: { fields: {} },
  },
};

let modelType: Type | undefined;

/** @throws what protobufjs throws for bytes that are no protobuf message, or one cut short. */
export function readModelView(bytes: Uint8Array): ModelView {
  modelType ??= Root.fromJSON(schema).lookupType('Model');
  return modelType.decode(bytes) as unknown as ModelView;
}
