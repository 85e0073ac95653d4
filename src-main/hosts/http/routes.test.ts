import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPublic, parseTarget, resolveRoute } from './routes';

describe('parseTarget', () => {
  test.each([
    '',
    '*',
    'v1/status',
    'http://127.0.0.1/v1/status',
    '//v1/status',
    '/v1//status',
    '/v1/./status',
    '/v1/../status',
    '/v1/%2e%2E/status',
    '/v1/a%00b',
    '/v1/a%zzb',
    '/v1/%ff',
    '/v1/a\\b',
    '/v1/a b',
    '/v1/status#x',
    '/v1/ä',
  ])('refuses %j', (target) => {
    expect(parseTarget(target)).toMatchObject({ code: 'BAD_REQUEST' });
  });

  test.each([
    '/',
    '/v1/status',
    '/v1/status/',
    '/v1/templates?q=a//b/../c',
    '/assets/a-b_c.1~2.js',
    '/v1/t/a%20b',
    '/v1/t/a%2Fb',
    '/v1/..%2fstatus',
  ])('takes %j', (target) => {
    expect(parseTarget(target)).toMatchObject({ pathname: target.split('?', 1)[0] });
  });
});

test('no spelling of a path is public but the three that are', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'),
      fc.array(
        fc.constantFrom('v1', 'health', 'status', 'rpc', '..', '.', '%2e', '%2f', '', 'metrics', 'V1'),
      ),
      (method, segments) => {
        const target = parseTarget(`/${segments.join('/')}`);
        if ('code' in target) return;
        const route = resolveRoute(method, target);
        if (!isPublic(route)) return;
        if (route.kind === 'health') expect(`${method} ${route.pathname}`).toBe('GET /v1/health');
        expect(/^\/(v1|rpc)(\/|$)/.test(route.pathname)).toBe(route.kind === 'health');
      },
    ),
  );
});
