import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  authentication,
  workloadIdentityClient,
} from '../../../src/platform/warehouse/bigquery/authentication';
import { warehouseError } from '../../../src/platform/warehouse/bigquery/errors';
import { bigQuerySettings } from '../../support/bigquery';

const audience = '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/azure/providers/app';

describe('workload identity federation', () => {
  let http: Server;
  let url: string;
  const requests: { path: string; authorization: string | undefined; body: string }[] = [];
  let refuse = false;

  /** Google's token service and its service account credentials, as far as an exchange needs them. */
  beforeAll(async () => {
    http = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const path = request.url!;
        requests.push({
          path,
          authorization: request.headers.authorization,
          body: Buffer.concat(parts).toString(),
        });
        response.setHeader('content-type', 'application/json');
        response.statusCode = refuse ? 400 : 200;
        const answer = refuse
          ? { error: 'invalid_grant', error_description: 'The audience in the token does not match.' }
          : path === '/v1/token'
            ? { access_token: 'federated', issued_token_type: 'a', token_type: 'Bearer', expires_in: 3600 }
            : { accessToken: 'service-account', expireTime: '2099-01-01T00:00:00Z' };
        response.end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => {
      http.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    requests.length = 0;
    refuse = false;
  });
  afterAll(async () => {
    http.closeAllConnections();
    await new Promise((resolve) => {
      http.close(resolve);
    });
  });

  const scopesAsked: unknown[] = [];
  const credential = {
    getToken: (scope: string | string[]) => {
      scopesAsked.push(scope);
      return Promise.resolve({ token: 'entra', expiresOnTimestamp: Infinity });
    },
  };
  const client = (serviceAccount: string | undefined) =>
    workloadIdentityClient({
      audience,
      credential,
      scope: 'api://quarterdeck/.default',
      serviceAccount,
      tokenUrl: `${url}/v1/token`,
      impersonationUrl: `${url}/v1/serviceAccounts`,
    });

  it("exchanges the managed identity's token for one of Google's", async () => {
    const headers = await client(undefined).getRequestHeaders();
    expect(headers.get('authorization')).toBe('Bearer federated');
    expect(scopesAsked.at(-1)).toBe('api://quarterdeck/.default');
    const sent = new URLSearchParams(requests[0]!.body);
    expect(Object.fromEntries(sent)).toMatchObject({
      audience,
      subject_token: 'entra',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    });
    expect(requests).toHaveLength(1);
  });

  it('acts as the service account that is named', async () => {
    const headers = await client('quarterdeck@project.iam.gserviceaccount.com').getRequestHeaders();
    expect(headers.get('authorization')).toBe('Bearer service-account');
    expect(requests[1]).toMatchObject({
      path: '/v1/serviceAccounts/quarterdeck@project.iam.gserviceaccount.com:generateAccessToken',
      authorization: 'Bearer federated',
    });
  });

  it('fails when the exchange is refused', async () => {
    refuse = true;
    const error: unknown = await client(undefined)
      .getRequestHeaders()
      .catch((refused: unknown) => refused);
    expect(warehouseError(error, 'reading')).toMatchObject({
      code: 'CREDENTIAL_REJECTED',
      message: expect.stringContaining('audience in the token') as unknown,
    });
  });

  it('names the identity when it gives no token', async () => {
    const broken = workloadIdentityClient({
      audience,
      credential: { getToken: () => Promise.reject(new Error('no endpoint')) },
      scope: 's',
      serviceAccount: undefined,
      tokenUrl: `${url}/v1/token`,
    });
    await expect(broken.getRequestHeaders()).rejects.toMatchObject({
      code: 'CREDENTIAL_REJECTED',
      culprit: { service: 'entra' },
    });
  });
});

describe('how the client proves who it is', () => {
  it('needs no credential for an address on this machine', async () => {
    const { authClient } = authentication(bigQuerySettings('http://127.0.0.1:9050'))();
    const headers = await (authClient as { getRequestHeaders: () => Promise<Headers> }).getRequestHeaders();
    expect([...headers.keys()]).toEqual([]);
  });

  it('says which setting is missing for any other address', () => {
    expect(() => authentication(bigQuerySettings('https://bigquery.example.com'))).toThrow(
      'BIGQUERY_WORKLOAD_IDENTITY_AUDIENCE',
    );
  });

  it('names the setting of a key file that cannot be read', () => {
    const settings = bigQuerySettings('https://bigquery.example.com', {
      BIGQUERY_KEY_FILE: '/nowhere/key.json',
    });
    expect(() => authentication(settings)()).toThrow('BIGQUERY_KEY_FILE');
  });
});
