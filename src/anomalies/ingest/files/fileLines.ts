import { decodedChunks, type Encoding } from '../../../platform/rowFiles/encoding';
import type { SourceFile } from '../../../platform/rowFiles/sourceFile';
import { RecordSplitter } from '../../logs';

/** Text of a file in parts of bounded size, for formats of which every line stands for itself. */
export interface TextPart {
  readonly lines: readonly string[];
  /** Bytes of the file read so far, as stored. */
  readonly bytesRead: number;
}

/** Longer lines are cut: the rest of such a line is no record that anybody could read. */
const longestLine = 4 * 1024 * 1024;

/** Lines that hold something. */
export async function* fileLines(
  file: SourceFile,
  encoding: Encoding,
  signal: AbortSignal,
): AsyncGenerator<TextPart> {
  const progress = { bytesRead: 0 };
  let rest = '';
  for await (const chunk of decodedChunks(file, encoding, progress, signal)) {
    const parts = `${rest}${chunk}`.split('\n');
    rest = parts.pop()!;
    if (rest.length > longestLine) {
      parts.push(rest);
      rest = '';
    }
    const lines = parts.filter((line) => line.trim() !== '');
    if (lines.length > 0) yield { lines, bytesRead: progress.bytesRead };
  }
  if (rest.trim() !== '') yield { lines: [rest], bytesRead: progress.bytesRead };
}

/** Records of a log: a line each, with the stack trace that follows it. */
export async function* fileRecords(
  file: SourceFile,
  encoding: Encoding,
  signal: AbortSignal,
): AsyncGenerator<TextPart> {
  const progress = { bytesRead: 0 };
  const splitter = new RecordSplitter();
  for await (const chunk of decodedChunks(file, encoding, progress, signal)) {
    const lines = splitter.push(chunk);
    if (lines.length > 0) yield { lines, bytesRead: progress.bytesRead };
  }
  const lines = splitter.end();
  if (lines.length > 0) yield { lines, bytesRead: progress.bytesRead };
}
