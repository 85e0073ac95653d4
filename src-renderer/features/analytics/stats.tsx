import type { ReactNode } from 'react';
import classes from './analytics.module.css';

/** One figure with its sparkline. */
export function Stat({
  name,
  value,
  note,
  title,
  trend,
}: {
  readonly name: string;
  readonly value: ReactNode;
  readonly note: ReactNode;
  readonly title?: string;
  readonly trend: readonly (number | null)[];
}) {
  return (
    <div className={classes.stat} role="group" aria-label={name}>
      <div className={classes.statName}>{name}</div>
      <div className={classes.statValue} title={title}>
        {value}
      </div>
      <div className={classes.statNote}>{note}</div>
      <Sparkline values={trend} />
    </div>
  );
}

const WIDTH = 120;
const HEIGHT = 24;

/** Decorative: the charts below show the same figures accessibly. */
function Sparkline({ values }: { readonly values: readonly (number | null)[] }) {
  const highest = Math.max(...values.map((value) => value ?? 0), 0);
  if (values.filter((value) => value !== null).length < 2 || highest === 0) return null;
  // A slot without a value is a gap; a value between two gaps is a dot.
  const path = values.map((value, index) => {
    if (value === null) return '';
    const x = ((index / (values.length - 1)) * WIDTH).toFixed(1);
    const y = (HEIGHT - 1 - (value / highest) * (HEIGHT - 2)).toFixed(1);
    return (values[index - 1] ?? null) === null ? `M${x} ${y}h.01` : `L${x} ${y}`;
  });
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={classes.sparkline}
      aria-hidden
    >
      <path d={path.join('')} />
    </svg>
  );
}
