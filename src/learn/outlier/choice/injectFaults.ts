import type { Random } from '../../../contracts';
import type { Matrix } from '../../matrix';

/**
 * Faults planted into rows that are taken for normal, to see on unlabelled data which detector would find them
 * (after Goswami et al. 2023, "Unsupervised Model Selection for Time-series Anomaly Detection").
 */
export const seriesFaults = [
  'spike',
  'level_shift',
  'noise',
  'frozen',
  'trend',
  'decoupled',
  'amplitude',
  'dropout',
] as const;
/** Faults that a row shows by itself, for rows without an order. */
export const pointFaults = ['spike', 'decoupled', 'dropout'] as const;

export type Fault = (typeof seriesFaults)[number];

export interface Injection {
  readonly data: Matrix;
  /** 1 for rows with the fault. */
  readonly labels: Uint8Array;
}

/** Stretches with the fault in one copy of the rows. */
const stretches = 4;
/** Stretches are at least so long, spikes aside, and at most this share of the rows. */
const leastLength = 5;
const mostShare = 0.05;
/** Most rows of a spike. */
const spikeLength = 3;
/** A fault touches from one column to this share of them. */
const mostColumnShare = 0.4;
/** Size of a fault, in standard deviations of its column. */
const leastSize = 0.5;
const mostSize = 6;

/** A copy of `data` (`n × d`, consecutive in time where `ordered`) with one kind of fault in a few stretches. */
export function injectFault(data: Matrix, fault: Fault, ordered: boolean, random: Random): Injection {
  const { n, d } = data;
  const values = Float32Array.from(data.values);
  const labels = new Uint8Array(n);
  const { mean, spread } = columnMoments(data);
  const moving = Array.from({ length: d }, (_, column) => column).filter((column) => spread[column]! > 0);
  const columns = moving.length > 0 ? moving : Array.from({ length: d }, (_, column) => column);
  // One stretch to each part of the rows, so that none runs into another.
  const parts = Math.min(n, stretches);
  const part = Math.floor(n / parts);
  for (let stretch = 0; stretch < parts; stretch++) {
    const length = Math.min(part, drawLength(n, fault, ordered, random));
    const first = stretch * part + random.integer(part - length + 1);
    const touched = drawColumns(columns, random);
    for (const column of touched) {
      const size = (leastSize + (mostSize - leastSize) * random.next()) * (spread[column]! || 1);
      const signed = random.next() < 0.5 ? -size : size;
      const other = random.integer(n);
      for (let step = 0; step < length; step++) {
        const at = (first + step) * d + column;
        values[at] = effects[fault]({
          value: data.values[at]!,
          before: data.values[Math.max(0, first - 1) * d + column]!,
          elsewhere: data.values[((other + step) % n) * d + column]!,
          mean: mean[column]!,
          size: signed,
          progress: (step + 1) / length,
          random,
        });
      }
    }
    labels.fill(1, first, first + length);
  }
  return { data: { values, n, d }, labels };
}

interface Moment {
  readonly value: number;
  readonly before: number;
  readonly elsewhere: number;
  readonly mean: number;
  readonly size: number;
  readonly progress: number;
  readonly random: Random;
}

/** What a touched cell becomes. */
const effects: Readonly<Record<Fault, (moment: Moment) => number>> = {
  spike: ({ value, size }) => value + size,
  level_shift: ({ value, size }) => value + size,
  noise: ({ value, size, random }) => value + 0.5 * size * random.normal(),
  frozen: ({ before }) => before,
  trend: ({ value, size, progress }) => value + size * progress,
  decoupled: ({ elsewhere }) => elsewhere,
  amplitude: ({ value, mean, size }) => mean + (value - mean) * (1 + Math.abs(size) / 2),
  dropout: () => 0,
};

/** Lengths spread evenly over orders of magnitude: short faults are as frequent as long ones. */
function drawLength(n: number, fault: Fault, ordered: boolean, random: Random): number {
  if (!ordered) return 1 + random.integer(Math.max(1, Math.floor((n * mostShare) / stretches)));
  if (fault === 'spike') return 1 + random.integer(spikeLength);
  const most = Math.max(leastLength + 1, n * mostShare);
  return Math.floor(leastLength * (most / leastLength) ** random.next());
}

function drawColumns(columns: readonly number[], random: Random): number[] {
  const count = 1 + random.integer(Math.max(1, Math.round(columns.length * mostColumnShare)));
  const deck = [...columns];
  return Array.from(
    { length: Math.min(count, deck.length) },
    () => deck.splice(random.integer(deck.length), 1)[0]!,
  );
}

function columnMoments({ values, n, d }: Matrix): { mean: Float64Array; spread: Float64Array } {
  const mean = new Float64Array(d);
  const spread = new Float64Array(d);
  for (let at = 0; at < values.length; at++) mean[at % d]! += values[at]! / n;
  for (let at = 0; at < values.length; at++) spread[at % d]! += (values[at]! - mean[at % d]!) ** 2 / n;
  return { mean, spread: spread.map(Math.sqrt) };
}
