import { randomUUID } from 'node:crypto';
import { inferenceRequestSchema, type InferenceDocument } from '../../../contracts';
import { parseTensorJson } from '../../../platform/http/json';
import { readNumberList, type NumberList } from './numberList';

/** Below this a request is parsed in a fraction of a millisecond as it is. */
const leastBytes = 16_384;
const key = '"data"';
/** Stands for the list in the rest of the document; no caller can know it. */
const placeholder = randomUUID();

export interface CutDocument {
  readonly document: InferenceDocument;
  /** What stood in the `data` of the first input. */
  readonly numbers: NumberList;
}

/**
 * Takes the one large list of FP32 numbers out of a request and parses the rest as JSON.
 * @returns undefined when there is no such list where it should be: then the whole is parsed as it stands.
 */
export function cutNumbers(body: Uint8Array): CutDocument | undefined {
  if (body.byteLength < leastBytes) return undefined;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const start = listStart(bytes);
  const numbers = start === undefined ? undefined : readNumberList(bytes, start);
  if (start === undefined || !numbers) return undefined;
  const rest = Buffer.concat([
    bytes.subarray(0, start),
    Buffer.from(JSON.stringify(placeholder)),
    bytes.subarray(numbers.end),
  ]);
  const parsed = inferenceRequestSchema.safeParse(parseTensorJson(rest));
  if (!parsed.success) return undefined;
  const { inputs } = parsed.data;
  // Anything else, such as a list behind another "data", would have been cut out of the wrong place.
  if (inputs.length !== 1 || inputs[0]!.data !== placeholder || inputs[0]!.datatype !== 'FP32')
    return undefined;
  return { document: parsed.data, numbers };
}

function listStart(bytes: Buffer): number | undefined {
  const found = bytes.indexOf(key);
  if (found < 0) return undefined;
  let at = found + key.length;
  const skip = (): void => {
    while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++;
  };
  skip();
  if (bytes[at] !== 0x3a /* : */) return undefined;
  at++;
  skip();
  return bytes[at] === 0x5b /* [ */ ? at : undefined;
}
