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
 * A screen whose code is loaded on first visit. An unreachable server is reported like any other failed request: the
 * router would reload the page, which would leave nothing on screen.
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
 * Replaces a screen that failed. Browsers cache a failed module fetch (HTML, module map), so a retry reloads the
 * page, once the server is back.
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

/** The router's wrapping of an error from a screen's search schema. */
const refusalSchema = z.object({
  issues: z.array(z.looseObject({ message: z.string(), path: z.array(z.string()).optional() })),
});

/** Reports which parts of the address the screen does not know, and offers to remove them. */
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
