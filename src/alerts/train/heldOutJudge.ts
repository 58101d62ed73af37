import { seededRandom, type Random } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import type { RunControl } from '../../learn/run';
import type { BootstrapInterval } from '../../learn/score';
import { drawRowNumbers, pickRows } from '../cluster/drawRows';
import { intervalOfMean, scoreClusters } from '../cluster/scoreClusters';

export interface HeldOutQuality {
  /** Mean silhouette; a row left as noise counts as 0, and so does every row with fewer than two clusters. */
  readonly score: number;
  readonly noiseShare: number;
  /** Clusters that got rows. */
  readonly clusters: number;
}

export interface Judgement {
  /** Silhouette of each held-out row. */
  readonly ofRow: Float64Array;
  readonly quality: HeldOutQuality;
}

export interface JudgeOptions {
  readonly seed: number;
  /** Numbers of the held-out rows, ascending; the others only fill the clusters that these are judged in. */
  readonly heldOut: Int32Array;
  /** Group of each row; rows of a group are drawn together. */
  readonly groups: Int32Array;
  readonly resamples?: number;
  readonly confidence?: number;
}

/** Silhouettes take the product of both. */
const mostHeldOut = 4_000;
const mostOthers = 8_000;
const defaultResamples = 1_000;
const defaultConfidence = 0.95;
/** With fewer groups than this their bootstrap says little: rows are drawn one by one. */
const fewestGroups = 20;

/**
 * Judges models on the same held-out rows, by silhouettes in a space that belongs to none of them: the features,
 * standardised by these rows themselves.
 */
export class HeldOutJudge {
  /** Held-out rows that judge. */
  readonly rows: number;
  private readonly shown: Int32Array;
  private readonly judging: Int32Array;
  private readonly groups: Int32Array;
  private readonly space: Matrix;
  private readonly random: Random;

  /** @param rows rows of features, n × d, before any scaling, held out and others */
  constructor(
    rows: Matrix,
    private readonly options: JudgeOptions,
  ) {
    this.random = seededRandom(options.seed).fork('judge');
    const heldOut = draw(options.heldOut, mostHeldOut, this.random.fork('held out'));
    const judges = new Set(heldOut);
    const rest = Int32Array.from({ length: rows.n }, (_, row) => row).filter((row) => !judges.has(row));
    const others = draw(rest, mostOthers, this.random.fork('others'));
    this.rows = heldOut.length;
    this.shown = Int32Array.from([...heldOut, ...others]).sort();
    this.judging = Int32Array.from(this.shown.keys()).filter((index) => judges.has(this.shown[index]!));
    this.groups = pick(options.groups, heldOut);
    this.space = standardise(pickRows(rows, this.shown));
  }

  /** @param labels cluster of every row, −1 for none */
  async judge(labels: Int32Array, control: RunControl): Promise<Judgement> {
    const { judging } = this;
    const shown = pick(labels, this.shown);
    const own = pick(shown, judging);
    const found = new Set(own);
    found.delete(-1);
    const score = await scoreClusters(this.space, shown, judging, control);
    return {
      ofRow: score?.ofRow ?? new Float64Array(judging.length),
      quality: {
        score: score?.mean ?? 0,
        noiseShare: own.filter((label) => label < 0).length / own.length,
        clusters: found.size,
      },
    };
  }

  /**
   * Of the difference of two judgements: row by row on the same rows, and rows of a group (an hour of alerts) drawn
   * together, because neighbours resemble each other.
   */
  difference(better: Judgement, than: Judgement): BootstrapInterval {
    const gain = better.ofRow.map((value, row) => value - than.ofRow[row]!);
    const grouped = new Set(this.groups).size >= fewestGroups;
    return intervalOfMean(gain, this.random.fork('bootstrap'), {
      resamples: this.options.resamples ?? defaultResamples,
      confidence: this.options.confidence ?? defaultConfidence,
      ...(grouped && { groups: this.groups }),
    });
  }
}

function draw(rows: Int32Array, most: number, random: Random): Int32Array {
  return pick(rows, drawRowNumbers(rows.length, most, random));
}

const pick = (values: Int32Array, rows: Int32Array): Int32Array => rows.map((row) => values[row]!);

function standardise({ values, n, d }: Matrix): Matrix {
  const scaled = new Float32Array(values.length);
  for (let column = 0; column < d; column++) {
    let sum = 0;
    for (let row = 0; row < n; row++) sum += values[row * d + column]!;
    const mean = sum / n;
    let squares = 0;
    for (let row = 0; row < n; row++) squares += (values[row * d + column]! - mean) ** 2;
    const deviation = Math.sqrt(squares / n) || 1;
    for (let row = 0; row < n; row++) {
      scaled[row * d + column] = (values[row * d + column]! - mean) / deviation;
    }
  }
  return { values: scaled, n, d };
}
