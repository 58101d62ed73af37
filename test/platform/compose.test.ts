import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { composePlatform } from '../../src/platform/compose';
import { recordingTelemetry } from '../support/recordingTelemetry';
import { withPlatform } from '../support/platform';

const platform = withPlatform();
const signal = AbortSignal.timeout(60_000);

describe('the platform of one machine', () => {
  test('has working tables, blobs and queues', async () => {
    const { warehouse, blobs, queues } = await platform();
    expect(await warehouse.techCenters(signal)).toEqual([]);
    await blobs.write('a', new Uint8Array([1]));
    expect(await blobs.exists('a')).toBe(true);
    expect(await queues.count('none', signal)).toBe(0);
  });

  test('two platforms on one environment see the same data', async () => {
    const first = await platform();
    await first.blobs.write('shared', new Uint8Array([1]));
    const second = await platform({ environment: first.environment });
    expect(await second.blobs.exists('shared')).toBe(true);
  });

  test('closing twice is closing once', async () => {
    const opened = await platform();
    await Promise.all([opened.close(), opened.close()]);
  });
});

describe('composing a platform', () => {
  test('loads no SDK, whatever is configured, so that the first answer comes soon', () => {
    const environment = {
      AzureWebJobsStorage: 'UseDevelopmentStorage=true',
      KEY_VAULT_URI: 'https://deck.vault.azure.net',
      APPLICATIONINSIGHTS_CONNECTION_STRING: 'InstrumentationKey=00000000-0000-4000-8000-000000000000',
      EMBEDDING_PROVIDER: 'azure-openai',
      EMBEDDING_ENDPOINT: 'https://deck.openai.azure.com',
      LANGUAGE_MODEL_PROVIDER: 'azure-openai',
      LANGUAGE_MODEL_ENDPOINT: 'https://deck.openai.azure.com',
      LANGUAGE_MODEL_NAME: 'chat',
    };
    const compose = JSON.stringify(join(process.cwd(), 'dist/src/platform/compose.js'));
    const script = [
      `const { composePlatform } = require(${compose});`,
      `composePlatform(${JSON.stringify(environment)});`,
      'const files = Object.keys(require.cache).join("\\n");',
      'const names = files.match(/node_modules.(@azure.[\\w-]+|openai|applicationinsights|@duckdb.[\\w-]+|onnxruntime-node)/g);',
      'process.stdout.write(JSON.stringify([...new Set(names ?? [])]));',
    ].join('\n');
    const output = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect(JSON.parse(output)).toEqual([]);
  });

  test('says when a variable looks misspelled', () => {
    const telemetry = recordingTelemetry();
    composePlatform({ QUARTERDECK_DATADIR: 'x' }, { telemetry });
    expect(telemetry.logs.map(({ message }) => message)).toEqual([
      'the variable QUARTERDECK_DATADIR is unknown; was QUARTERDECK_DATA_DIR meant?',
    ]);
  });

  test('a bad setting stops it', () => {
    expect(() => composePlatform({ QUARTERDECK_WAREHOUSE: 'oracle' })).toThrow(
      expect.objectContaining({ code: 'SETTINGS_INVALID', culprit: { setting: 'QUARTERDECK_WAREHOUSE' } }),
    );
  });
});
