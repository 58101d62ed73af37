import { Root, type Type } from 'protobufjs';
import { QuarterdeckError } from '../../../contracts';
import { definitions } from './definitions';

/** Reads and writes the protobuf messages of `definitions`, in the shape that their JSON form has. */

const root = Root.fromJSON(definitions);

export type MessageName =
  | 'ExportLogsServiceRequest'
  | 'ExportMetricsServiceRequest'
  | 'ExportLogsServiceResponse'
  | 'ExportMetricsServiceResponse'
  | 'Status'
  | 'WriteRequest';

function typeOf(name: MessageName): Type {
  return root.lookupType(name);
}

/**
 * Plain objects with camel-case names; 64-bit integers as decimal text, bytes as Buffers, doubles as numbers.
 * @throws INPUT_INVALID when the bytes are no such message.
 */
export function decodeMessage(name: MessageName, bytes: Uint8Array): Record<string, unknown> {
  const type = typeOf(name);
  try {
    return type.toObject(type.decode(bytes), { longs: String, arrays: true });
  } catch (error) {
    throw new QuarterdeckError('INPUT_INVALID', `the body is no ${name} in protobuf`, { cause: error });
  }
}

export function encodeMessage(name: MessageName, value: Record<string, unknown>): Uint8Array {
  const type = typeOf(name);
  return type.encode(type.fromObject(value)).finish();
}
