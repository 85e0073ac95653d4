import { expect, test } from 'vitest';
import { storedRun } from '../../../../test/support/stored-run';
import type { RunSummary, RunStatus } from '../../../../src-shared/domain';
import type { Terminal } from '../terminal';
import { createProgress } from './progress';

function recorder(errIsTty: boolean): { terminal: Terminal; written: string[] } {
  const written: string[] = [];
  const terminal: Terminal = {
    out: () => {
      throw new Error('progress belongs to standard error');
    },
    err: (text) => void written.push(text),
    outIsTty: false,
    errIsTty,
    columns: 80,
  };
  return { terminal, written };
}

const cell = (index: number, status: RunStatus): RunSummary => storedRun(index, { status });

test('without a terminal there is a line for each tenth', () => {
  const { terminal, written } = recorder(false);
  const progress = createProgress('bar', terminal);
  progress.started('b', 0, 40);
  for (let index = 0; index < 40; index++) progress.stored(cell(index, index === 5 ? 'failed' : 'succeeded'));
  progress.finished();
  expect(written).toHaveLength(11);
  expect(written.at(0)).toBe('0/40 (0%)\n');
  expect(written.at(-1)).toBe('40/40 (100%), 1 failed\n');
});

test('on a terminal one line is redrawn and the last state stays', () => {
  const { terminal, written } = recorder(true);
  const progress = createProgress('bar', terminal);
  progress.started('b', 8, 10);
  progress.stored(cell(8, 'succeeded'));
  progress.stored(cell(9, 'outcome_unknown'));
  progress.finished();
  expect(written.slice(0, -1).every((text) => text.startsWith('\r'))).toBe(true);
  expect(written.join('')).toMatch(/10\/10 \(100%\), 1 unknown\n$/);
});

test('for programs there is a line for the batch and one for each cell', () => {
  const { terminal, written } = recorder(false);
  const progress = createProgress('jsonl', terminal);
  progress.started('b', 0, 2);
  expect(JSON.parse(written.join(''))).toEqual({ event: 'batch', batch_id: 'b', total: 2 });
  progress.stored(cell(1, 'succeeded'));
  progress.stored(cell(0, 'failed'));
  progress.finished();
  const lines = written.join('').trimEnd().split('\n');
  expect(lines.slice(1).map((line) => JSON.parse(line))).toEqual([
    {
      event: 'stored',
      batch_id: 'b',
      batch_run_index: 1,
      run_id: 'run-1',
      status: 'succeeded',
      raw_response_sha256: 'raw',
    },
    {
      event: 'stored',
      batch_id: 'b',
      batch_run_index: 0,
      run_id: 'run-0',
      status: 'failed',
      raw_response_sha256: 'raw',
    },
  ]);
});
