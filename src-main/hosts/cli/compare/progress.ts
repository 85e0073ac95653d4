import type { RunSummary } from '../../../../src-shared/domain';
import { usageError } from '../failure';
import type { Terminal } from '../terminal';

export const PROGRESS_STYLES = ['bar', 'jsonl', 'none'] as const;
export type ProgressStyle = (typeof PROGRESS_STYLES)[number];

export interface Progress {
  started(batchId: string, done: number, total: number): void;
  /** A cell whose answer is committed. */
  stored(cell: RunSummary): void;
  finished(): void;
}

export function createProgress(style: ProgressStyle, terminal: Terminal): Progress {
  switch (style) {
    case 'bar':
      return terminal.errIsTty ? redrawnLine(terminal) : everyTenth(terminal);
    case 'jsonl':
      return jsonLines(terminal);
    case 'none':
      return { started: () => {}, stored: () => {}, finished: () => {} };
    default:
      throw usageError(`--progress: must be one of ${PROGRESS_STYLES.join(', ')}`);
  }
}

/** One line per committed cell, for programs. Lines of one turn of the event loop are written together. */
function jsonLines(terminal: Terminal): Progress {
  let waiting = '';
  const flush = () => {
    if (waiting !== '') terminal.err(waiting);
    waiting = '';
  };
  const write = (value: object) => {
    if (waiting === '') setImmediate(flush);
    waiting += `${JSON.stringify(value)}\n`;
  };
  return {
    started(batch_id, _done, total) {
      write({ event: 'batch', batch_id, total });
      flush();
    },
    stored({ batch_id, batch_run_index, run_id, status, raw_response_sha256 }) {
      write({ event: 'stored', batch_id, batch_run_index, run_id, status, raw_response_sha256 });
    },
    finished: flush,
  };
}

interface Counter {
  done: number;
  failed: number;
  unknown: number;
  total: number;
}

function counted(draw: (counter: Counter) => void, finish: (counter: Counter) => void): Progress {
  const counter: Counter = { done: 0, failed: 0, unknown: 0, total: 0 };
  return {
    started(_batchId, done, total) {
      counter.done = done;
      counter.total = total;
      draw(counter);
    },
    stored({ status }) {
      counter.done += 1;
      if (status === 'failed') counter.failed += 1;
      if (status === 'outcome_unknown') counter.unknown += 1;
      draw(counter);
    },
    finished: () => finish(counter),
  };
}

function text({ done, failed, unknown, total }: Counter): string {
  const trouble = [failed > 0 ? `${failed} failed` : '', unknown > 0 ? `${unknown} unknown` : ''];
  const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
  return [`${done}/${total} (${percent}%)`, ...trouble.filter((part) => part !== '')].join(', ');
}

const REDRAW_MS = 100;

function redrawnLine(terminal: Terminal): Progress {
  const WIDTH = 30;
  let drawnAt = -Infinity;
  const draw = (counter: Counter) => {
    const full = Math.round((counter.done / Math.max(1, counter.total)) * WIDTH);
    terminal.err(`\r\u001b[K${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${text(counter)}`);
  };
  return counted(
    (counter) => {
      const now = performance.now();
      if (now - drawnAt < REDRAW_MS && counter.done < counter.total) return;
      drawnAt = now;
      draw(counter);
    },
    (counter) => {
      draw(counter);
      terminal.err('\n');
    },
  );
}

/** A log keeps every line: one for each tenth of the way. */
function everyTenth(terminal: Terminal): Progress {
  let told = -1;
  return counted(
    (counter) => {
      const tenth = Math.floor((counter.done / Math.max(1, counter.total)) * 10);
      if (tenth <= told) return;
      told = tenth;
      terminal.err(`${text(counter)}\n`);
    },
    () => {},
  );
}
