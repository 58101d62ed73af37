import { z } from 'zod';
import { QuarterdeckError } from '../../contracts';

const answerSchema = z.object({
  data: z.array(
    z.object({
      index: z.number().int().min(0),
      // Base64 of little-endian floats when the service honours that, otherwise plain numbers (null for NaN).
      embedding: z.union([z.string(), z.array(z.number().nullable())]),
    }),
  ),
});

/**
 * The vectors of an answer, in the order of the texts and of unit length.
 * @throws EMBEDDING_MALFORMED naming the text (`row` within the request) with a wrong width or value.
 */
export function readAnswer(answer: unknown, count: number, width: number, service: string): Float32Array[] {
  const malformed = (why: string, row?: number): QuarterdeckError =>
    new QuarterdeckError('EMBEDDING_MALFORMED', `${service}: ${why}`, {
      culprit: { service, ...(row !== undefined && { row }) },
    });
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) throw malformed('the answer does not fit the protocol');
  const { data } = parsed.data;
  if (data.length !== count) throw malformed(`${data.length} vectors for ${count} texts`);
  const vectors: (Float32Array | undefined)[] = Array.from({ length: count });
  for (const { index, embedding } of data) {
    if (index >= count || vectors[index]) throw malformed(`text ${index} is answered out of turn`, index);
    const vector =
      typeof embedding === 'string'
        ? fromBase64(embedding)
        : Float32Array.from(embedding, (value) => value ?? Number.NaN);
    if (vector.length !== width) {
      throw malformed(
        `a vector has ${vector.length} values, ${width} were expected (EMBEDDING_WIDTH)`,
        index,
      );
    }
    if (!toUnitLength(vector)) throw malformed('a vector is zero, or a value is not finite', index);
    vectors[index] = vector;
  }
  return vectors.map((vector) => vector!);
}

/** Scales in place; false when that is not possible. */
export function toUnitLength(vector: Float32Array): boolean {
  let square = 0;
  for (const value of vector) square += value * value;
  if (!Number.isFinite(square) || square === 0) return false;
  const factor = 1 / Math.sqrt(square);
  for (let index = 0; index < vector.length; index++) vector[index]! *= factor;
  return true;
}

function fromBase64(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  const vector = new Float32Array(Math.floor(bytes.length / 4));
  for (let index = 0; index < vector.length; index++) vector[index] = bytes.readFloatLE(index * 4);
  return vector;
}
