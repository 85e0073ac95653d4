import classes from './analytics.module.css';

/**
 * How many series styles can be told apart: by colour and lightness, and by texture in high-contrast or forced-colour
 * modes.
 */
export const LOOKS = 7;

const TEXTURES: readonly string[] = [
  '',
  'M0 8L8 0M-2 2L2 -2M6 10L10 6',
  'M4 0V8',
  'M0 0L8 8M-2 6L2 10M6 -2L10 2',
  'M0 4H8',
  'M0 0L8 8M0 8L8 0',
  'M4 4h.01',
];

export const fillOf = (look: number): string => `url(#texture-${look % LOOKS})`;
export const colorOf = (look: number): string => `var(--series-${look % LOOKS})`;

/** Shared by all charts and legends on the page. */
export function Textures() {
  return (
    <svg width="0" height="0" className={classes.textures} aria-hidden>
      <defs>
        {TEXTURES.map((path, look) => (
          <pattern key={path} id={`texture-${look}`} width="8" height="8" patternUnits="userSpaceOnUse">
            <rect width="8" height="8" fill={colorOf(look)} />
            {path && <path d={path} className={classes.texture} />}
          </pattern>
        ))}
      </defs>
    </svg>
  );
}

export function Swatch({ look }: { readonly look: number }) {
  return (
    <svg width="14" height="14" aria-hidden className={classes.swatch}>
      <rect width="14" height="14" rx="2" fill={fillOf(look)} />
    </svg>
  );
}

export function DashSwatch({ look }: { readonly look: number }) {
  return (
    <svg width="22" height="14" aria-hidden className={classes.swatch}>
      <line
        x1="0"
        x2="22"
        y1="7"
        y2="7"
        stroke={colorOf(look)}
        strokeWidth="2"
        strokeDasharray={look === 0 ? undefined : '5 3'}
      />
    </svg>
  );
}
