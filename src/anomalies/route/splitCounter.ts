import { chiSquareOfShares } from '../../learn/experiment';

/** What the split has come out as against what it should be. */
export interface SplitCheck {
  /** Different units that this process has answered since the weights were set. */
  readonly champion: number;
  readonly challenger: number;
  readonly expectedChallengerShare: number;
  readonly p: number;
  /** The counts cannot be the weights' doing: the comparison of the two models is not to be trusted. */
  readonly mismatch: boolean;
}

/** Usual for sample-ratio checks (Fabijan et al., KDD 2019): they run all the time, and an alarm stops an experiment. */
const alarmP = 0.001;
/** Enough to see a deviation of a percentage point; what comes later changes nothing. */
const mostUnits = 200_000;

/** Requests that began under the weights before end among those of now, and a canary that ends brings weights back. */
const splitsKept = 8;

/** What a split is known by, and the share of the challenger. */
export interface SplitKey {
  readonly key: string;
  readonly share: number;
}

/**
 * Counts units, not requests: one unit that asks often is one draw of the split. By the role that answered, so that a
 * challenger that fails, and is answered for by the champion, shows.
 */
export class SplitCounter {
  /** The last used is the last. */
  readonly #splits = new Map<string, { champion: Set<number>; challenger: Set<number> }>();

  /** @param position where the unit stands: as good as its name, and nobody's name is kept */
  record({ key }: SplitKey, position: number, role: 'champion' | 'challenger'): void {
    const units = this.#splits.get(key) ?? { champion: new Set(), challenger: new Set() };
    this.#splits.delete(key);
    this.#splits.set(key, units);
    if (this.#splits.size > splitsKept) this.#splits.delete(this.#splits.keys().next().value!);
    if (units.champion.size + units.challenger.size < mostUnits) units[role].add(position);
  }

  /** Of one split, as it is wanted now. */
  check({ key, share }: SplitKey): SplitCheck {
    const units = this.#splits.get(key);
    const [champion, challenger] = [units?.champion.size ?? 0, units?.challenger.size ?? 0];
    const counts = { champion, challenger, expectedChallengerShare: share };
    // A share of nothing or of all is kept or broken, by one unit already.
    if (share <= 0 || share >= 1) {
      const strays = share <= 0 ? challenger : champion;
      return { ...counts, p: strays > 0 ? 0 : 1, mismatch: strays > 0 };
    }
    const { p } = chiSquareOfShares([champion, challenger], [1 - share, share]);
    return { ...counts, p, mismatch: p < alarmP };
  }
}
