import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { ReviewList, ReviewQueue } from '../../src/contracts';
import { instances, startAnomalyConsole, waitingRows, type AnomalyConsole } from './anomalyConsole';
import { desktop, launchBrowser, overflowOf, phone, watchPage, type Misdeeds } from './browser';

const [web, , odd] = instances;

describe('the pages on anomalies', () => {
  let served: AnomalyConsole;
  let browser: Browser;
  const contexts: BrowserContext[] = [];
  /** Of all pages. */
  const misdeeds: Misdeeds = { elsewhere: [], thrown: [] };
  const get = async <T>(path: string): Promise<T> =>
    (await (await fetch(`${served.url}${path}`)).json()) as T;

  beforeAll(async () => {
    served = await startAnomalyConsole();
    browser = await launchBrowser();
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await served?.stop();
  }, 60_000);

  /** A page of a person with nothing remembered. */
  async function open(hash: string, viewport = desktop): Promise<Page> {
    const context = await browser.newContext({ viewport });
    contexts.push(context);
    const page = await context.newPage();
    watchPage(page, served.url, misdeeds);
    await page.goto(`${served.url}/${hash}`);
    return page;
  }

  async function startReviewing(page: Page, name: string): Promise<void> {
    await page.getByLabel(/Who reviews/).waitFor();
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
    await page.locator('.review-card').waitFor();
  }

  const judged = (page: Page, count: number) =>
    page.getByText(`${count} reviewed, ${waitingRows - count} to go`).waitFor();

  test('instances are listed with last score, alarms and open reviews, and open their scores', async () => {
    const page = await open('#/anomalies');
    const row = page.getByRole('row', { name: new RegExp(web) });
    await row.waitFor();
    expect(await row.getByRole('cell').allTextContents()).toEqual(
      expect.arrayContaining(['normal', '4', '2']),
    );
    expect(await page.locator('b').count()).toBe(0);
    await page.getByRole('link', { name: odd }).click();
    await page.getByRole('heading', { name: odd, level: 1 }).waitFor();
    await page.locator('.scores canvas').waitFor();
    await page.getByText('No anomalies among these scores.').waitFor();
    await page.close();
  });

  test('a chosen row shows its contributions, and an explanation whose sentences name their evidence', async () => {
    const page = await open(`#/anomalies/${web}`);
    await page.getByRole('img', { name: /600 scores over time; anomalies: 4; verdicts: 0/ }).waitFor();
    await page.locator('.scores canvas').waitFor();
    await page.locator('.chips a').first().focus();
    await page.keyboard.press('Enter');
    const bars = page.locator('.contributions tbody tr');
    await bars.first().waitFor();
    expect(await bars.first().textContent()).toContain('cpu_mean_15m');
    expect(await bars.last().textContent()).toContain('missing');
    await page.getByRole('button', { name: 'Explain', exact: true }).click();
    for (const name of ['Root cause', 'Impact', 'Recommended actions', 'Prevention'])
      await page.getByRole('heading', { name, level: 3 }).waitFor();
    expect(await page.locator('.evidence .marked').count()).toBe(0);
    const sentence = page.locator('.statements button').first();
    await sentence.hover();
    const marks = await sentence.locator('sup').count();
    expect(marks).toBeGreaterThan(0);
    expect(await page.locator('.evidence .marked').count()).toBe(marks);
    await sentence.click();
    await page.mouse.move(0, 0);
    await page.locator('h1').click();
    expect(await page.locator('.evidence .marked').count()).toBe(marks);
    expect(await sentence.getAttribute('aria-pressed')).toBe('true');
    // What is stored is there again without asking.
    await page.reload();
    await page.getByRole('button', { name: 'Explain again' }).waitFor();
    await page.close();
  });

  test('a point of the chart opens its row', async () => {
    const page = await open(`#/anomalies/${web}`);
    const canvas = page.locator('.scores canvas');
    await canvas.waitFor();
    const box = (await canvas.boundingBox())!;
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.waitForURL(new RegExp(`#/anomalies/${web}/.`));
    await page.getByRole('heading', { name: 'What moved it' }).waitFor();
    await page.close();
  });

  test('rows are judged from the keyboard, stored under the name given, and taken back', async () => {
    const page = await open('#/reviews');
    await startReviewing(page, 'Ada');
    const queue = await get<ReviewQueue>('/api/reviews/next');
    await page.getByText(queue.items[0]!.explanation).waitFor();
    await page.getByText('high impact', { exact: true }).waitFor();
    await page.locator('.metrics li').first().waitFor();
    await judged(page, 0);
    await page.keyboard.press('a');
    await judged(page, 1);
    await page.getByText(queue.items[1]!.explanation).waitFor();
    await page.keyboard.press('n');
    await judged(page, 2);
    await page.getByRole('button', { name: 'Skip' }).click();
    await judged(page, 3);
    await page.keyboard.press('u');
    await judged(page, 2);
    await page.keyboard.press('s');
    await judged(page, 3);
    await page.keyboard.press('u');
    await judged(page, 2);
    await page.getByText(queue.items[2]!.explanation).waitFor();
    const { reviews } = await get<ReviewList>('/api/reviews');
    expect(reviews.map(({ itemId, reviewer, verdict }) => [itemId, reviewer, verdict])).toEqual([
      [queue.items[0]!.itemId, 'Ada', 'anomaly'],
      [queue.items[1]!.itemId, 'Ada', 'normal'],
      [queue.items[2]!.itemId, 'Ada', 'skip'],
      [queue.items[2]!.itemId, 'Ada', null],
      [queue.items[2]!.itemId, 'Ada', 'skip'],
      [queue.items[2]!.itemId, 'Ada', null],
    ]);
    expect([reviews[3]!.undoes, reviews[5]!.undoes]).toEqual([reviews[2]!.reviewId, reviews[4]!.reviewId]);
    expect(reviews[0]!.secondsSpent).toBeGreaterThan(0);
    // The name is remembered, and what is open is what the API says.
    await page.reload();
    await page.getByText(queue.items[2]!.explanation).waitFor();
    await page.getByText('Ada', { exact: true }).waitFor();
    await page.getByText(`0 reviewed, ${waitingRows - 2} to go`).waitFor();
    await page.close();
  });

  test('keys that are typed into a field judge nothing', async () => {
    const before = await get<ReviewList>('/api/reviews');
    const page = await open('#/reviews');
    await startReviewing(page, 'anna susan');
    await page.getByLabel('Search tickets').focus();
    await page.keyboard.type('anus');
    expect(await get<ReviewList>('/api/reviews')).toEqual(before);
    await page.close();
  });

  test('a verdict that cannot be stored is told, and its row stays', async () => {
    const page = await open('#/reviews');
    await startReviewing(page, 'Grace');
    const shown = await page.locator('.why').textContent();
    await page.route('**/api/reviews', (route) => route.abort());
    await page.keyboard.press('a');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('UNREACHABLE');
    expect(await page.locator('.why').textContent()).toBe(shown);
    await page.close();
  });

  test('verdicts are marked beside the scores', async () => {
    const page = await open(`#/anomalies/${web}/${encodeURIComponent(served.anomalyAt)}`);
    await page.getByText('People say').waitFor();
    await page.getByText('(Ada)').waitFor();
    await page.getByRole('img', { name: /verdicts: [1-9]/ }).waitFor();
    await page.close();
  });

  test('versions stand side by side with their aliases', async () => {
    const page = await open('#/models');
    const champion = page.getByRole('row', { name: /xgboost_anomaly.*champion/ });
    await champion.waitFor();
    expect(await champion.getByRole('cell').allTextContents()).toEqual(expect.arrayContaining(['0.930']));
    const challenger = page.getByRole('row', { name: /catboost_anomaly.*challenger/ });
    expect(await challenger.locator('strong').allTextContents()).toContain('0.941');
    await page.getByText('not decided yet').waitFor();
    await page.close();
  });

  test('the routing test says which model a unit meets, the same every time', async () => {
    const page = await open('#/routing');
    await page.getByText('70 : 30').waitFor();
    const input = page.getByLabel('User or instance');
    await input.fill('user-42');
    await input.press('Enter');
    const outcome = page.getByText(/meets the/);
    await outcome.waitFor();
    const { unit } = await get<{ unit: { role: string; model: string } }>(
      '/api/routing/test?unit=user-42&units=1000',
    );
    expect(await outcome.textContent()).toContain(`user-42 meets the ${unit.role}: ${unit.model}`);
    await page.getByText(/^\d+ champion, \d+ challenger; expected 30%/).waitFor();
    await page.close();
  });

  test.each(['#/anomalies', `#/anomalies/${web}`, '#/reviews', '#/models', '#/routing'])(
    '%s fits a phone without sideways scrolling',
    async (hash) => {
      const at = hash === `#/anomalies/${web}` ? `/${encodeURIComponent(served.anomalyAt)}` : '';
      const page = await open(`${hash}${at}`, phone);
      if (hash === '#/reviews') await startReviewing(page, 'Ada');
      if (at !== '') await page.getByRole('button', { name: /^Explain/ }).click();
      const last = {
        '#/anomalies': '.instances tbody tr',
        '#/reviews': '.metrics li',
        '#/models': '.versions tbody tr',
        '#/routing': '.share',
      }[hash];
      await page
        .locator(last ?? '.evidence li')
        .first()
        .waitFor();
      const overflow = await overflowOf(page);
      expect(overflow).toBe(0);
      await page.close();
    },
  );

  test('nothing came from elsewhere, and no page threw', async () => {
    await Promise.all(contexts.map((context) => context.close()));
    expect(misdeeds).toEqual({ elsewhere: [], thrown: [] });
  });
});
