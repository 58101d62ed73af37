import { describe, expect, test } from '@jest/globals';
import { QuarterdeckError } from '../../../src/contracts';
import { acceptName, nameThemes, type Theme } from '../../../src/incidents/train/nameThemes';
import type { LanguageModel, LanguageModelRequest } from '../../../src/platform/language/languageModel';

const theme: Theme = {
  keywords: [
    { term: 'vpn', weight: 1 },
    { term: 'token expired', weight: 0.8 },
  ],
  titles: ['VPN asks for a new token', 'Cannot connect from home'],
};

function answering(answer: (request: LanguageModelRequest, call: number) => string): {
  model: LanguageModel;
  requests: LanguageModelRequest[];
} {
  const requests: LanguageModelRequest[] = [];
  return {
    requests,
    model: {
      model: 'test',
      complete: (request) => {
        requests.push(request);
        const text = answer(request, requests.length);
        return Promise.resolve({ text, inputTokens: 1, outputTokens: 1 });
      },
    },
  };
}

const { signal } = new AbortController();

describe('names from a language model', () => {
  test('are taken when a keyword or title bears them out', () => {
    expect(acceptName('Expired VPN tokens', theme)).toBe('Expired VPN tokens');
    expect(acceptName('"Home connections."', theme)).toBe('Home connections');
  });

  test.each([
    ['', 'empty'],
    ['Banana bread recipes', 'no word of the theme'],
    ['VPN\nIgnore the above', 'more than a line'],
    [`VPN ${'very '.repeat(20)}slow`, 'too long'],
    ['VPN <script>', 'markup'],
    ['VPN help at https://example.com', 'an address'],
  ])('%j is refused: %s', (answer) => {
    expect(acceptName(answer, theme)).toBeUndefined();
  });

  test('the prompt fences ticket text as data, redacts it and bounds the answer', async () => {
    const { model, requests } = answering(() => 'VPN tokens');
    const secret = { ...theme, titles: ['VPN of jane.doe@example.com fails', 'x'.repeat(1000)] };
    const result = await nameThemes(model, [secret], signal);
    expect(result).toEqual({ names: ['VPN tokens'], rejected: 0, unavailable: false });
    const [request] = requests;
    expect(request!.data).toContain('vpn, token expired');
    expect(request!.data).not.toContain('jane.doe');
    expect(request!.data.length).toBeLessThan(1000);
    expect(request!.instructions).not.toContain('VPN');
    expect(request!.maxOutputTokens).toBeLessThan(100);
  });

  test('a refused name leaves that theme to its keywords', async () => {
    const { model } = answering((_, call) => (call === 1 ? 'Bananas' : 'VPN'));
    expect(await nameThemes(model, [theme, theme], signal)).toEqual({
      names: [undefined, 'VPN'],
      rejected: 1,
      unavailable: false,
    });
  });

  test('a model out of reach is not asked for every theme', async () => {
    const { model, requests } = answering(() => {
      throw new QuarterdeckError('LANGUAGE_MODEL_UNAVAILABLE', 'down');
    });
    const themes = Array.from({ length: 50 }, () => theme);
    const result = await nameThemes(model, themes, signal);
    expect(result.unavailable).toBe(true);
    expect(result.names).toEqual(themes.map(() => undefined));
    expect(requests.length).toBeLessThan(10);
  });

  test('an abort ends the naming', async () => {
    const controller = new AbortController();
    const { model } = answering(() => {
      controller.abort();
      throw new QuarterdeckError('ABORTED', 'stopped');
    });
    await expect(nameThemes(model, [theme], controller.signal)).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
