import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

const paths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export const phone = { width: 360, height: 740 };
export const desktop = { width: 1280, height: 900 };

/** The machine's own Chromium, which asks nobody for anything but the pages under test. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = paths.find(existsSync);
  if (!executablePath) throw new Error('no Chromium here: install it (Debian: apt-get install chromium)');
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
}

/** What pages may not do: ask another origin, throw, or meet their own content policy. */
export interface Misdeeds {
  readonly elsewhere: string[];
  readonly thrown: string[];
}

/** Notes the misdeeds of a page from now on. */
export function watchPage(page: Page, origin: string, { elsewhere, thrown }: Misdeeds): void {
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:'))
      elsewhere.push(request.url());
  });
  page.on('pageerror', (error) => thrown.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && message.text().includes('Content Security Policy'))
      thrown.push(message.text());
  });
}

/** Pixels by which a page is wider than the window. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
