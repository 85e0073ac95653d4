import { expect, test } from 'vitest';
import { isGranted } from './permissions';

const ours = { permission: 'clipboard-sanitized-write', url: 'app://prompter/', isMainFrame: true };

test('our own page may copy', () => {
  expect(isGranted(ours)).toBe(true);
});

test.each([
  { ...ours, url: 'https://evil.example/' },
  { ...ours, url: undefined },
  { ...ours, isMainFrame: false },
  ...['clipboard-read', 'media', 'geolocation', 'notifications', 'openExternal', 'fileSystem', 'unknown'].map(
    (permission) => ({ ...ours, permission }),
  ),
])('and nothing else: %j', (question) => {
  expect(isGranted(question)).toBe(false);
});
