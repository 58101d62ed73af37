import { createHash } from 'node:crypto';

/** Bytes of the digest that make the position: as many as a double holds exactly. */
const positionBytes = 6;

/**
 * Where a unit stands in [0, 1): the same for ever, as long as the salt stays, on every machine. Units below the
 * challenger's share meet the challenger, so a share that grows moves units one way only.
 */
export function positionOf(unit: string, salt: string): number {
  const digest = createHash('sha256').update(salt).update('\0').update(unit).digest();
  return digest.readUIntBE(0, positionBytes) / 2 ** (8 * positionBytes);
}

export function roleOf(position: number, challengerShare: number): 'champion' | 'challenger' {
  return position < challengerShare ? 'challenger' : 'champion';
}
