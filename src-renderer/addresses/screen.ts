import type { Icon } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { ZodObject } from 'zod';

interface AnyScreen {
  /** As the router writes it: `/compare/$batchId`. */
  readonly path: `/${string}`;
  /**
   * What the address may say besides the path. Where it says anything else, that is named and the screen is not shown:
   * a filter that was dropped unseen would list what nobody asked for.
   */
  readonly search: ZodObject;
  /** Fetches the code; only when somebody goes there. */
  page(): Promise<ComponentType>;
}

/** A screen that has a link in the rail, and a command that goes there. */
interface ListedScreen extends AnyScreen {
  readonly nav: {
    readonly name: string;
    readonly icon: Icon;
    /** What waits there, as a number beside the name. */
    readonly counts?: 'reviews';
    /** At the lower end of the rail. */
    readonly end?: true;
  };
  readonly command: { readonly keys: readonly [string, ...string[]] };
}

/** A screen that others lead to. */
interface InnerScreen extends AnyScreen {
  readonly nav?: undefined;
  readonly command?: undefined;
}

/** What is known of a screen before its code is fetched. Router, rail, `go.*` commands and palette are made of it. */
export type Screen = ListedScreen | InnerScreen;

/** Checks a screen and keeps its exact type, which links and commands are checked against. */
export const defineScreen = <const S extends Screen>(screen: S): S => screen;

/** The screens of the rail, in its order. */
export function listed<S extends Screen>(screens: readonly S[]): Extract<S, ListedScreen>[] {
  return screens.filter((screen): screen is Extract<S, ListedScreen> => screen.nav !== undefined);
}

/** What the command that goes to a screen is called: `go.runs`. */
export type GoCommand<S extends Screen> =
  Extract<S, ListedScreen> extends { readonly path: `/${infer Name}` } ? `go.${Name}` : never;

export function goCommand<Name extends string>({ path }: { readonly path: `/${Name}` }): `go.${Name}`;
export function goCommand({ path }: { readonly path: string }): string {
  return `go.${path.slice(1)}`;
}
