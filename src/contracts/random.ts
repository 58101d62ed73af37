/**
 * Seeded randomness. xoshiro128** (Blackman and Vigna, 2018), seeded through splitmix32: small, fast and the
 * same on every machine.
 */
export interface Random {
  /** A float in [0, 1) with 32 random bits. */
  next(): number;
  /** An integer in [0, bound), without modulo bias. */
  integer(bound: number): number;
  /** A draw from the standard normal distribution. */
  normal(): number;
  /** An independent stream named by `key`: the same key gives the same stream, whatever was drawn before. */
  fork(key: string | number): Random;
}

export function seededRandom(seed: number): Random {
  return new Xoshiro128(seed >>> 0);
}

class Xoshiro128 implements Random {
  private readonly seed: number;
  private a: number;
  private b: number;
  private c: number;
  private d: number;
  private spareNormal: number | undefined;

  constructor(seed: number) {
    this.seed = seed;
    let state = seed;
    const splitmix = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let z = state ^ (state >>> 16);
      z = Math.imul(z, 0x21f0aaad);
      z ^= z >>> 15;
      z = Math.imul(z, 0x735a2d97);
      return (z ^ (z >>> 15)) >>> 0;
    };
    this.a = splitmix();
    this.b = splitmix();
    this.c = splitmix();
    this.d = splitmix();
  }

  private bits(): number {
    const product = Math.imul(this.b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }

  next(): number {
    return this.bits() / 4294967296;
  }

  integer(bound: number): number {
    const limit = 4294967296 - (4294967296 % bound);
    let draw = this.bits();
    while (draw >= limit) draw = this.bits();
    return draw % bound;
  }

  normal(): number {
    if (this.spareNormal !== undefined) {
      const spare = this.spareNormal;
      this.spareNormal = undefined;
      return spare;
    }
    // Marsaglia's polar method.
    let u: number;
    let v: number;
    let square: number;
    do {
      u = 2 * this.next() - 1;
      v = 2 * this.next() - 1;
      square = u * u + v * v;
    } while (square >= 1 || square === 0);
    const factor = Math.sqrt((-2 * Math.log(square)) / square);
    this.spareNormal = v * factor;
    return u * factor;
  }

  fork(key: string | number): Random {
    // FNV-1a over the key, mixed with this stream's seed.
    let hash = 0x811c9dc5 ^ this.seed;
    for (const character of String(key)) {
      hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
    }
    return new Xoshiro128(hash >>> 0);
  }
}
