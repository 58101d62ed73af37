import { expect, test } from '@jest/globals';
import { decodeModel, encodeModel } from '../../src/learn/binary';

test('arrays come back whole from bytes that lie in the midst of other memory, as those of small files do', () => {
  const bytes = encodeModel('sample', 1, {
    parameters: { rows: 3 },
    arrays: {
      values: Float32Array.of(1.5, -2, 3),
      flags: Uint8Array.of(1, 0, 1),
      sums: Float64Array.of(Math.PI),
    },
  });
  const memory = Buffer.alloc(bytes.length + 64, 0xff);
  for (const offset of [0, 3, 8, 64]) {
    memory.fill(0xff).set(bytes, offset);
    const { parameters, arrays } = decodeModel('sample', 1, memory.subarray(offset, offset + bytes.length));
    expect(parameters).toEqual({ rows: 3 });
    expect(Array.from(arrays['values']!)).toEqual([1.5, -2, 3]);
    expect(Array.from(arrays['flags']!)).toEqual([1, 0, 1]);
    expect(Array.from(arrays['sums']!)).toEqual([Math.PI]);
    memory.fill(0);
    expect(Array.from(arrays['values']!)).toEqual([1.5, -2, 3]);
  }
});
