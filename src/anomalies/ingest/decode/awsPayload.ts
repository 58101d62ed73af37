import { gunzipSync } from 'node:zlib';
import type { Refusal } from '../batch';

/** Data inside an AWS envelope: base64, and mostly gzip inside that. */

const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Bytes that the records of one batch may inflate to, together; shared by all of them. */
export class InflationBudget {
  constructor(private left: number) {}

  /** @returns the data of a record, inflated when it is gzip, or why it cannot be read. */
  read(data: unknown): { bytes: Uint8Array } | { refusal: Refusal } {
    if (typeof data !== 'string' || !base64.test(data)) {
      return { refusal: { code: 'RECORD_MALFORMED', message: 'the data is not base64' } };
    }
    const bytes = Buffer.from(data, 'base64');
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { bytes };
    try {
      const inflated = gunzipSync(bytes, { maxOutputLength: Math.max(1, this.left) });
      this.left -= inflated.length;
      return { bytes: inflated };
    } catch (error) {
      const tooLarge = (error as { readonly code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
      return {
        refusal: tooLarge
          ? { code: 'RECORD_TOO_LARGE', message: 'the records inflate to more than a batch may hold' }
          : { code: 'RECORD_MALFORMED', message: 'the data is damaged gzip' },
      };
    }
  }
}
