import type { Classified } from '../servedModel';
import type { InferenceRequest, RequestedOutput } from './inferenceRequest';

/** What is sent back: bytes, with the header that says where the JSON ends when tensors follow it. */
export interface ProtocolAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

export interface AnsweringModel {
  /** As the caller asked for it. */
  readonly name: string;
  readonly version: string;
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
}

export function jsonAnswer(status: number, value: unknown): ProtocolAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(value),
  };
}

/** The answer to an inference: tensors as JSON, or behind it as bytes where that was asked for. */
export function inferenceAnswer(
  request: InferenceRequest,
  model: AnsweringModel,
  classified: Classified,
): ProtocolAnswer {
  const binary: Uint8Array[] = [];
  const outputs = request.outputs.map((output) => {
    const tensor = tensorOf(output, classified);
    const about = { name: output.name, shape: tensor.shape, datatype: tensor.datatype };
    if (!output.binary) return { ...about, data: Array.from(tensor.values, Number) };
    const bytes = littleEndian(tensor.values);
    binary.push(bytes);
    return { ...about, parameters: { binary_data_size: bytes.byteLength } };
  });
  const document = {
    model_name: model.name,
    model_version: model.version,
    ...(request.id !== undefined && { id: request.id }),
    ...(model.parameters && { parameters: model.parameters }),
    outputs,
  };
  if (binary.length === 0) return jsonAnswer(200, document);
  const json = new TextEncoder().encode(JSON.stringify(document));
  return {
    status: 200,
    headers: {
      'content-type': 'application/octet-stream',
      'cache-control': 'no-store',
      'inference-header-content-length': String(json.byteLength),
    },
    body: Buffer.concat([json, ...binary]),
  };
}

interface OutputValues {
  readonly datatype: 'INT64' | 'FP32';
  readonly shape: readonly number[];
  readonly values: BigInt64Array | Float32Array;
}

function tensorOf({ name }: RequestedOutput, { labels, probabilities }: Classified): OutputValues {
  const n = labels.length;
  return name === 'label'
    ? { datatype: 'INT64', shape: [n], values: labels }
    : { datatype: 'FP32', shape: [n, 2], values: probabilities };
}

/** Every machine that Node runs on is little-endian, as the protocol is. */
function littleEndian(values: BigInt64Array | Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
