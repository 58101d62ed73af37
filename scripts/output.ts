import Table from 'cli-table3';
import { SingleBar } from 'cli-progress';

/**
 * What a command says: text for people on standard output, one JSON document as the last line with `--json`, and
 * progress bars on standard error only when that is a terminal.
 */
export interface Output {
  readonly json: boolean;
  say(line: string): void;
  table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void;
  /** The machine-readable result; printed last, on one line. */
  result(value: unknown): void;
  progress(label: string): ProgressBar;
  /** Takes every bar off the terminal; one that still draws would keep the process alive. */
  close(): void;
}

export interface ProgressBar {
  update(done: number, total: number, stage?: string): void;
  stop(): void;
}

export function createOutput(options: { json: boolean }): Output {
  const bars: ProgressBar[] = [];
  // With --json, standard output carries the document alone.
  const people = options.json ? process.stderr : process.stdout;
  return {
    json: options.json,
    say: (line) => people.write(`${line}\n`),
    table(head, rows) {
      const table = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
      for (const row of rows) table.push([...row]);
      people.write(`${table.toString()}\n`);
    },
    result: (value) => {
      if (options.json) process.stdout.write(`${JSON.stringify(value)}\n`);
    },
    progress(label) {
      if (!process.stderr.isTTY) return { update: () => {}, stop: () => {} };
      const bar = terminalBar(label);
      bars.push(bar);
      return bar;
    },
    close: () => bars.forEach((bar) => bar.stop()),
  };
}

function terminalBar(label: string): ProgressBar {
  const bar = new SingleBar({
    format: `${label} {bar} {percentage}% {value}/{total} {stage}`,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
  });
  let started = false;
  let stopped = false;
  return {
    update(done, total, stage = '') {
      // News of work that is just ending.
      if (stopped) return;
      if (!started) bar.start(total, done, { stage });
      started = true;
      bar.setTotal(total);
      bar.update(done, { stage });
    },
    stop() {
      stopped = true;
      bar.stop();
    },
  };
}
