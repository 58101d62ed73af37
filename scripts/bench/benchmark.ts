/** One measured figure of the bench table, with what it is held against. */
export interface Measurement {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** The limit that the project set itself, e.g. `<= 12.7`. */
  readonly target?: string;
  /** A peer measured on the same data in the same run; `undefined` and a note when it is not installed. */
  readonly peer?: { readonly name: string; readonly value: number | undefined; readonly note?: string };
  /** The peer's value over ours: above 1 is faster than the peer. */
  readonly ratio?: number;
  readonly extra?: Readonly<Record<string, number | string>>;
}

export interface BenchmarkContext {
  /** Folder with the real data and reference answers. */
  readonly sharedDir: string;
  log(line: string): void;
}

export interface Benchmark {
  /** Name for `--only`. */
  readonly name: string;
  run(context: BenchmarkContext): Promise<Measurement[]>;
}
