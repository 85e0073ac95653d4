import {
  SearchParamError,
  useNavigate,
  useRouterState,
  type ErrorComponentProps,
} from '@tanstack/react-router';
import type { ComponentType } from 'react';
import * as z from 'zod';
import { fieldProblemsOf } from '../../src-shared/domain';
import { failureOf } from '../rpc';
import { AddressProblems } from '../ui';
import { ScreenFailure } from './error-boundary';

/**
 * A screen whose code is fetched when it is first opened. A server that is away just then is said like any other failed
 * request: the router would reload the page for it, which leaves nothing at all.
 */
export function fetched(page: () => Promise<ComponentType>): () => Promise<{ default: ComponentType }> {
  return () =>
    page().then(
      (component) => ({ default: component }),
      (cause: unknown) => {
        throw new TypeError('network: the code of the screen was not fetched', { cause });
      },
    );
}

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
      {error instanceof SearchParamError ? (
        <WrongAddress error={error} />
      ) : (
        <ScreenFailure error={error} reset={() => void again()} />
      )}
    </>
  );
}

/** As the router passes on what a screen's search schema says. */
const refusalSchema = z.object({
  issues: z.array(z.looseObject({ message: z.string(), path: z.array(z.string()).optional() })),
});

/** The address asks a screen for something that it does not know: what that is, and how to be rid of it. */
function WrongAddress({ error }: { readonly error: SearchParamError }) {
  const navigate = useNavigate();
  const search = useRouterState({ select: ({ location }) => location.search });
  const given = new Map<string, unknown>(Object.entries(search));
  const { issues } = refusalSchema.parse(error.cause);
  const problems = fieldProblemsOf(issues).map(({ path: name, message }) => ({
    name,
    label: name,
    value: wordsOf(given.get(name)),
    instead: `It ${message}.`,
  }));
  return (
    <AddressProblems
      title="The address is invalid, so nothing is shown"
      problems={problems}
      onRemove={(name) =>
        void navigate({
          to: '.',
          search: (previous) => ({ ...previous, [name]: undefined }),
          replace: true,
        })
      }
    />
  );
}

async function isServerThere(): Promise<boolean> {
  try {
    return (await fetch(location.pathname, { cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}

const wordsOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
