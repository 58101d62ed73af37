import type { Benchmark } from './benchmark';
import { benchmarks as hdbscan } from './hdbscan';

/** Every benchmark, in the order of the table. */
export const benchmarks: readonly Benchmark[] = [...hdbscan];
