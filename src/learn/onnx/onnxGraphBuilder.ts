import { onnx } from 'onnx-proto';
import { QuarterdeckError } from '../../contracts';
import { metadataProperties, type OnnxMetadata } from './onnxMetadata';

/**
 * Writes an ONNX model node by node (onnx.ai, IR version 8, opset 17 and ai.onnx.ml 3, which every runtime since
 * 2022 reads). Tensors are known by name; each part of a model adds nodes and returns the name of what it computes,
 * so that parts compose into one graph.
 */

const irVersion = 8;
export const onnxOpset = 17;
export const onnxMlOpset = 3;
export const onnxMlDomain = 'ai.onnx.ml';

/** A named dimension (`n`) is told by the input at run time. */
export type OnnxShape = readonly (number | string)[];
export type OnnxElement = 'float32' | 'int64';

export type OnnxAttribute =
  | { readonly float: number }
  | { readonly integer: number }
  | { readonly text: string }
  | { readonly floats: ArrayLike<number> }
  | { readonly integers: ArrayLike<number> }
  | { readonly texts: readonly string[] };

export class OnnxGraphBuilder {
  private readonly nodes: onnx.INodeProto[] = [];
  private readonly initializers: onnx.ITensorProto[] = [];
  private readonly inputs: onnx.IValueInfoProto[] = [];
  private readonly outputs: onnx.IValueInfoProto[] = [];
  private readonly names = new Set<string>();
  private usesMl = false;

  constructor(private readonly graphName: string) {}

  /** Declares an input of the model and returns its name. */
  input(name: string, element: OnnxElement, shape: OnnxShape): string {
    this.claim(name);
    this.inputs.push(valueInfo(name, element, shape));
    return name;
  }

  /** Makes a computed tensor an output of the model under `name`. */
  output(name: string, tensor: string, element: OnnxElement, shape: OnnxShape): void {
    this.claim(name);
    this.nodes.push({ opType: 'Identity', name, input: [tensor], output: [name] });
    this.outputs.push(valueInfo(name, element, shape));
  }

  /** A constant of 32-bit floats, row-major. Doubles are rounded to the nearest float. */
  floats(hint: string, values: ArrayLike<number>, shape: readonly number[]): string {
    const bytes = new Uint8Array(values.length * 4);
    const view = new DataView(bytes.buffer);
    for (let index = 0; index < values.length; index++) view.setFloat32(index * 4, values[index]!, true);
    return this.constant(hint, onnx.TensorProto.DataType.FLOAT, bytes, values.length, shape);
  }

  /** A constant of 64-bit integers, row-major. */
  integers(hint: string, values: ArrayLike<number>, shape: readonly number[]): string {
    const bytes = new Uint8Array(values.length * 8);
    const view = new DataView(bytes.buffer);
    for (let index = 0; index < values.length; index++) {
      view.setBigInt64(index * 8, BigInt(values[index]!), true);
    }
    return this.constant(hint, onnx.TensorProto.DataType.INT64, bytes, values.length, shape);
  }

  /** Adds a node with one output and returns the name of that. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    domain = '',
  ): string {
    const output = this.fresh(operator);
    if (domain === onnxMlDomain) this.usesMl = true;
    this.nodes.push({
      opType: operator,
      name: output,
      domain,
      input: [...inputs],
      output: [output],
      attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
    });
    return output;
  }

  /** The model as an ONNX file. */
  bytes(metadata: OnnxMetadata): Uint8Array {
    const opsetImport: onnx.IOperatorSetIdProto[] = [{ domain: '', version: onnxOpset }];
    if (this.usesMl) opsetImport.push({ domain: onnxMlDomain, version: onnxMlOpset });
    return onnx.ModelProto.encode({
      irVersion,
      opsetImport,
      producerName: 'quarterdeck',
      graph: {
        name: this.graphName,
        node: this.nodes,
        initializer: this.initializers,
        input: this.inputs,
        output: this.outputs,
      },
      metadataProps: metadataProperties(metadata),
    }).finish();
  }

  private constant(
    hint: string,
    dataType: onnx.TensorProto.DataType,
    rawData: Uint8Array,
    length: number,
    shape: readonly number[],
  ): string {
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    if (size !== length) {
      throw new QuarterdeckError('DATA_RAGGED', `${length} values of ${hint} are not ${shape.join(' × ')}`);
    }
    const name = this.fresh(hint);
    this.initializers.push({ name, dataType, dims: [...shape], rawData });
    return name;
  }

  private fresh(hint: string): string {
    let number = this.names.size;
    while (this.names.has(`${hint}_${number}`)) number++;
    const name = `${hint}_${number}`;
    this.names.add(name);
    return name;
  }

  private claim(name: string): void {
    if (this.names.has(name)) {
      throw new QuarterdeckError('PARAMETER_INVALID', `two tensors are called ${name}`, {
        culprit: { option: 'name' },
      });
    }
    this.names.add(name);
  }
}

function valueInfo(name: string, element: OnnxElement, shape: OnnxShape): onnx.IValueInfoProto {
  const { FLOAT, INT64 } = onnx.TensorProto.DataType;
  return {
    name,
    type: {
      tensorType: {
        elemType: element === 'float32' ? FLOAT : INT64,
        shape: {
          dim: shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size })),
        },
      },
    },
  };
}

function attributeProto(name: string, value: OnnxAttribute): onnx.IAttributeProto {
  const { FLOAT, INT, STRING, FLOATS, INTS, STRINGS } = onnx.AttributeProto.AttributeType;
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  if ('float' in value) return { name, type: FLOAT, f: value.float };
  if ('integer' in value) return { name, type: INT, i: value.integer };
  if ('text' in value) return { name, type: STRING, s: encode(value.text) };
  if ('floats' in value) return { name, type: FLOATS, floats: Array.from(value.floats) };
  if ('integers' in value) return { name, type: INTS, ints: Array.from(value.integers) };
  return { name, type: STRINGS, strings: value.texts.map(encode) };
}
