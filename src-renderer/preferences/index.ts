import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const DENSITIES = ['compact', 'comfortable'] as const;
export type Density = (typeof DENSITIES)[number];

/** Locales offered for numbers, money and dates; `system` follows the browser. */
export const FORMAT_LOCALES = ['system', 'en-US', 'de-DE', 'fr-CH', 'ja-JP', 'hi-IN'] as const;
export type FormatLocale = (typeof FORMAT_LOCALES)[number];

/** How JSON outputs are shown. */
export const JSON_VIEWS = ['formatted', 'sent'] as const;
export type JsonOutputView = (typeof JSON_VIEWS)[number];

/** How outputs that look like Markdown are shown, space permitting. */
export const TEXT_VIEWS = ['sent', 'markdown'] as const;
export type TextOutputView = (typeof TEXT_VIEWS)[number];

/** A saved view of runs: a name, and filters as in the address. */
export interface RunsView {
  readonly name: string;
  readonly filters: Readonly<Record<string, string | boolean>>;
}

export interface Preferences {
  readonly theme: Theme;
  readonly density: Density;
  readonly formatLocale: FormatLocale;
  /** Whether single-character shortcuts are on (WCAG 2.1.4). */
  readonly singleKeys: boolean;
  readonly railLabels: boolean;
  readonly runsViews: readonly RunsView[];
  readonly jsonView: JsonOutputView;
  readonly textView: TextOutputView;
  /** Whom records name for what is done here; empty if nobody was asked yet. */
  readonly personName: string;
}

/** Display preferences, kept in this browser profile rather than in the store. */
export const preferences = create<Preferences>()(
  persist<Preferences>(
    () => ({
      theme: 'system',
      density: 'compact',
      formatLocale: 'system',
      singleKeys: true,
      railLabels: true,
      runsViews: [],
      jsonView: 'formatted',
      textView: 'sent',
      personName: '',
    }),
    { name: 'prompter.preferences', version: 1 },
  ),
);

/** Height of a list row in pixels. */
export function useRowHeight(): number {
  return preferences((state) => (state.density === 'compact' ? 28 : 36));
}

/** The BCP 47 tag used for formatting. */
export function resolveLocale(locale: FormatLocale): string {
  return locale === 'system' ? navigator.language : locale;
}
