import { createHash } from 'node:crypto';

/** Enough for thousands of clusters of a centre; a collision takes the next hash. */
const idCharacters = 8;

/**
 * A cluster's lasting identity, `c-` and eight characters. The same training gives the same ids, so a rerun after
 * a crash names its clusters as the first attempt did.
 *
 * @param taken ids that exist already; the new one is added
 */
export function newStableId(
  origin: { techCenter: string; trainingKey: string; cluster: number },
  taken: Set<string>,
): string {
  for (let attempt = 0; ; attempt++) {
    const digest = createHash('sha256')
      .update(JSON.stringify([origin.techCenter, origin.trainingKey, origin.cluster, attempt]))
      .digest();
    const id = `c-${toBase32(digest).slice(0, idCharacters)}`;
    if (!taken.has(id)) {
      taken.add(id);
      return id;
    }
  }
}

/** Crockford's alphabet in lower case: no letter that reads like a digit. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

function toBase32(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += alphabet[byte % 32];
  return text;
}
