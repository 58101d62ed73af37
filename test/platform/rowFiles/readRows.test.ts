import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import iconv from 'iconv-lite';
import { cellCharacters, type FileRow, type RowFault } from '../../../src/platform/rowFiles/rowBatch';
import { openRowFile, readRows } from '../../../src/platform/rowFiles/readRows';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quarterdeck-rows-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function fileOf(content: string | Uint8Array, name = 'tickets.csv'): string {
  const path = join(folder, `${++files}-${name}`);
  writeFileSync(path, content);
  return path;
}

async function read(
  path: string,
): Promise<{ columns: readonly string[]; rows: FileRow[]; faults: RowFault[] }> {
  const rows: FileRow[] = [];
  const faults: RowFault[] = [];
  let columns: readonly string[] = [];
  for await (const batch of readRows(path)) {
    columns = batch.columns;
    rows.push(...batch.rows);
    faults.push(...batch.faults);
  }
  return { columns, rows, faults };
}

const valuesOf = (rows: readonly FileRow[]): Record<string, string>[] =>
  rows.map(({ values }) => ({ ...values }));

describe('CSV', () => {
  test('mixed line ends, quoted line breaks and doubled quotes keep the rows apart', async () => {
    const { rows } = await read(fileOf('a,b\r\n1,"x\ny"\n2,"say ""hi"""\r3,z'));
    expect(valuesOf(rows)).toEqual([
      { a: '1', b: 'x\ny' },
      { a: '2', b: 'say "hi"' },
      { a: '3', b: 'z' },
    ]);
    expect(rows.map(({ row }) => row)).toEqual([1, 2, 3]);
  });

  test.each([
    ['semicolons', 'title;team\nA, then B;Network\n'],
    ['tabs', 'title\tteam\nA, then B\tNetwork\n'],
    ['bars', 'title|team\nA, then B|Network\n'],
    ['commas', '"title",team\n"A, then B",Network\n'],
  ])('%s are found as the delimiter', async (_name, content) => {
    expect(valuesOf((await read(fileOf(content))).rows)).toEqual([{ title: 'A, then B', team: 'Network' }]);
  });

  test('a repeated and an empty header get names of their own', async () => {
    const { columns, rows } = await read(fileOf('id,id,,id_2\n1,2,3,4\n'));
    expect(columns).toEqual(['id', 'id_2', 'column_3', 'id_2_2']);
    expect(valuesOf(rows)).toEqual([{ id: '1', id_2: '2', column_3: '3', id_2_2: '4' }]);
  });

  test('a row that is too long is set aside with its number, a short one is filled, empty lines are no rows', async () => {
    const { rows, faults } = await read(fileOf('a,b\n1,2,3\n\n4\n5,6,,\n'));
    expect(valuesOf(rows)).toEqual([
      { a: '4', b: '' },
      { a: '5', b: '6' },
    ]);
    expect(faults).toEqual([
      {
        row: 1,
        reason: 'FILE_ROW_MALFORMED',
        detail: '3 cells, the header names 2',
        excerpt: '1 | 2 | 3',
      },
    ]);
  });

  test('a 5 MB cell sets its row aside and names it; the rows around it are read', async () => {
    const huge = 'x'.repeat(5 * 1024 * 1024);
    const { rows, faults } = await read(fileOf(`number,text\n1,fine\n2,${huge}\n3,fine too\n`));
    expect(rows.map(({ values }) => values['number'])).toEqual(['1', '3']);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ row: 2, reason: 'INPUT_TOO_LARGE' });
    expect(faults[0]!.detail).toBe(
      `column text: a cell of ${huge.length} characters, at most ${cellCharacters} are read`,
    );
    expect(faults[0]!.excerpt.length).toBeLessThan(3_000);
  });

  test('a quote that is never closed is named with its row', async () => {
    const path = fileOf(`a,b\n1,2\n3,"${'line\n'.repeat(4_000_000)}`);
    await expect(read(path)).rejects.toMatchObject({ code: 'FILE_MALFORMED', culprit: { row: 2 } });
  });

  test('a column named __proto__ is data', async () => {
    const { rows } = await read(fileOf('__proto__,b\nx,y\n'));
    expect(Object.keys(rows[0]!.values)).toEqual(['__proto__', 'b']);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  test('a large file comes in batches of bounded size', async () => {
    const path = fileOf(
      `n,text\n${Array.from({ length: 9_000 }, (_, i) => `${i},${'w'.repeat(50)}`).join('\n')}`,
    );
    const sizes: number[] = [];
    let bytesRead = 0;
    for await (const batch of readRows(path)) {
      sizes.push(batch.rows.length);
      expect(batch.bytesRead).toBeGreaterThanOrEqual(bytesRead);
      bytesRead = batch.bytesRead;
    }
    expect(sizes).toEqual([2_000, 2_000, 2_000, 2_000, 1_000]);
  });

  test('reading stops when the caller asks for it', async () => {
    const path = fileOf(`n\n${'12345678\n'.repeat(300_000)}`);
    const controller = new AbortController();
    let batches = 0;
    const reading = async (): Promise<void> => {
      for await (const batch of readRows(path, controller.signal)) {
        batches += Math.sign(batch.rows.length);
        controller.abort(new Error('enough'));
      }
    };
    await expect(reading()).rejects.toMatchObject({ code: 'ABORTED' });
    expect(batches).toBeLessThan(100);
  });
});

describe('encodings', () => {
  const text = 'title,team\nDrucker im Büro fällt ständig aus – bitte prüfen,Geräte\n'.repeat(20);
  const expected = 'Drucker im Büro fällt ständig aus – bitte prüfen';

  test.each([
    ['UTF-8', Buffer.from(text), 'utf-8'],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`), 'utf-8'],
    ['UTF-16 little endian with a mark', iconv.encode(text, 'utf-16le', { addBOM: true }), 'utf-16le'],
    ['UTF-16 big endian with a mark', iconv.encode(text, 'utf-16be', { addBOM: true }), 'utf-16be'],
    ['UTF-16 little endian without one', iconv.encode(text, 'utf-16le'), 'utf-16le'],
    ['UTF-32', iconv.encode(text, 'utf-32le', { addBOM: true }), 'utf-32le'],
    ['Windows-1252', iconv.encode(text, 'windows-1252'), 'windows-1252'],
  ])('%s is read', async (_name, bytes, encoding) => {
    const path = fileOf(bytes);
    expect((await openRowFile(path)).encoding).toBe(encoding);
    const { columns, rows } = await read(path);
    expect(columns).toEqual(['title', 'team']);
    expect(rows[0]!.values['title']).toBe(expected);
  });

  test('a single foreign letter late in a long file still decides the encoding', async () => {
    const ascii = 'The printer on the second floor does not answer and the queue is full\n'.repeat(20_000);
    const path = fileOf(iconv.encode(`title\n${ascii}Das Gerät fällt aus\n`, 'latin1'));
    const { rows } = await read(path);
    expect(rows.at(-1)!.values['title']).toBe('Das Gerät fällt aus');
  });

  test.each([
    ['zero bytes', Buffer.from([0x61, 0x2c, 0x62, 0x0a, 0x00, 0x01, 0x00, 0x62, 0x63, 0x00, 0x00])],
    ['EBCDIC', Buffer.from([0x81, 0x6b, 0x82, 0x15, 0xf1, 0x6b, 0xc1, 0x15])],
    ['noise', Buffer.from(Array.from({ length: 4_000 }, (_, i) => 0x80 + ((i * 7919) % 127)))],
  ])('%s are refused with a code', async (_name, bytes) => {
    const path = fileOf(bytes);
    await expect(openRowFile(path)).rejects.toMatchObject({
      code: 'FILE_ENCODING_UNKNOWN',
      culprit: { file: path },
    });
  });
});

describe('NDJSON', () => {
  test('values become text; broken lines and other values are set aside', async () => {
    const lines = [
      '{"number":1,"text":"a","open":true,"tags":["x"],"gone":null}',
      '{"number":2,',
      '[1]',
      '',
      '{"number":4,"text":"b"}',
    ];
    const { columns, rows, faults } = await read(fileOf(lines.join('\r\n'), 'tickets.ndjson'));
    expect(columns).toEqual(['number', 'text', 'open', 'tags', 'gone']);
    expect(valuesOf(rows)).toEqual([
      { number: '1', text: 'a', open: 'true', tags: '["x"]', gone: '' },
      { number: '4', text: 'b', open: '', tags: '', gone: '' },
    ]);
    expect(faults.map(({ row, reason }) => ({ row, reason }))).toEqual([
      { row: 2, reason: 'FILE_ROW_MALFORMED' },
      { row: 3, reason: 'FILE_ROW_MALFORMED' },
    ]);
  });

  test('it is known by its content when the name says nothing', async () => {
    expect((await openRowFile(fileOf('{"a":1}\n', 'export'))).format).toBe('ndjson');
  });

  test('a line without an end is set aside and the next one is read', async () => {
    const endless = `{"text":"${'x'.repeat(17 * 1024 * 1024)}"}`;
    const { rows, faults } = await read(fileOf(`{"text":"a"}\n${endless}\n{"text":"b"}\n`, 'tickets.jsonl'));
    expect(valuesOf(rows)).toEqual([{ text: 'a' }, { text: 'b' }]);
    expect(faults).toEqual([expect.objectContaining({ row: 2, reason: 'INPUT_TOO_LARGE' })]);
  });
});

describe('Parquet', () => {
  function parquet(): Buffer {
    return Buffer.from(
      parquetWriteBuffer({
        columnData: [
          { name: 'number', data: Array.from({ length: 4_500 }, (_, i) => `INC${i}`), type: 'STRING' },
          { name: 'opened', data: Array.from({ length: 4_500 }, () => new Date('2026-07-01T08:00:00Z')) },
          { name: 'size', data: Array.from({ length: 4_500 }, (_, i) => BigInt(i)), type: 'INT64' },
        ],
      }),
    );
  }

  test.each([['plain'], ['gzip']])('%s: typed values become text, in batches', async (kind) => {
    const bytes = parquet();
    const path = fileOf(kind === 'gzip' ? gzipSync(bytes) : bytes, 'tickets.parquet');
    expect((await openRowFile(path)).format).toBe('parquet');
    const { columns, rows } = await read(path);
    expect(columns).toEqual(['number', 'opened', 'size']);
    expect(rows).toHaveLength(4_500);
    expect({ ...rows[4_499]!.values }).toEqual({
      number: 'INC4499',
      opened: '2026-07-01T08:00:00.000Z',
      size: '4499',
    });
    expect(rows[4_499]!.row).toBe(4_500);
  });

  test('a file cut short is refused', async () => {
    const bytes = parquet();
    await expect(read(fileOf(bytes.subarray(0, bytes.length / 2), 'cut.parquet'))).rejects.toMatchObject({
      code: 'FILE_MALFORMED',
    });
  });
});

describe('files', () => {
  test('gzip is known by its content, whatever the name', async () => {
    const path = fileOf(gzipSync('a,b\n1,2\n'), 'tickets.csv');
    expect(valuesOf((await read(path)).rows)).toEqual([{ a: '1', b: '2' }]);
  });

  test('gzip cut short is refused', async () => {
    const bytes = gzipSync(`a\n${Array.from({ length: 5_000 }, (_, i) => (i * 7919) % 10007).join('\n')}`);
    await expect(read(fileOf(bytes.subarray(0, bytes.length - 200)))).rejects.toMatchObject({
      code: 'FILE_MALFORMED',
    });
  });

  test.each([
    ['no bytes', ''],
    ['a header alone', 'a,b\n'],
    ['blank lines', '\n\n'],
    ['empty gzip', gzipSync('')],
  ])('%s is an empty file', async (_name, content) => {
    await expect(read(fileOf(content))).rejects.toMatchObject({ code: 'DATA_EMPTY' });
  });

  test('a missing file and a folder are named', async () => {
    await expect(read(join(folder, 'nothing.csv'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(read(folder)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
