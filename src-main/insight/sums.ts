import type { InsightDimension } from '../../src-shared/domain';
import {
  foldedUntil,
  packPieces,
  piecesOf,
  SPANS,
  subjectsOfKind,
  type ReadDb,
  type RollupFilter,
  type SeriesOf,
  type SubjectKind,
  type SubjectName,
  type SumReader,
} from '../store';
import type { Slot } from './days';

/** Whole UTC hours: `from` inclusive, `to` exclusive. */
type Hours = Pick<Slot, 'from' | 'to'>;

/** `model_of_provider` distinguishes models with the same name: its keys are `provider`, a newline, the model. */
export type SumKey = InsightDimension | 'model_of_provider';

/** Totals per template, model … over some hours. */
export function sumsByKey<Sum>(
  db: ReadDb,
  filter: RollupFilter,
  reader: SumReader<Sum>,
  by: SumKey,
  hours: Hours,
): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  const sumOf = (name: SubjectName): Sum => {
    const key = keyOf(by, name);
    let sum = sums.get(key);
    if (!sum) sums.set(key, (sum = reader.empty()));
    return sum;
  };
  const folded = foldedUntil(db);
  for (const piece of piecesOf(hours.from, Math.max(hours.from, Math.min(hours.to, folded)))) {
    reader.eachSubject(db, filter, kindOf(by), piece, (name, add) => add(sumOf(name)));
  }
  reader.eachOpenHour(db, filter, { from: Math.max(hours.from, folded), to: hours.to }, (series, add) => {
    const name = nameOf(by, series);
    if (name.key !== '') add(sumOf(name));
  });
  return sums;
}

/**
 * Totals of some templates, models … in each of several adjacent slots: by key, one sum per slot. Null takes all runs
 * together, under an empty key.
 */
export function sumsBySlot<Sum>(
  db: ReadDb,
  filter: RollupFilter,
  reader: SumReader<Sum>,
  slots: readonly Slot[],
  only: { by: SumKey; keys: readonly string[] } | null,
): Map<string, Sum[]> {
  const sums = new Map((only?.keys ?? ['']).map((key) => [key, slots.map(() => reader.empty())]));
  const sumsOf = (name: SubjectName): Sum[] | undefined => sums.get(only ? keyOf(only.by, name) : '');
  const folded = foldedUntil(db);
  const pieces = slots.flatMap(({ from, to }, slot) =>
    piecesOf(from, Math.max(from, Math.min(to, folded))).map((piece) => ({ ...piece, slot })),
  );
  const lists = SPANS.map((span) => pieces.filter((piece) => piece.span === span))
    .filter((ofSpan) => ofSpan.length > 0)
    .map((ofSpan) => ({ ofSpan, packed: packPieces(ofSpan) }));
  for (const subject of subjectsOfKind(db, filter, only ? kindOf(only.by) : 'all')) {
    const ofSubject = sumsOf(subject);
    if (!ofSubject) continue;
    for (const { ofSpan, packed } of lists) {
      reader.eachPiece(db, subject.subject_id, packed, (index, add) => {
        const sum = ofSubject[ofSpan[index]?.slot ?? -1];
        if (sum) add(sum);
      });
    }
  }
  const open = { from: Math.max(slots[0]?.from ?? 0, folded), to: slots.at(-1)?.to ?? 0 };
  reader.eachOpenHour(db, filter, open, (series, add) => {
    const slot = slots.findIndex(({ from, to }) => from <= series.hour && series.hour < to);
    const sum = sumsOf(only ? nameOf(only.by, series) : { key: '', provider: '' })?.[slot];
    if (sum) add(sum);
  });
  return sums;
}

/** Providers have no sums of their own; they are added up from their models'. */
function kindOf(by: SumKey): SubjectKind {
  return by === 'provider' || by === 'model_of_provider' ? 'model' : by;
}

function keyOf(by: SumKey, { key, provider }: SubjectName): string {
  if (by === 'model_of_provider') return `${provider}\n${key}`;
  return by === 'provider' ? provider : key;
}

/** The subject that a series belongs to; its key is empty if there is none. */
function nameOf(by: SumKey, series: SeriesOf): SubjectName {
  switch (kindOf(by)) {
    case 'template':
      return { key: series.template_id, provider: '' };
    case 'model':
      return { key: series.model_id, provider: series.provider };
    case 'connection':
      return { key: series.connection_id, provider: '' };
    case 'batch':
      return { key: series.batch_id, provider: '' };
    case 'all':
      return { key: '', provider: '' };
  }
}
