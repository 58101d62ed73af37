import type { Benchmark } from './benchmark';

/** Every benchmark, in the order of the table. */
export const benchmarks: readonly Benchmark[] = [];
