import { useDebouncedValue } from '@mantine/hooks';
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { NamedTemplate, SentMessage } from '../../../../src-shared/domain';
import { failureOf, orpc } from '../../../rpc';
import { comparedTemplates } from './plan-columns';
import { filledInputs, usePlan } from './plan-store';

/** A version, and what the first input makes of it. */
export interface FirstPrompt {
  readonly template: NamedTemplate;
  /** Null until it is known, and where it cannot be rendered. */
  readonly rendered: {
    readonly messages: readonly SentMessage[];
    readonly optional_variables: readonly string[];
  } | null;
  /** Why it cannot be rendered. */
  readonly problem: string | null;
}

/** What each version would send for the first input; empty while there is none. */
export function useFirstPrompts(): readonly FirstPrompt[] {
  const plan = usePlan((state) => state);
  const [settled] = useDebouncedValue(plan, 200);
  const [variables] = useMemo(() => filledInputs(settled), [settled]);
  const templates = useMemo(
    () => (variables === undefined ? [] : comparedTemplates(settled)),
    [settled, variables],
  );
  return useQueries({
    queries: templates.map(({ template_id }) =>
      orpc.templates.render.queryOptions({ input: { template_id, variables: variables ?? {} }, gcTime: 0 }),
    ),
    combine: (results) =>
      templates.flatMap((template, index): FirstPrompt[] => {
        const result = results[index];
        if (result === undefined) return [];
        return [
          {
            template,
            rendered: result.data ?? null,
            problem: result.isError ? failureOf(result.error).message : null,
          },
        ];
      }),
  });
}
