import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { AlertGroupDetail, AlertGroupList } from '../../src/contracts';
import { startAlertConsole, type AlertConsole } from './alertConsole';
import { desktop, launchBrowser, overflowOf, phone, watchPage, type Misdeeds } from './browser';

describe('the pages on alerts', () => {
  let served: AlertConsole;
  let browser: Browser;
  /** Of all pages. */
  const misdeeds: Misdeeds = { elsewhere: [], thrown: [] };
  const get = async <T>(path: string): Promise<T> =>
    (await (await fetch(`${served.url}${path}`)).json()) as T;

  beforeAll(async () => {
    served = await startAlertConsole();
    browser = await launchBrowser();
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await served?.stop();
  }, 60_000);

  async function open(hash: string, viewport = desktop): Promise<Page> {
    const page = await browser.newPage({ viewport });
    watchPage(page, served.url, misdeeds);
    await page.goto(`${served.url}/${hash}`);
    return page;
  }

  /** The group of the storm: the one that the database is in. */
  async function storm(): Promise<AlertGroupDetail> {
    const { groups } = await get<AlertGroupList>('/api/alert-groups');
    const found = groups.find(({ topServices }) => topServices.some(({ id }) => id === 'payments-db'));
    return get<AlertGroupDetail>(`/api/alert-groups/${found!.id}`);
  }

  test('a storm that a webhook brought is one group, first in rank, with its cause', async () => {
    const page = await open('#/alerts');
    const first = page.locator('.groups tbody tr').first();
    await first.waitFor();
    const { name } = await storm();
    expect(await first.locator('th a').textContent()).toBe(name);
    expect(await first.textContent()).toContain('payments-db');
    // The printer has nothing to do with it.
    expect(await page.locator('.groups tbody tr').count()).toBe(2);
    expect(await page.locator('.groups b').count()).toBe(0);
    await page.close();
  });

  test('a group shows its cause with reasons, its services drawn, the storm in order, and why', async () => {
    const { id, name, causes } = await storm();
    const page = await open('#/alerts');
    await page.getByRole('link', { name, exact: true }).click();
    await page.waitForURL(new RegExp(`#/alerts/${id}$`));
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    const cause = page.locator('.causes > li').first();
    expect(await cause.locator('strong').textContent()).toBe('payments-db');
    expect(await cause.textContent()).toContain(causes[0]!.reasons[0]);
    await page.getByRole('img', { name: '4 alerting services' }).locator('canvas').first().waitFor();
    await page.locator('.storm canvas').waitFor();
    expect(await page.locator('.lanes tbody th').allTextContents()).toEqual([
      'payments-dblikely cause',
      'payment',
      'checkout',
      'storefront',
    ]);
    expect(await page.locator('.members tbody tr').count()).toBe(4);
    expect(await page.locator('.links li').count()).toBeGreaterThan(0);
    await page.close();
  });

  test('alerts that are ticked are split off under the name given', async () => {
    const { id, members } = await storm();
    const odd = members.find(({ service }) => service === 'storefront')!;
    const page = await open(`#/alerts/${id}`);
    const split = page.getByRole('button', { name: /split/i });
    await split.waitFor();
    expect(await split.isDisabled()).toBe(true);
    await page.getByLabel(`${odd.name} of storefront does not belong`).check();
    await page.getByLabel('Your name').fill('Ada');
    await split.click();
    await page.getByText('Noted.').waitFor();
    await page.getByText(/Ada, .*some do not belong/).waitFor();
    const { said } = await storm();
    expect(said).toMatchObject([{ kind: 'split', author: 'Ada', alertIds: [odd.alertId] }]);
    await page.close();
  });

  test('a group without a name of the person is not judged, and what cannot be stored is told', async () => {
    const { id, said } = await storm();
    const page = await open(`#/alerts/${id}`);
    const confirm = page.getByRole('button', { name: 'Yes, these belong together' });
    await confirm.click();
    expect((await storm()).said).toEqual(said);
    await page.getByLabel('Your name').fill('Grace');
    await page.route('**/feedback', (route) => route.abort());
    await confirm.click();
    await page.getByText(/Not stored/).waitFor();
    expect((await storm()).said).toEqual(said);
    await page.close();
  });

  test('words and states narrow the list', async () => {
    const page = await open('#/alerts');
    await page.locator('.groups tbody tr').first().waitFor();
    await page.getByLabel('State').selectOption('resolved');
    await page.getByText('No group fits.').waitFor();
    await page.getByLabel('State').selectOption('open');
    await page.getByLabel('Words of the name').fill('printer');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '1 group' }).waitFor();
    await page.close();
  });

  test('a group that is not there is told in words', async () => {
    const page = await open('#/alerts/g-nothing000');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('alert group');
    await page.close();
  });

  test('a phone shows list and group without sideways scrolling', async () => {
    const { id } = await storm();
    for (const hash of ['#/alerts', `#/alerts/${id}`]) {
      const page = await open(hash, phone);
      await page.locator('table tbody tr').first().waitFor();
      const overflow = await overflowOf(page);
      expect(overflow).toBe(0);
      await page.close();
    }
  });

  test('nothing came from elsewhere and nothing was thrown', () => {
    expect(misdeeds).toEqual({ elsewhere: [], thrown: [] });
  });
});
