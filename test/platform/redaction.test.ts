import { describe, expect, test } from '@jest/globals';
import { redact, redactSecrets } from '../../src/platform/redaction';

const jwt = `eyJhbGciOiJIUzI1NiJ9.${Buffer.from('{"sub":"1"}').toString('base64url')}.c2lnbmF0dXJl`;
const storageKey = `${'Ab3+'.repeat(21)}Zz==`;

describe('redaction', () => {
  test.each([
    ["mail jane.o'neil+it@corp.example.com now", 'mail [email] now'],
    ['Müller@bücher.example schreibt', '[email] schreibt'],
    ['password: hunter2', 'password: [secret]'],
    ['"password": "s3cr et, yes"', '"password": [secret]'],
    ["pwd='x y z'", 'pwd=[secret]'],
    ['my password is Summer2026! since today', 'my password is [secret] since today'],
    ['DB_PASSWORD=abc123 started', 'DB_PASSWORD=[secret] started'],
    ['client_secret=abc~def;next', 'client_secret=[secret];next'],
    [
      `AccountName=a;AccountKey=${storageKey};EndpointSuffix=x`,
      'AccountName=a;AccountKey=[secret];EndpointSuffix=x',
    ],
    [`key ${storageKey} leaked`, 'key [token] leaked'],
    ['https://jane:pa55@host.example/path', 'https://[secret]@host.example/path'],
    ['https://a.example/b?sv=1&sig=abcdefghijklmnop%3D&x=1', 'https://a.example/b?sv=1&sig=[token]&x=1'],
    [`Authorization: Bearer ${jwt}`, 'Authorization: Bearer [token]'],
    [`the jwt ${jwt} expired`, 'the jwt [token] expired'],
    ['AKIAIOSFODNN7EXAMPLE was used', '[token] was used'],
    [`ghp_${'a1'.repeat(18)}`, '[token]'],
    [`sk-proj-${'a1'.repeat(12)}`, '[token]'],
    ['pay to DE89 3704 0044 0532 0130 00 please', 'pay to [iban] please'],
    ['card 4111 1111 1111 1111 declined', 'card [card] declined'],
    ['ssn 078-05-1120', 'ssn [national-id]'],
    ['host 10.1.2.3 is down', 'host [ip] is down'],
    ['host fe80::1ff:fe23:4567:890a is down', 'host [ip] is down'],
    ['ring +49 (0)30 1234567 today', 'ring [phone] today'],
    ['ring 555-867-5309 today', 'ring [phone] today'],
    ['Tel.: 030 1234567', 'Tel.: [phone]'],
  ])('%j', (text, expected) => {
    expect(redactSecrets(text)).toBe(expected);
  });

  test('a private key goes with its whole body, also when its end is missing', () => {
    const body = `${'A1b2'.repeat(16)}\n${'C3d4'.repeat(16)}\n`;
    const begin = '-----BEGIN RSA PRIVATE KEY-----';
    expect(redactSecrets(`x ${begin}\n${body}-----END RSA PRIVATE KEY----- y`)).toBe('x [private-key] y');
    expect(redactSecrets(`x ${begin}\n${body}cut`)).toBe('x [private-key]\ncut');
  });

  test.each([
    'password reset does not work, password expired',
    'Password: expired',
    'the password is incorrect',
    'basic authentication fails',
    'INC0012345 opened 2026-07-01T08:30:00 by the monitor, 12:30:45',
    'order 4111111111111112 was lost',
    'version 10.2.3 on build 1.2.3.4567',
    'asset 1234567890123',
    'std::vector and a::b',
    'GB00 WEST 1234 5698 7654 32',
    'tokens are counted per minute',
  ])('leaves %j alone', (text) => {
    expect(redactSecrets(text)).toBe(text);
  });

  test('redacting twice changes nothing more', () => {
    const once = redactSecrets('password: hunter2 and a@b.example, Bearer abc123456, 4111111111111111');
    expect(redactSecrets(once)).toBe(once);
  });

  test('counts what it found by kind', () => {
    expect(redact('a@b.example, c@d.example, 10.0.0.1').found).toEqual({ email: 2, ip: 1 });
  });

  test.each([
    ['a'.repeat(200_000)],
    ['-----BEGIN PRIVATE KEY-----'.repeat(5_000)],
    ['password='.repeat(20_000)],
    ['1 '.repeat(100_000)],
    ['a@'.repeat(100_000)],
    ['1:'.repeat(100_000)],
    ['eyJ'.repeat(60_000)],
    ['0000 '.repeat(40_000)],
  ])('hostile text is read to its end', (text) => {
    expect(redactSecrets(text).length).toBeGreaterThan(0);
  });
});
