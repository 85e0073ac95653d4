import { describe, expect, it } from 'vitest';
import { costsAnswerSchema, insightQuerySchema } from '../../src-shared/domain';
import { practiceCore } from '../../test/support/practice-core';
import { rangeOf, startOfDay } from './days';

const iso = (zone: string, date: string) => new Date(startOfDay(zone, date)).toISOString();
const NOW = Date.parse('2026-11-20T23:30:00.000Z');

describe('a day of a time zone', () => {
  it.each([
    ['UTC', '2026-11-20', '2026-11-20T00:00:00.000Z'],
    ['Europe/Berlin', '2026-07-01', '2026-06-30T22:00:00.000Z'],
    // Clocks go forward at 02:00 and back at 03:00: the day itself begins by the old offset.
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z'],
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00.000Z'],
    // Here they went forward at midnight, so that the day began at 01:00.
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z'],
    ['Asia/Kolkata', '2026-11-20', '2026-11-19T18:30:00.000Z'],
    ['Pacific/Kiritimati', '2026-11-20', '2026-11-19T10:00:00.000Z'],
  ])('%s %s begins at %s', (zone, date, expected) => {
    expect(iso(zone, date)).toBe(expected);
  });

  it('has 23 or 25 hours where clocks change, and every hour belongs to one day', () => {
    const { slots, exactDays } = rangeOf(
      { from: '2026-10-24', to: '2026-10-26', time_zone: 'Europe/Berlin', group_by: 'day' },
      NOW,
    );
    expect(slots.map(({ from, to }) => to - from)).toEqual([24, 25, 24]);
    expect(slots.slice(1).map(({ from }) => from)).toEqual(slots.slice(0, -1).map(({ to }) => to));
    expect(exactDays).toBe(true);
  });

  it('begins at the next full hour where its midnight is not on one, and says so', () => {
    const { slots, exactDays } = rangeOf(
      { from: '2026-11-20', to: '2026-11-20', time_zone: 'Asia/Kolkata', group_by: 'day' },
      NOW,
    );
    expect(exactDays).toBe(false);
    expect(slots.map(({ from, to }) => [from * 3_600_000, to - from])).toEqual([
      [Date.parse('2026-11-19T19:00:00.000Z'), 24],
    ]);
  });

  it('is the local one where no range is asked for', () => {
    const inTokyo = rangeOf({ time_zone: 'Asia/Tokyo', group_by: 'day' }, NOW);
    expect([inTokyo.from, inTokyo.to, inTokyo.slots.length]).toEqual(['2026-10-23', '2026-11-21', 30]);
  });

  it.each([
    [{ from: '2026-11-02', to: '2026-11-01', group_by: 'day' as const }, 'to'],
    [{ from: '2020-01-01', to: '2026-11-01', group_by: 'day' as const }, 'from'],
    [{ from: '2026-10-01', to: '2026-11-01', group_by: 'hour' as const }, 'from'],
  ])('a range that is no chart is refused: %o', (range, path) => {
    expect(() => rangeOf({ time_zone: 'UTC', ...range }, NOW)).toThrow(
      expect.objectContaining({ data: { fields: [expect.objectContaining({ path })] } }),
    );
  });
});

it('the first and the last days that can be asked for have an answer, in every zone', async () => {
  const { core } = await practiceCore();
  for (const time_zone of ['UTC', 'Asia/Kolkata', 'Pacific/Kiritimati', 'America/Los_Angeles'])
    for (const range of [{ to: '1970-01-01' }, { from: '2999-12-31', to: '2999-12-31' }])
      for (const group_by of ['day', 'model']) {
        const query = insightQuerySchema.parse({ ...range, time_zone, group_by });
        expect(costsAnswerSchema.parse(core.insight.costs(query))).toMatchObject({ rows: [], to: range.to });
      }
  for (const date of ['0000-01-01', '1969-12-31', '3000-01-01', '9999-12-31'])
    expect(insightQuerySchema.safeParse({ from: date }).error?.issues[0]?.message).toContain('1970 to 2999');
});
