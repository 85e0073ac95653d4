import { lazyRouteComponent, useMatches, useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { ScreenFailure } from './error-boundary';

/**
 * A screen whose code is fetched when it is first opened. A server that is away just then is said like any other failed
 * request: the router would reload the page for it, which leaves nothing at all.
 */
export const screen: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(
    () =>
      load().catch((cause: unknown) => {
        throw new TypeError('network: the code of the screen was not fetched', { cause });
      }),
    name,
  );

/** What stands in place of a screen that failed; trying again fetches its code again, where that was missing. */
export function ScreenError({ error, reset }: ErrorComponentProps) {
  const { routesById } = useRouter();
  const match = useMatches().at(-1);
  const component = match && routesById[match.routeId].options.component;
  const again = async (): Promise<void> => {
    await component?.preload?.();
    reset();
  };
  return (
    <>
      <h1 className="visually-hidden">Prompter</h1>
      <ScreenFailure error={error} reset={() => void again()} />
    </>
  );
}
