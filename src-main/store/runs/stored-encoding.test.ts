import { constants, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHeaders, encodeHeaders } from './stored-encoding';

/** As written by the first build that had a dictionary. */
const FIRST =
  'KLUv/WCxAAUEAHQDW3JlcV9jZDNmN2JkMmQ5MTQzNmYzMGZlYjY2M2U0ZWI3MGE0MjgxNDE3NDk4MjE0OjE1OjQ0XRkABx6IAGjsuTKAAy/wMTN1UoEJCZBJSwDSMDWguRukL4WljUC8GJAsB0IMqL6QcCEwOBAOEIjfKAdM0IAmSsBsuQIBWFwB';
const SENT: [string, string][] = [
  ['content-type', 'application/json'],
  ['x-request-id', 'req_cd3f7bd2d91436f30feb663e4eb70a42'],
  ['openai-version', '2020-10-01'],
  ['openai-processing-ms', '812'],
  ['x-ratelimit-limit-requests', '500'],
  ['x-ratelimit-remaining-requests', '417'],
  ['x-ratelimit-reset-requests', '120ms'],
  ['x-ratelimit-remaining-tokens', '498211'],
  ['date', 'Fri, 20 Nov 2026 14:15:44 GMT'],
  ['strict-transport-security', 'max-age=31536000; includeSubDomains; preload'],
];

describe('headers at rest', () => {
  it('come back as they came', () => {
    const pair = fc.tuple(fc.string(), fc.string({ maxLength: 300 }));
    fc.assert(
      fc.property(fc.array(pair), (headers) => {
        expect(JSON.parse(decodeHeaders(encodeHeaders(headers)))).toEqual(headers);
      }),
    );
  });

  it('of a known provider are a few numbers', () => {
    expect(encodeHeaders(SENT).byteLength).toBeLessThan(JSON.stringify(SENT).length / 3);
  });

  it('are read as they were kept when the dictionary was new', () => {
    expect(JSON.parse(decodeHeaders(Buffer.from(FIRST, 'base64')))).toEqual(SENT);
  });

  it('are read as they were kept before there was a dictionary', () => {
    const text = Buffer.from(JSON.stringify(SENT));
    const frame = zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
    expect(frame.byteLength).toBeLessThan(text.byteLength);
    expect(JSON.parse(decodeHeaders(frame))).toEqual(SENT);
    expect(JSON.parse(decodeHeaders(text))).toEqual(SENT);
  });
});
