import { BatchBuilder, cellCharacters, excerpt, type RowBatch } from './rowBatch';
import { cellText } from './cellText';

/** Characters in one line after which the rest of it is skipped: more than all cells of a row together. */
const lineCharacters = 16 * cellCharacters;

/**
 * Reads one JSON object per line. The columns are the names seen in the first lines (up to a batch); names that
 * appear later only are left out. A line that is no object is a fault of that row alone.
 */
export async function* readNdjson(
  text: AsyncGenerator<string>,
  progress: { bytesRead: number },
): AsyncGenerator<RowBatch> {
  let waiting: Line[] = [];
  let builder: BatchBuilder | undefined;
  const start = (): BatchBuilder => {
    const names = new Set(waiting.flatMap((line) => Object.keys(line.object ?? {})));
    const started = new BatchBuilder([...names]);
    for (const line of waiting) take(started, [...names], line);
    columns = [...names];
    waiting = [];
    return started;
  };
  let columns: string[] = [];
  for await (const line of lines(text)) {
    if (builder) {
      take(builder, columns, line);
      if (builder.full) yield builder.take(progress.bytesRead);
    } else {
      waiting.push(line);
      if (waiting.length >= linesForColumns) {
        builder = start();
        yield builder.take(progress.bytesRead);
      }
    }
  }
  if (!builder && waiting.length > 0) builder = start();
  if (builder && !builder.empty) yield builder.take(progress.bytesRead);
}

/** Lines from which the columns are learnt. */
const linesForColumns = 200;

interface Line {
  readonly object?: Record<string, unknown>;
  readonly fault?: { reason: 'FILE_ROW_MALFORMED' | 'INPUT_TOO_LARGE'; detail: string; excerpt: string };
}

function take(builder: BatchBuilder, columns: readonly string[], line: Line): void {
  if (line.object) {
    const { object } = line;
    builder.add(columns.map((name) => (Object.hasOwn(object, name) ? cellText(object[name]) : '')));
  } else if (line.fault) {
    const { fault } = line;
    builder.refuse(fault);
  }
}

async function* lines(text: AsyncGenerator<string>): AsyncGenerator<Line> {
  let rest = '';
  let skipping = false;
  for await (const chunk of text) {
    const parts = chunk.split(/\r\n|\n|\r/);
    for (let index = 0; index < parts.length; index++) {
      if (!skipping) rest += parts[index]!;
      if (!skipping && rest.length > lineCharacters) {
        const detail = `a line of more than ${lineCharacters} characters`;
        yield { fault: { reason: 'INPUT_TOO_LARGE', detail, excerpt: excerpt(rest) } };
        skipping = true;
        rest = '';
      }
      if (index < parts.length - 1) {
        if (rest.trim() !== '') yield parsed(rest);
        rest = '';
        skipping = false;
      }
    }
  }
  if (rest.trim() !== '') yield parsed(rest);
}

function parsed(line: string): Line {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      fault: { reason: 'FILE_ROW_MALFORMED', detail: `not JSON: ${excerpt(why)}`, excerpt: excerpt(line) },
    };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { fault: { reason: 'FILE_ROW_MALFORMED', detail: 'not a JSON object', excerpt: excerpt(line) } };
  }
  return { object: value as Record<string, unknown> };
}
