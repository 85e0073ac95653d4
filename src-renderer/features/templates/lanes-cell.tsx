import { useRowHeight } from '../../preferences';
import type { LaneRow } from './lanes';
import classes from './templates.module.css';

const GAP = 12;
/** More lanes than this are drawn over one another: the numbers of the parents beside them still tell. */
const MOST = 6;

/** A row's part of the tree. It repeats in a picture what the column of parents says in words. */
export function LanesCell({ row, isBase }: { readonly row: LaneRow; readonly isBase: boolean }) {
  const height = useRowHeight();
  const x = (lane: number): number => 8 + Math.min(lane, MOST) * GAP;
  const middle = height / 2;
  const own = x(row.lane);
  return (
    <svg className={classes.lanes} width={8 + (MOST + 1) * GAP} height={height} aria-hidden focusable="false">
      {row.above.map((lane) => (
        <path key={`a${lane}`} d={`M ${x(lane)} 0 L ${row.joins.includes(lane) ? own : x(lane)} ${middle}`} />
      ))}
      {row.below.map((lane) => (
        <path key={`b${lane}`} d={`M ${x(lane)} ${middle} L ${x(lane)} ${height}`} />
      ))}
      <circle cx={own} cy={middle} r={isBase ? 5 : 3.5} data-base={isBase || undefined} />
    </svg>
  );
}
