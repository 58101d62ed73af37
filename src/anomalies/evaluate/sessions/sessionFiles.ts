import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { QuarterdeckError } from '../../../contracts';

/** The log lines of one unit of work, in order, each by its template; and whether the work went wrong. */
export interface LabelledSession {
  readonly block: string;
  readonly templates: readonly string[];
  readonly label: 0 | 1;
}

const sessionSchema = z.object({
  block: z.string(),
  templates: z.array(z.string()).min(1),
  label: z.union([z.literal(0), z.literal(1)]),
});

/**
 * Reads `sessions_<part>.jsonl` of a folder, one session a line; `.gz` too.
 * @throws NOT_FOUND, FILE_MALFORMED naming the line, DATA_EMPTY.
 */
export function readSessions(folder: string, part: 'train' | 'test'): LabelledSession[] {
  const names = [`sessions_${part}.jsonl.gz`, `sessions_${part}.jsonl`];
  const file = names.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (file === undefined) {
    throw new QuarterdeckError('NOT_FOUND', `${folder} holds neither ${names.join(' nor ')}`, {
      culprit: { folder },
    });
  }
  let text: string;
  try {
    const bytes = readFileSync(file);
    text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new QuarterdeckError('FILE_MALFORMED', `${file}: ${detail}`, { culprit: { file }, cause: error });
  }
  const sessions = text
    .split('\n')
    .flatMap((line, index) => (line.trim() ? [readLine(file, line, index)] : []));
  if (sessions.length === 0) {
    throw new QuarterdeckError('DATA_EMPTY', `${file} holds no session`, { culprit: { file } });
  }
  return sessions;
}

function readLine(file: string, line: string, index: number): LabelledSession {
  try {
    return sessionSchema.parse(JSON.parse(line));
  } catch (error) {
    const detail =
      error instanceof z.ZodError
        ? error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
        : 'no JSON';
    throw new QuarterdeckError('FILE_MALFORMED', `${file}, line ${index + 1}: ${detail}`, {
      culprit: { file, row: index },
      cause: error,
    });
  }
}
