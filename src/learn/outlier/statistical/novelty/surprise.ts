/**
 * Turns a series' scores into surprise: −log₁₀ of the share of its own past scores that are as large. Past scores are
 * counted in bins of equal width on a logarithmic scale; beyond the largest, the share falls in proportion to the score.
 */
export class Surprise {
  private readonly counts = new Float64Array(bins);
  /** Sums of counts by powers of two (Fenwick 1994), so that the share beyond a bin takes a dozen steps. */
  private readonly tree = new Float64Array(bins + 1);
  private highest = 0;
  private counted = 0;
  private seen = 0;

  /** Surprise of `score` (not negative) against those before it, then counts it. */
  step(score: number): number {
    this.seen++;
    if (score <= 0) return 0;
    const bin = binOf(score);
    const surprise = this.seen > fewest ? -Math.log10(this.shareBeyond(bin, this.seen - 1)) : 0;
    this.count(bin);
    return surprise;
  }

  copy(): Surprise {
    const twin = new Surprise();
    twin.counts.set(this.counts);
    twin.tree.set(this.tree);
    twin.highest = this.highest;
    twin.counted = this.counted;
    twin.seen = this.seen;
    return twin;
  }

  private count(bin: number): void {
    this.counts[bin]!++;
    this.counted++;
    this.highest = Math.max(this.highest, bin);
    for (let at = bin + 1; at <= bins; at += at & -at) this.tree[at]!++;
  }

  private shareBeyond(bin: number, before: number): number {
    if (bin > this.highest) return (0.5 / before) * 2 ** ((this.highest - bin) / binsPerOctave);
    let upTo = 0;
    for (let at = bin + 1; at > 0; at -= at & -at) upTo += this.tree[at]!;
    // Of its own bin, half.
    const beyond = this.counted - upTo + this.counts[bin]! / 2;
    return (beyond + 0.5) / (before + 1);
  }
}

/** A bin is 4 % wide. */
const binsPerOctave = 16;
/** From 2⁻⁴⁰ to 2⁴⁰: scores are relative to the range of the series. */
const octaves = 80;
const bins = binsPerOctave * octaves;
/** Before so many scores nothing is surprising. */
const fewest = 50;

function binOf(score: number): number {
  const bin = Math.round((Math.log2(score) + octaves / 2) * binsPerOctave);
  return Math.max(0, Math.min(bins - 1, bin));
}
