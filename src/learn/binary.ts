import { QuarterdeckError } from '../contracts';

/**
 * The typed binary of every fitted model: magic, header length, JSON header, then the arrays, each aligned to
 * eight bytes. The header names the kind, its format version, plain parameters and every array's type, offset
 * and length, so that a file can be understood without the code that wrote it.
 */
const magic = 0x51444d31; // "QDM1"

const arrayTypes = {
  f32: Float32Array,
  f64: Float64Array,
  i32: Int32Array,
  u32: Uint32Array,
  u8: Uint8Array,
} as const;

export type ModelArray = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;
export interface ModelContent {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly arrays: Readonly<Record<string, ModelArray>>;
}

interface Header {
  kind: string;
  version: number;
  parameters: Record<string, unknown>;
  arrays: { name: string; type: keyof typeof arrayTypes; offset: number; length: number }[];
}

export function encodeModel(kind: string, version: number, content: ModelContent): Uint8Array {
  let offset = 0;
  const arrays = Object.entries(content.arrays).map(([name, array]) => {
    const type = (Object.keys(arrayTypes) as (keyof typeof arrayTypes)[]).find(
      (key) => array instanceof arrayTypes[key],
    )!;
    const entry = { name, type, offset, length: array.length };
    offset += Math.ceil(array.byteLength / 8) * 8;
    return entry;
  });
  const header: Header = { kind, version, parameters: { ...content.parameters }, arrays };
  const headerBytes = new TextEncoder().encode(JSON.stringify(header));
  const dataStart = Math.ceil((8 + headerBytes.length) / 8) * 8;
  const bytes = new Uint8Array(dataStart + offset);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, headerBytes.length, true);
  bytes.set(headerBytes, 8);
  for (const { name, offset: start } of arrays) {
    const array = content.arrays[name]!;
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), dataStart + start);
  }
  return bytes;
}

/** @throws MODEL_BYTES_INVALID when the bytes are no model of this kind and version, or are cut short. */
export function decodeModel(kind: string, version: number, bytes: Uint8Array): ModelContent {
  const { header, dataStart } = readHeader(kind, bytes);
  if (header.kind !== kind) throw invalid(kind, `it is a ${header.kind}`);
  if (header.version !== version) {
    throw invalid(kind, `format version ${header.version}, expected ${version}`);
  }
  const arrays: Record<string, ModelArray> = {};
  for (const { name, type, offset, length } of header.arrays) {
    const constructor = arrayTypes[type];
    const start = dataStart + offset;
    const byteLength = length * constructor.BYTES_PER_ELEMENT;
    if (start + byteLength > bytes.length) throw invalid(kind, `array ${name} cut short`);
    // A copy, aligned, in memory of its own: the `slice` of a Buffer would be a view into memory that it shares.
    arrays[name] = new constructor(new Uint8Array(bytes.subarray(start, start + byteLength)).buffer);
  }
  return { parameters: header.parameters, arrays };
}

/** The kind that a model's bytes name, for readers of several kinds. @throws MODEL_BYTES_INVALID. */
export function modelKind(bytes: Uint8Array): string {
  return readHeader('known', bytes).header.kind;
}

function readHeader(kind: string, bytes: Uint8Array): { header: Header; dataStart: number } {
  if (bytes.length < 8) throw invalid(kind, 'too short');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== magic) throw invalid(kind, 'wrong magic number');
  const headerLength = view.getUint32(4, true);
  if (8 + headerLength > bytes.length) throw invalid(kind, 'header cut short');
  const dataStart = Math.ceil((8 + headerLength) / 8) * 8;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + headerLength));
    return { header: JSON.parse(text) as Header, dataStart };
  } catch (error) {
    throw invalid(kind, 'unreadable header', error);
  }
}

function invalid(kind: string, why: string, cause?: unknown): QuarterdeckError {
  return new QuarterdeckError('MODEL_BYTES_INVALID', `not a ${kind} model: ${why}`, { cause });
}
