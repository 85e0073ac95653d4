import { afterEach, expect, test, vi } from 'vitest';
import { renderPrompt } from '..';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const render = (user_prompt_template: string, variables = {}): string =>
  renderPrompt({ system_instructions: '', user_prompt_template }, variables).user;

const ZONES = ['UTC', 'Asia/Tokyo', 'America/New_York', 'Australia/Lord_Howe'];

test.each([
  ['{{ d | date: "%Y-%m-%d" }}', '2024-03-01T23:30:00-05:00', '2024-03-02'],
  ['{{ d | date: "%Y-%m-%d %H:%M %z" }}', '2024-03-01 10:00', '2024-03-01 10:00 +0000'],
  ['{{ d | date: "%s" }}', 'March 1, 2024 10:00', '1709287200'],
  ['{{ d | date: "%H:%M" }}', '2024-03-10T02:30:00Z', '02:30'],
  [
    '{{ d | date: "%c|%x|%X|%%x|%B" }}',
    '2024-03-01T15:04:05Z',
    '3/1/2024, 3:04:05 PM|3/1/2024|3:04:05 PM|%x|March',
  ],
  ['{{ d | date: "%H:%M", "Europe/Berlin" }}', '2024-03-01 10:00', '11:00'],
  [
    '{{ d | date: "%F %T|%R|%D|%r|%-d %h|100%|%%F" }}',
    '2024-03-01T15:04:05Z',
    '2024-03-01 15:04:05|15:04|03/01/24|03:04:05 PM|1 Mar|100%|%F',
  ],
  ['{{ d | date_to_xmlschema }}', '2024-07-01T10:00', '2024-07-01T10:00:00+00:00'],
  ['{{ d | date_to_rfc822 }}', '2024-03-31T02:30', 'Sun, 31 Mar 2024 02:30:00 +0000'],
  ['{{ d | date_to_string }}, {{ d | date_to_long_string }}', '2024-03-01', '01 Mar 2024, 01 March 2024'],
  ['{{ d | date: "%Y-%m-%d" }}', 1_709_337_600, '2024-03-02'],
])('%s of %s is the same in every zone', (template, d, expected) => {
  for (const zone of ZONES) {
    vi.stubEnv('TZ', zone);
    expect([zone, render(template, { d })]).toEqual([zone, expected]);
    expect(process.env['TZ']).toBe(zone);
  }
});

test('the language of the system has no say', () => {
  for (const name of ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'] as const)
    vi.spyOn(Date.prototype, name).mockReturnValue('1.3.2024, 15:04:05');
  expect(render('{{ d | date: "%c|%x|%X" }}', { d: '2024-03-01T15:04:05Z' })).toBe(
    '3/1/2024, 3:04:05 PM|3/1/2024|3:04:05 PM',
  );
});

test('a process without a zone of its own keeps none', () => {
  vi.stubEnv('TZ', undefined);
  expect(render('{{ "2024-03-01 10:00" | date: "%H" }}')).toBe('10');
  expect(process.env['TZ']).toBeUndefined();
});

test.each(['%G-W%V', '%K', '%-i', '%:f', '%EQ'])(
  '%s, which no date has, is refused with its place',
  (format) => {
    const text = `Today:\n{{ d | date: "${format}" }}`;
    expect(() => render(text, { d: '2024-03-01' })).toThrow(/line 2.*in the date format stands for nothing/);
  },
);
