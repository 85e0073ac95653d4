import type { Icon } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { ZodObject } from 'zod';

interface AnyScreen {
  /** In the router's syntax: `/compare/$batchId`. */
  readonly path: `/${string}`;
  /**
   * What the address may hold besides the path. Anything else is reported and the screen is not shown: silently
   * dropping a filter would list what nobody asked for.
   */
  readonly search: ZodObject;
  /** Loads the screen's code on the first visit. */
  page(): Promise<ComponentType>;
}

/** A screen with a link in the rail and a `go.*` command. */
interface ListedScreen extends AnyScreen {
  readonly within?: undefined;
  readonly nav: {
    readonly name: string;
    readonly icon: Icon;
    /** What the number beside the name counts. */
    readonly counts?: 'reviews';
    /** Pinned to the bottom of the rail. */
    readonly end?: true;
  };
  readonly command: { readonly keys: readonly [string, ...string[]] };
}

/** A screen reached from other screens only. */
interface InnerScreen extends AnyScreen {
  /** The screen whose link in the rail is the current one here; needed where the path does not begin with its path. */
  readonly within?: `/${string}`;
  readonly nav?: undefined;
  readonly command?: undefined;
}

/** What is known of a screen before its code is loaded. Router, rail, `go.*` commands and palette derive from it. */
export type Screen = ListedScreen | InnerScreen;

/** Keeps the screen's exact type, against which links and commands are checked. */
export const defineScreen = <const S extends Screen>(screen: S): S => screen;

/** The screens in the rail, in order. */
export function listed<S extends Screen>(screens: readonly S[]): Extract<S, ListedScreen>[] {
  return screens.filter((screen): screen is Extract<S, ListedScreen> => screen.nav !== undefined);
}

/** The path of the screen that the rail marks as current at an address; undefined where it is none of these. */
export function currentInRail(screens: readonly Screen[], pathname: string): string | undefined {
  const begins = (path: string): boolean => pathname === path || pathname.startsWith(`${path}/`);
  const inner = screens.find(({ path }) => begins(path.replace(/\/\$.*$/, '')));
  return listed(screens).find(({ path }) => path === inner?.within || begins(path))?.path;
}

/** The id of the command that opens a screen: `go.runs`. */
export type GoCommand<S extends Screen> =
  Extract<S, ListedScreen> extends { readonly path: `/${infer Name}` } ? `go.${Name}` : never;

export function goCommand<Name extends string>({ path }: { readonly path: `/${Name}` }): `go.${Name}`;
export function goCommand({ path }: { readonly path: string }): string {
  return `go.${path.slice(1)}`;
}
