import {
  Bar,
  BarChart,
  CartesianGrid,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { useMemo, type ReactNode } from 'react';
import type { DotItemDotProps } from 'recharts';
import classes from './analytics.module.css';
import { colorOf, DashSwatch, fillOf, Swatch } from './chart-parts';
import type { Point, Series } from './figures';

interface ChartProps {
  /** A sentence describing the chart; the table has the figures. */
  readonly label: string;
  readonly series: readonly Series[];
  readonly points: readonly Point[];
  value(value: number): string;
  /** Formats values on the axis, if different. */
  tick?(value: number): string;
  slot(slot: string): string;
  /** The axis label of a slot; the first includes what all share, such as the year. */
  slotTick(slot: string, isFirst: boolean): string;
  /** Grid lines, where round decimal numbers make poor ones. */
  readonly ticks?: readonly number[];
  readonly line?: { readonly at: number; readonly label: string } | undefined;
}

const HEIGHT = 220;
const TICK = { fill: 'var(--p-muted)', fontSize: 12 };
/** Keeps a single day's bar from filling the chart. */
const WIDEST = 56;
/** Readable over bars of any colour. */
const HALO = { fill: 'var(--p-text)', stroke: 'var(--p-bg)', strokeWidth: 4, paintOrder: 'stroke' };
const AXIS = { stroke: 'var(--p-border)' };
const MARGIN = { top: 12, right: 12, bottom: 0, left: 0 };

export function StackedBars({ label, series, points, value, tick, slot, slotTick, line }: ChartProps) {
  const data = useFlat(points);
  return (
    <Frame
      label={label}
      legend={series.map(({ label: name, look }, index) => [
        name,
        <Swatch key={name} look={look ?? index} />,
      ])}
    >
      <ResponsiveContainer width="100%" height={HEIGHT}>
        <BarChart data={data} margin={MARGIN} accessibilityLayer={false}>
          {axes({ value, tick, slot, slotTick, series })}
          {series.map(({ key, look }, index) => (
            <Bar
              key={key}
              dataKey={`v:${key}`}
              stackId="all"
              fill={fillOf(look ?? index)}
              stroke="var(--p-bg)"
              strokeWidth={1}
              maxBarSize={WIDEST}
              isAnimationActive={false}
            />
          ))}
          {line && (
            <ReferenceLine
              y={line.at}
              ifOverflow="extendDomain"
              stroke="var(--p-text)"
              strokeWidth={1.5}
              strokeDasharray="2 4"
              label={{ ...TICK, ...HALO, value: line.label, position: 'insideBottomRight' }}
            />
          )}
        </BarChart>
      </ResponsiveContainer>
    </Frame>
  );
}

/** The first line is solid, the others dashed; slots without a value are gaps. */
export function Lines(props: Omit<ChartProps, 'line'>) {
  const { label, series, points, value, tick, ticks, slot, slotTick } = props;
  const data = useFlat(points);
  const few = points.length <= 40;
  return (
    <Frame
      label={label}
      legend={series.map(({ label: name }, look) => [name, <DashSwatch key={name} look={look} />])}
    >
      <ResponsiveContainer width="100%" height={HEIGHT}>
        <LineChart data={data} margin={MARGIN} accessibilityLayer={false}>
          {axes({ value, tick, ticks, slot, slotTick, series })}
          {series.map(({ key }, look) => (
            <Line
              key={key}
              dataKey={`v:${key}`}
              stroke={colorOf(look)}
              strokeWidth={2}
              strokeDasharray={look === 0 ? undefined : '5 3'}
              dot={({ index, cx, cy }: DotItemDotProps) => (
                <Dot key={index} cx={cx} cy={cy} look={look} shown={few || isAlone(points, index, key)} />
              )}
              isAnimationActive={false}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </Frame>
  );
}

/** A value between two gaps has no line, so only a dot shows it. */
function isAlone(points: readonly Point[], index: number, key: string): boolean {
  const has = (at: number): boolean => typeof points[at]?.values[key] === 'number';
  return has(index) && !has(index - 1) && !has(index + 1);
}

interface DotProps {
  readonly cx: number | undefined;
  readonly cy: number | undefined;
  readonly look: number;
  readonly shown: boolean;
}

function Dot({ cx, cy, look, shown }: DotProps) {
  if (!shown || cx === undefined || cy === undefined || Number.isNaN(cy)) return null;
  return <circle cx={cx} cy={cy} r={2.5} fill="var(--p-bg)" stroke={colorOf(look)} strokeWidth={2} />;
}

function Frame({
  label,
  legend,
  children,
}: {
  readonly label: string;
  readonly legend: readonly (readonly [name: string, swatch: ReactNode])[];
  readonly children: ReactNode;
}) {
  return (
    <figure className={classes.figure}>
      <div role="img" aria-label={label}>
        {children}
      </div>
      <figcaption>
        <ul className={classes.legend}>
          {legend.map(([name, swatch]) => (
            <li key={name} title={name}>
              {swatch} <span>{name}</span>
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}

/** Keys may contain dots, which the chart would read as a path into the point. */
function useFlat(points: readonly Point[]) {
  return useMemo(
    () =>
      points.map(({ slot, values }) => ({
        slot,
        ...Object.fromEntries(Object.entries(values).map(([key, value]) => [`v:${key}`, value])),
      })),
    [points],
  );
}

function axes(props: Pick<ChartProps, 'value' | 'tick' | 'ticks' | 'slot' | 'slotTick' | 'series'>) {
  const { value, tick, ticks, slot, slotTick, series } = props;
  const names = new Map(series.map(({ key, label }) => [`v:${key}`, label]));
  return (
    <>
      <CartesianGrid vertical={false} stroke="var(--p-line)" />
      <XAxis
        dataKey="slot"
        tickFormatter={(at: string, index: number) => slotTick(at, index === 0)}
        minTickGap={40}
        tickLine={false}
        tick={TICK}
        axisLine={AXIS}
      />
      <YAxis
        tickFormatter={tick ?? value}
        {...(ticks && { ticks, domain: [0, ticks.at(-1) ?? 'auto'] })}
        width={76}
        tickLine={false}
        axisLine={false}
        tick={TICK}
      />
      <Tooltip
        isAnimationActive={false}
        cursor={{ className: classes.cursor }}
        content={({ active, payload, label }) =>
          active && payload.length > 0 ? (
            <div className={classes.tip}>
              <strong>{slot(String(label))}</strong>
              {payload
                .filter((entry) => typeof entry.value === 'number' && entry.value !== 0)
                .map((entry) => (
                  <div key={String(entry.dataKey)}>
                    {names.get(String(entry.dataKey))}: {value(Number(entry.value))}
                  </div>
                ))}
            </div>
          ) : null
        }
      />
    </>
  );
}
