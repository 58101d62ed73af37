import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { isQuarterdeckError } from '../../../src/contracts';
import { misspelledVariables } from '../../../src/platform/settings/misspelled';
import { readSettings, variables } from '../../../src/platform/settings/settings';
import { settingsGuide } from '../../../src/platform/settings/settingsGuide';

/** The variables that a bad environment names, and the message. */
function problems(environment: Record<string, string>): { settings: string[]; message: string } {
  try {
    readSettings(environment);
  } catch (error) {
    if (!isQuarterdeckError(error, 'SETTINGS_INVALID')) throw error;
    return { settings: error.culprit.setting!.split(', ').sort(), message: error.message };
  }
  return { settings: [], message: '' };
}

describe('settings', () => {
  test('an empty environment is one machine with everything local', () => {
    expect(readSettings({})).toMatchObject({
      QUARTERDECK_WAREHOUSE: 'duckdb',
      EMBEDDING_PROVIDER: 'local',
      LANGUAGE_MODEL_PROVIDER: 'none',
      EMBEDDING_WEIGHT_SEMANTIC: 1,
      PREPROCESS_LANGUAGE_MODEL_SUMMARY: false,
    });
  });

  test('blank text counts as not set, and space around a value does not count', () => {
    const settings = readSettings({ TRAIN_SEED: '  ', PREPROCESS_PAGE_SIZE: ' 100 ', BIGQUERY_PROJECT: '' });
    expect(settings).toMatchObject({ TRAIN_SEED: 42, PREPROCESS_PAGE_SIZE: 100 });
    expect(settings.BIGQUERY_PROJECT).toBeUndefined();
  });

  test('all problems are named at once', () => {
    const { settings, message } = problems({
      QUARTERDECK_WAREHOUSE: 'bigquery',
      PREPROCESS_PAGE_SIZE: 'many',
      GATE_TOLERANCE: '2',
      EMBEDDING_PROVIDER: 'onnx',
      KEY_VAULT_URI: 'my-vault',
    });
    expect(settings).toEqual([
      'BIGQUERY_PROJECT',
      'EMBEDDING_ONNX_FOLDER',
      'GATE_TOLERANCE',
      'KEY_VAULT_URI',
      'PREPROCESS_PAGE_SIZE',
    ]);
    settings.forEach((setting) => expect(message).toContain(setting));
  });

  test.each<[Record<string, string>, string[]]>([
    [{ EMBEDDING_PROVIDER: 'azure-openai' }, ['EMBEDDING_ENDPOINT']],
    [{ EMBEDDING_PROVIDER: 'openai-compatible' }, ['EMBEDDING_ENDPOINT']],
    [{ EMBEDDING_PROVIDER: 'azure-openai', EMBEDDING_ENDPOINT: 'ftp://x' }, ['EMBEDDING_ENDPOINT']],
    [{ EMBEDDING_WEIGHT_SEMANTIC: '0' }, ['EMBEDDING_WEIGHT_SEMANTIC']],
    [{ LANGUAGE_MODEL_PROVIDER: 'azure-openai' }, ['LANGUAGE_MODEL_ENDPOINT', 'LANGUAGE_MODEL_NAME']],
    [{ PREPROCESS_LANGUAGE_MODEL_SUMMARY: 'true' }, ['PREPROCESS_LANGUAGE_MODEL_SUMMARY']],
    [{ PREPROCESS_LANGUAGE_MODEL_SUMMARY: 'yes' }, ['PREPROCESS_LANGUAGE_MODEL_SUMMARY']],
    [{ BIGQUERY_KEY_FILE: 'key.json', BIGQUERY_WORKLOAD_IDENTITY_AUDIENCE: '//iam' }, ['BIGQUERY_KEY_FILE']],
    [
      { EMBEDDING_ENDPOINT: 'http://models.example', EMBEDDING_KEY_SECRET: 'embedding-key' },
      ['EMBEDDING_ENDPOINT'],
    ],
    [{ EMBEDDING_ENDPOINT: 'http://localhost:8080', EMBEDDING_KEY_SECRET: 'embedding-key' }, []],
    [{ EMBEDDING_KEY_SECRET: 'sk-proj-abcdef' }, ['EMBEDDING_KEY_SECRET']],
    [{ QUARTERDECK_TABLE_PREFIX: 'a; DROP TABLE' }, ['QUARTERDECK_TABLE_PREFIX']],
    [{ QUARTERDECK_ARTIFACTS_CONTAINER: '../other' }, ['QUARTERDECK_ARTIFACTS_CONTAINER']],
    [{ KEY_VAULT_URI: 'http://vault.example' }, ['KEY_VAULT_URI']],
    [{ QUARTERDECK_MAX_THREADS: '1.5' }, ['QUARTERDECK_MAX_THREADS']],
    [{ PREPROCESS_DEADLINE_MS: '0' }, ['PREPROCESS_DEADLINE_MS']],
  ])('%j is answered with %j', (environment, expected) => {
    expect(problems(environment).settings).toEqual(expected);
  });

  test('no value ever shows in a message', () => {
    const bad = Object.fromEntries(Object.keys(variables).map((name) => [name, 'hunter2 \u0000 hunter2']));
    const { message } = problems(bad);
    expect(message).not.toBe('');
    expect(message).not.toContain('hunter2');
  });

  test('a slip of the hand is noticed, foreign variables are not', () => {
    expect(
      misspelledVariables({
        EMBEDING_PROVIDER: 'onnx',
        Gate_Tolerance: '0.1',
        AzureWebJobStorage: 'x',
        PATH: '/bin',
        EMBEDDING_MODEL: 'right',
        WEBSITE_SITE_NAME: 'x',
        TRAIN_SEEDS_OF_OTHERS: '1',
      }),
    ).toEqual([
      { given: 'EMBEDING_PROVIDER', meant: 'EMBEDDING_PROVIDER' },
      { given: 'Gate_Tolerance', meant: 'GATE_TOLERANCE' },
      { given: 'AzureWebJobStorage', meant: 'AzureWebJobsStorage' },
    ]);
  });

  test('docs/settings.md is the table of settings, and each says what it is for', () => {
    for (const schema of Object.values(variables)) expect(schema.description).toMatch(/\w/);
    // To write it anew: node dist/scripts/writeSettingsGuide.js
    expect(readFileSync(join(process.cwd(), 'docs', 'settings.md'), 'utf8')).toBe(settingsGuide());
  });
});
