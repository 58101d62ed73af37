import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { ClusterList, PipelineStatus } from '../../src/contracts';
import { desktop, launchBrowser, overflowOf, phone, watchPage, type Misdeeds } from './browser';
import { startQuickstart, type RunningQuickstart } from './runningQuickstart';

const startLimitMs = 240_000;
const refused = {
  'a wrong type': { body: '{"techCenter":1,"texts":["a"]}', status: 400, code: 'INPUT_INVALID' },
  'an unknown field': {
    body: '{"techCenter":"Network","texts":["a"],"x":1}',
    status: 400,
    code: 'INPUT_INVALID',
  },
  'no texts': { body: '{"techCenter":"Network","texts":[]}', status: 400, code: 'INPUT_INVALID' },
  'too many texts': {
    body: JSON.stringify({ techCenter: 'Network', texts: Array<string>(1_001).fill('a') }),
    status: 400,
    code: 'INPUT_INVALID',
  },
  'a centre that is not there': {
    body: '{"techCenter":"Nowhere","texts":["a"]}',
    status: 404,
    code: 'MODEL_MISSING',
  },
};

describe('the quickstart, as a user sees it', () => {
  let quickstart: RunningQuickstart;
  let browser: Browser;
  const get = async <T>(path: string): Promise<T> =>
    (await (await fetch(`${quickstart.url}${path}`)).json()) as T;

  beforeAll(async () => {
    quickstart = await startQuickstart(['--tickets', '60']);
    browser = await launchBrowser();
  }, startLimitMs);

  afterAll(async () => {
    await browser?.close();
    await quickstart?.stop();
  }, 60_000);

  /** A page of its own, with what it asked of other origins and what it threw. */
  async function open(path = '/', viewport = desktop): Promise<{ page: Page; misdeeds: Misdeeds }> {
    const page = await browser.newPage({ viewport });
    const misdeeds = { elsewhere: [], thrown: [] };
    watchPage(page, quickstart.url, misdeeds);
    await page.goto(`${quickstart.url}${path}`);
    return { page, misdeeds };
  }

  describe('over HTTP', () => {
    test('every tech centre has a promoted model, predictions, and runs that went well', async () => {
      const status = await get<PipelineStatus>('/api/status');
      expect(status.centers).toHaveLength(15);
      for (const center of status.centers) {
        expect(center).toMatchObject({ state: 'ready', fallback: null });
        expect(center.clusters).toBeGreaterThan(1);
        expect(center.predicted).toBeGreaterThan(0);
      }
      expect(status.queues.every(({ poison }) => poison === 0)).toBe(true);
    });

    test('a text is classified into the cluster whose ticket it is like', async () => {
      const { centers } = await get<PipelineStatus>('/api/status');
      const techCenter = centers[0]!.techCenter;
      const list = await get<ClusterList>(`/api/clusters?techCenter=${encodeURIComponent(techCenter)}`);
      const largest = list.clusters[0]!;
      const detail = await get<{ representatives: { title: string }[] }>(`/api/clusters/${largest.id}`);
      const answer = await fetch(`${quickstart.url}/api/incidents/classify`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ techCenter, texts: [detail.representatives[0]!.title, ''] }),
      });
      const { results } = (await answer.json()) as {
        results: { clusterId: string | null; reason: string | null }[];
      };
      expect(results).toHaveLength(2);
      expect(results[0]!.clusterId).toBe(largest.id);
      expect(results[1]).toMatchObject({ clusterId: null, reason: expect.any(String) });
    });

    test.each(Object.entries(refused))('classifying refuses %s', async (_name, { body, status, code }) => {
      const answer = await fetch(`${quickstart.url}/api/incidents/classify`, { method: 'POST', body });
      expect(answer.status).toBe(status);
      expect(await answer.json()).toMatchObject({ error: { code, requestId: expect.any(String) } });
    });

    test.each([
      ['/api/clusters/..%2f..%2fcurrent.json', 400],
      ['/api/clusters/c-unknown0', 404],
      ['/api/clusters?techCenter=Network&version=..%2F..%2Fx', 400],
      ['/api/clusters?techCenter=..%2F..%2F_embedding', 404],
      ['/api/incidents/NO-SUCH-TICKET', 404],
      ['/api/incidents/%ff', 404],
      ['/api/nothing', 404],
      ['/console/../package.json', 404],
    ])('%s answers %i and gives nothing away', async (path, status) => {
      const answer = await fetch(`${quickstart.url}${path}`);
      expect(answer.status).toBe(status);
      expect(await answer.text()).not.toMatch(/\bat .+\.js:\d+|AccountKey|node_modules/);
    });

    test('an address of the API that does not exist is answered as the API answers', async () => {
      expect(await get('/api/nothing')).toMatchObject({
        error: { code: 'NOT_FOUND', requestId: expect.any(String) },
      });
    });

    test('the OpenAPI document describes what is there', async () => {
      const document = await get<{ openapi: string; paths: Record<string, unknown> }>('/api/openapi.json');
      expect(document.openapi).toMatch(/^3\.1/);
      expect(Object.keys(document.paths)).toEqual(
        expect.arrayContaining(['/api/status', '/api/clusters/{id}']),
      );
    });
  });

  describe('in the browser', () => {
    test('shows centres, a map and clusters; a cluster opens with its tickets; nothing comes from elsewhere', async () => {
      const { page, misdeeds } = await open();
      await page
        .getByRole('link', { name: /clusters · .* tickets/ })
        .nth(14)
        .waitFor();
      await page.locator('.map canvas').waitFor();
      const first = page.locator('table.clusters tbody tr a').first();
      const topic = await first.textContent();
      await first.click();
      await page.getByRole('heading', { name: topic!, level: 2 }).waitFor();
      expect(await page.getByRole('heading', { name: 'Representative tickets' }).count()).toBe(1);
      await page.locator('.pair a').first().click();
      await page.getByRole('heading', { name: 'Description' }).waitFor();
      await page.goBack();
      await page.getByRole('heading', { name: topic!, level: 2 }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('heading', { name: topic!, level: 2 }).waitFor({ state: 'detached' });
      expect(misdeeds).toEqual({ elsewhere: [], thrown: [] });
      await page.close();
    });

    test('works from the keyboard: search, sort, open', async () => {
      const { page } = await open();
      const size = page.getByRole('button', { name: 'Tickets' });
      await size.waitFor();
      await size.focus();
      await page.keyboard.press('Enter');
      await page.locator('th[aria-sort="ascending"]').waitFor();
      await page.keyboard.press('/');
      await page.keyboard.type('password');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: /Tickets with/ }).waitFor();
      const found = page.locator('.results li a').first();
      await found.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Description' }).waitFor();
      await page.close();
    });

    test('fits a phone without sideways scrolling', async () => {
      const { page } = await open('/', phone);
      await page.locator('table.clusters tbody tr').first().waitFor();
      const overflow = await overflowOf(page);
      expect(overflow).toBe(0);
      await page.close();
    });

    test('shows runs, and says in words what could not be loaded', async () => {
      const { page } = await open('/#/runs');
      await page.locator('table.runs tbody tr').first().waitFor();
      await page.goto(`${quickstart.url}/#/incidents/NO-SUCH-TICKET`);
      await page.getByRole('alert').waitFor();
      expect(await page.getByRole('alert').textContent()).toContain('NOT_FOUND');
      await page.close();
    });

    test('shows the rows that were set aside, and why', async () => {
      const { page } = await open();
      const status = await get<PipelineStatus>('/api/status');
      await page.getByRole('link', { name: String(status.quarantined), exact: true }).click();
      await page.getByRole('heading', { name: 'Rows set aside' }).waitFor();
      await page.locator('.results li').first().waitFor();
      expect(await page.locator('.results li').count()).toBe(status.quarantined);
      await page.close();
    });

    test('ticket text is shown as text, never run', async () => {
      const { page } = await open(`/#/search/${encodeURIComponent('<img src=x onerror=alert(1)>')}`);
      await page.getByRole('status').waitFor();
      expect(await page.locator('h1 img').count()).toBe(0);
      await page.close();
    });
  });

  test('Ctrl-C ends it in good order', async () => {
    expect(await quickstart.stop()).toBe(0);
    await expect(fetch(`${quickstart.url}/api/health`)).rejects.toThrow('fetch failed');
  }, 60_000);
});
