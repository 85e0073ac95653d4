import { lazyRouteComponent, type ErrorComponentProps } from '@tanstack/react-router';
import { failureOf } from '../rpc';
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

/**
 * What stands in place of a screen that failed. A page remembers that a module was not fetched and does not ask for it again
 * (HTML, module map), so trying again opens the page anew, once the server is there to give it.
 */
export function ScreenError({ error, reset }: ErrorComponentProps) {
  const again = async (): Promise<void> => {
    if (failureOf(error).code !== 'UNREACHABLE') reset();
    else if (await isServerThere()) location.reload();
  };
  return (
    <>
      <h1 className="visually-hidden">Prompter</h1>
      <ScreenFailure error={error} reset={() => void again()} />
    </>
  );
}

async function isServerThere(): Promise<boolean> {
  try {
    return (await fetch(location.pathname, { cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}
