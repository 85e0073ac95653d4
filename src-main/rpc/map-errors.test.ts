import { ORPCError, ValidationError } from '@orpc/contract';
import { expect, test } from 'vitest';
import { ERROR_STATUS } from '../../src-shared/contract';
import { AppError, ERROR_CODES } from '../../src-shared/domain';
import { toRpcError } from './map-errors';

const lines: unknown[] = [];
const where = { procedure: 'runs.start', logger: { log: (...line: unknown[]) => void lines.push(line) } };

test.each(ERROR_CODES)('%s keeps its code, message and data and has its status', (code) => {
  const error = toRpcError(new AppError(code, 'what to do', { data: { id: 'x' }, cause: 'hidden' }), where);
  expect(error.toJSON()).toEqual({
    defined: false,
    code,
    status: ERROR_STATUS[code],
    message: 'what to do',
    data: { id: 'x' },
  });
});

test('bad input names its fields by dotted paths', () => {
  const cause = new ValidationError({
    message: 'Input validation failed',
    data: { secret: 'canary' },
    issues: [
      { message: 'Too small', path: ['inputs', 0, { key: 'name' }] },
      { message: 'Odd', path: [] },
    ],
  });
  const error = toRpcError(new ORPCError('BAD_REQUEST', { cause }), where);
  expect(error).toMatchObject({
    code: 'VALIDATION_FAILED',
    status: 422,
    data: {
      fields: [
        { path: 'inputs.0.name', message: 'Too small' },
        { path: '', message: 'Odd' },
      ],
    },
  });
});

test('an aborted call is cancelled, not broken', () => {
  expect(toRpcError(new DOMException('stop', 'AbortError'), where)).toMatchObject({
    code: 'CANCELLED',
    status: 499,
  });
});

test.each([
  [new TypeError('x is not a function')],
  ['a thrown string'],
  [null],
  [new ORPCError('INTERNAL_SERVER_ERROR', { message: 'Output validation failed', data: { leak: 'canary' } })],
  [
    new ORPCError('EVENT_ITERATOR_VALIDATION_FAILED', {
      cause: new ValidationError({
        message: 'bad',
        issues: [{ message: 'no', path: ['a'] }],
        data: 'canary',
      }),
    }),
  ],
])('anything else is a bug of which only an id is told: %s', (thrown) => {
  lines.length = 0;
  const error = toRpcError(thrown, where);
  expect(Object.keys(error.data as object)).toEqual(['incident_id']);
  expect(error).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', status: 500 });
  expect(lines).toMatchObject([['error', 'rpc.bug', { ...(error.data as object), procedure: 'runs.start' }]]);
  expect(JSON.stringify([lines, error.toJSON()])).not.toContain('canary');
});
