import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { folderBlobs } from '../../src/platform/blobs/folderBlobs';
import { blobsContract } from '../contract/blobs';

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'folder-blobs-'));
  folders.push(folder);
  return folder;
}
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const bytes = (text: string) => new TextEncoder().encode(text);

blobsContract('a folder', () => folderBlobs(join(newFolder(), 'not', 'made', 'yet')));

describe('a folder of blobs', () => {
  test('holds each blob as a file of its path, readable without us', async () => {
    const folder = newFolder();
    await folderBlobs(folder).write('models/alerts/v1/model.json', bytes('{}'), { create: true });
    expect(readdirSync(join(folder, 'models', 'alerts', 'v1'))).toEqual(['model.json']);
    expect(readdirSync(join(folder, '.quarterdeck', 'staging'))).toEqual([]);
  });

  test('keeps names inside itself, and what looks like our own files is a blob as any other', async () => {
    const folder = newFolder();
    const blobs = folderBlobs(join(folder, 'inner'));
    const names = ['.quarterdeck/leases/x', '../outside', 'a//b', 'dot./end ', './here'];
    for (const name of names) await blobs.write(name, bytes(name));
    const listed: string[] = [];
    for await (const { name } of blobs.list('')) listed.push(name);
    expect(listed).toEqual([...names].sort());
    expect(readdirSync(folder)).toEqual(['inner']);
  });

  test('of twenty swaps under one ETag, through two openings of the folder, one wins', async () => {
    const folder = newFolder();
    const openings = [folderBlobs(folder), folderBlobs(folder)];
    const { etag } = await openings[0]!.write('pointer', bytes('0'));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        openings[index % 2]!.write('pointer', bytes(`writer ${index}`), { ifMatch: etag }),
      ),
    );
    const winners = outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []));
    expect(winners).toHaveLength(1);
    const { bytes: content } = await openings[1]!.read('pointer');
    expect(new TextDecoder().decode(content)).toBe(`writer ${winners[0]}`);
  });

  test('a swap of a blob that is gone is refused', async () => {
    const blobs = folderBlobs(newFolder());
    const { etag } = await blobs.write('pointer', bytes('1'));
    await blobs.delete('pointer');
    await expect(blobs.write('pointer', bytes('2'), { ifMatch: etag })).rejects.toMatchObject({
      code: 'BLOB_CHANGED',
    });
  });

  test('a lease is free once its term is over, when its holder died without giving it back', async () => {
    const folder = newFolder();
    const blobs = folderBlobs(folder);
    const first = await blobs.acquireLease('train');
    await expect(folderBlobs(folder).acquireLease('train')).rejects.toMatchObject({ code: 'LEASE_HELD' });
    // The next generation of a holder that is long gone, as a process leaves it that was killed.
    const leases = join(folder, '.quarterdeck', 'leases');
    const [lease] = readdirSync(leases);
    writeFileSync(join(leases, lease!, '2'), JSON.stringify({ holder: 'dead', expiresAtMs: Date.now() - 1 }));
    const second = await folderBlobs(folder).acquireLease('train');
    expect(second.lost.aborted).toBe(false);
    await first.release();
    await expect(blobs.acquireLease('train')).rejects.toMatchObject({ code: 'LEASE_HELD' });
    await second.release();
    await (await blobs.acquireLease('train')).release();
  });

  test('what a killed writer left aside is no blob, and goes with the next write', async () => {
    const folder = newFolder();
    const staging = join(folder, '.quarterdeck', 'staging');
    mkdirSync(staging, { recursive: true });
    writeFileSync(join(staging, 'half'), 'half a mod');
    utimesSync(join(staging, 'half'), 0, 0);
    const blobs = folderBlobs(folder);
    const listed: string[] = [];
    for await (const { name } of blobs.list('')) listed.push(name);
    expect(listed).toEqual([]);
    await blobs.write('a', bytes('a'));
    expect(readdirSync(staging)).toEqual([]);
  });

  test('a folder that cannot be made is named', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'file'), '');
    await expect(folderBlobs(join(folder, 'file')).write('a', bytes('a'))).rejects.toMatchObject({
      code: 'STORAGE_REJECTED',
    });
  });
});
