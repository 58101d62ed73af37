import {
  inferenceRequestSchema,
  outputTensors,
  type InferenceDocument,
  type InferenceInput,
  type OutputTensor,
} from '../../../contracts';
import { parseTensorJson } from '../../../platform/http/json';
import { cutNumbers } from './cutNumbers';
import { invalidInference } from './invalidInference';
import type { NumberList } from './numberList';

/** One output that the caller wants. */
export interface RequestedOutput {
  readonly name: OutputTensor;
  readonly binary: boolean;
}

/** A request whose envelope is checked; the tensor is read once the model, and so its width, is known. */
export interface InferenceRequest {
  readonly id: string | undefined;
  readonly input: InferenceInput;
  readonly binary: Uint8Array | undefined;
  /** The input's data where they were read straight from the body; the input has none then. */
  readonly numbers: NumberList | undefined;
  readonly outputs: readonly RequestedOutput[];
  readonly allowMissing: boolean;
}

/** Parameters of other servers' extensions that would change the answer: passing them over would be wrong. */
const unsupported = [
  'shared_memory_region',
  'classification',
  'sequence_id',
  'sequence_start',
  'sequence_end',
];

/**
 * Reads a request of the inference operation.
 * @param headerLength value of Inference-Header-Content-Length: bytes of JSON before the binary tensors.
 * @throws INPUT_INVALID
 */
export function readInferenceRequest(body: Uint8Array, headerLength: string | null): InferenceRequest {
  const length = jsonLength(body, headerLength);
  const cut = length === undefined ? cutNumbers(body) : undefined;
  const json = length === undefined ? body : body.subarray(0, length);
  const document = checkDocument(cut?.document ?? parseTensorJson(json));
  const { inputs, parameters = {} } = document;
  const binary = binaryTensors(inputs, length === undefined ? undefined : body.subarray(length));
  if (inputs.length > 1) {
    throw invalidInference(`${inputs.length} inputs, the model has one`, 'inputs');
  }
  return {
    id: document.id,
    input: inputs[0]!,
    binary: binary[0],
    numbers: cut?.numbers,
    outputs: requestedOutputs(document),
    allowMissing: flag(parameters, 'allow_missing', 'parameters'),
  };
}

function jsonLength(body: Uint8Array, header: string | null): number | undefined {
  if (header === null) return undefined;
  const length = /^\d{1,10}$/.test(header.trim()) ? Number(header) : Number.NaN;
  if (!(length <= body.byteLength)) {
    throw invalidInference(
      `Inference-Header-Content-Length is ${JSON.stringify(header.slice(0, 40))}, the body has ${body.byteLength} bytes`,
      'Inference-Header-Content-Length',
    );
  }
  return length;
}

function checkDocument(document: unknown): InferenceDocument {
  const parsed = inferenceRequestSchema.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue!.path.join('.');
    throw invalidInference(`${field || 'the request'}: ${issue!.message}`, field, parsed.error);
  }
  const { parameters, inputs, outputs = [] } = parsed.data;
  for (const given of [parameters, ...[...inputs, ...outputs].map((part) => part.parameters)]) {
    const foreign = unsupported.find((name) => given !== undefined && Object.hasOwn(given, name));
    if (foreign !== undefined) {
      throw invalidInference(
        `the parameter ${foreign} belongs to an extension that is not served here`,
        foreign,
      );
    }
  }
  return parsed.data;
}

/** Cuts what follows the JSON into the tensors that say how long they are, in their order, to the last byte. */
function binaryTensors(
  inputs: readonly InferenceInput[],
  rest: Uint8Array | undefined,
): (Uint8Array | undefined)[] {
  let offset = 0;
  const tensors = inputs.map(({ name, parameters, data }) => {
    const size = parameters?.['binary_data_size'];
    if (size === undefined) return undefined;
    const field = 'parameters.binary_data_size';
    if (data !== undefined) throw invalidInference(`input "${name}" has data and binary_data_size`, field);
    if (rest === undefined) {
      throw invalidInference(
        `input "${name}" is binary, but the header Inference-Header-Content-Length is missing`,
        'Inference-Header-Content-Length',
      );
    }
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
      throw invalidInference(`binary_data_size of "${name}" is not a number of bytes`, field);
    }
    if (size > rest.byteLength - offset) {
      throw invalidInference(
        `binary_data_size of "${name}" is ${size}, ${rest.byteLength - offset} bytes are left in the body`,
        field,
      );
    }
    offset += size;
    return rest.subarray(offset - size, offset);
  });
  if (rest !== undefined && offset !== rest.byteLength) {
    throw invalidInference(
      `${rest.byteLength - offset} bytes of the body belong to no input: the sizes do not add up`,
      'parameters.binary_data_size',
    );
  }
  return tensors;
}

function requestedOutputs({ parameters = {}, outputs }: InferenceDocument): RequestedOutput[] {
  const allBinary = flag(parameters, 'binary_data_output', 'parameters');
  if (outputs === undefined || outputs.length === 0) {
    return outputTensors.map((name) => ({ name, binary: allBinary }));
  }
  const seen = new Set<string>();
  return outputs.map(({ name, parameters: own = {} }) => {
    const known = outputTensors.find((output) => output === name);
    if (known === undefined) {
      throw invalidInference(
        `unexpected output ${JSON.stringify(name)}: the model has ${outputTensors.join(', ')}`,
        'outputs.name',
      );
    }
    if (seen.has(name)) throw invalidInference(`output "${name}" is requested twice`, 'outputs.name');
    seen.add(name);
    return {
      name: known,
      binary: Object.hasOwn(own, 'binary_data') ? flag(own, 'binary_data', 'outputs.parameters') : allBinary,
    };
  });
}

function flag(parameters: Readonly<Record<string, unknown>>, name: string, where: string): boolean {
  const value = Object.hasOwn(parameters, name) ? parameters[name] : false;
  if (typeof value === 'boolean') return value;
  throw invalidInference(`${where}.${name} is true or false`, `${where}.${name}`);
}
