import { analyse } from 'chardet';
import iconv from 'iconv-lite';
import { QuarterdeckError } from '../../contracts';
import type { SourceFile } from './sourceFile';

/**
 * What a text file is written in: its byte order mark, else UTF-8 when every byte of the file fits that, else what
 * its byte frequencies say (chardet). A file of which nothing can be said with some confidence is refused, because
 * a wrong guess would spoil every text in silence.
 */
export type Encoding = string;

const byteOrderMarks: readonly { encoding: Encoding | undefined; bytes: readonly number[] }[] = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  // UTF-32 starts like UTF-16: it must be looked for first.
  { encoding: 'utf-32le', bytes: [0xff, 0xfe, 0, 0] },
  { encoding: 'utf-32be', bytes: [0, 0, 0xfe, 0xff] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
];

/** chardet's own scale of 0 to 100; below this it names encodings at random. */
const minimumConfidence = 20;
/** Bytes looked at for the frequencies. */
const sampleBytes = 256 * 1024;
/** Share of zero bytes on one side of each pair above which bytes are UTF-16 of mostly Latin text. */
const utf16ZeroShare = 0.3;

/** @throws FILE_ENCODING_UNKNOWN, and what reading the file throws. */
export async function detectEncoding(file: SourceFile, signal?: AbortSignal): Promise<Encoding> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let previous: Buffer = Buffer.alloc(0);
  let first = true;
  for await (const chunk of file.chunks(undefined, signal)) {
    if (first) {
      first = false;
      const marked = byteOrderMarks.find(({ bytes }) => bytes.every((byte, index) => chunk[index] === byte));
      if (marked?.encoding) return marked.encoding;
      const wide = wideEncoding(chunk);
      if (wide) return wide;
    }
    if (chunk.includes(0)) throw unknown(file, 'it holds zero bytes, as binary files do');
    try {
      decoder.decode(chunk, { stream: true });
    } catch {
      return guess(file, Buffer.concat([previous, chunk]).subarray(-sampleBytes));
    }
    previous = chunk;
  }
  try {
    decoder.decode();
  } catch {
    return guess(file, previous.subarray(-sampleBytes));
  }
  return 'utf-8';
}

/** The file's text in order, without its byte order mark. */
export async function* decodedChunks(
  file: SourceFile,
  encoding: Encoding,
  progress: { bytesRead: number },
  signal?: AbortSignal,
): AsyncGenerator<string> {
  const decoder = iconv.getDecoder(encoding);
  for await (const chunk of file.chunks(progress, signal)) {
    const text = decoder.write(chunk);
    if (text.length > 0) yield text;
  }
  const rest = decoder.end();
  if (rest) yield rest;
}

function wideEncoding(bytes: Buffer): Encoding | undefined {
  const pairs = Math.floor(Math.min(bytes.length, sampleBytes) / 2);
  let zerosFirst = 0;
  let zerosSecond = 0;
  for (let pair = 0; pair < pairs; pair++) {
    if (bytes[2 * pair] === 0) zerosFirst++;
    if (bytes[2 * pair + 1] === 0) zerosSecond++;
  }
  if (zerosSecond > utf16ZeroShare * pairs && zerosFirst === 0) return 'utf-16le';
  if (zerosFirst > utf16ZeroShare * pairs && zerosSecond === 0) return 'utf-16be';
  return undefined;
}

function guess(file: SourceFile, sample: Buffer): Encoding {
  const controls = sample.filter((byte) => byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d].includes(byte)).length;
  if (controls > 0) throw unknown(file, 'it holds control characters, as binary files do');
  const best = analyse(sample).find(({ name }) => name !== 'UTF-8' && fits(sample, name));
  if (!best || best.confidence < minimumConfidence) {
    throw unknown(file, 'it is not UTF-8 and its bytes fit no other encoding well');
  }
  // Windows-1252 is ISO 8859-1 with letters and quotes where that has unused control characters.
  return best.name === 'ISO-8859-1' ? 'windows-1252' : best.name.toLowerCase();
}

/** Whether every character decodes, but for those that the sample's edges cut. */
function fits(sample: Buffer, encoding: Encoding): boolean {
  if (!iconv.encodingExists(encoding)) return false;
  const replaced = iconv.decode(sample, encoding).split('\uFFFD').length - 1;
  return replaced <= edges;
}

const edges = 2;

function unknown(file: SourceFile, why: string): QuarterdeckError {
  return new QuarterdeckError('FILE_ENCODING_UNKNOWN', `${file.path}: cannot tell its encoding: ${why}`, {
    culprit: { file: file.path },
  });
}
