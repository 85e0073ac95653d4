import { useQuery } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { templateTitle } from '../../src-shared/domain';
import { orpc } from '../rpc';

/** A record with its title, or a command by its id. */
export interface Recent {
  readonly kind: 'Template' | 'Comparison' | 'command';
  readonly id: string;
  readonly title: string;
  readonly hint: string;
}

interface Recents {
  readonly items: readonly Recent[];
}

const KEPT = 20;

/** Latest first, kept in this browser profile. */
export const recents = create<Recents>()(
  persist<Recents>(() => ({ items: [] }), { name: 'prompter.recents', version: 1 }),
);

export function remember(recent: Recent): void {
  recents.setState(({ items }) =>
    items[0]?.id === recent.id && items[0].title === recent.title
      ? { items }
      : { items: [recent, ...items.filter(({ id }) => id !== recent.id)].slice(0, KEPT) },
  );
}

/** Records each template or comparison that is opened, however it was reached. */
export function useVisits(): void {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const [, area, id = ''] = path.split('/');
  const isRecord = id !== '' && id !== 'new';
  const template = useQuery(
    orpc.templates.get.queryOptions({
      input: { template_id: id },
      enabled: isRecord && area === 'templates',
      placeholderData: undefined,
    }),
  ).data;
  const batch = useQuery(
    orpc.batches.get.queryOptions({
      input: { batch_id: id },
      enabled: isRecord && area === 'compare',
      placeholderData: undefined,
    }),
  ).data;
  const opened: Recent | undefined =
    area === 'templates' && template
      ? {
          kind: 'Template',
          id,
          title: templateTitle(template),
          hint: [template.version_label, template.model_id].filter(Boolean).join(' · '),
        }
      : area === 'compare' && batch
        ? { kind: 'Comparison', id, title: batch.name ?? batch.prompt_name, hint: '' }
        : undefined;
  const signature = opened && JSON.stringify(opened);
  useEffect(() => {
    if (opened) remember(opened);
    // An unchanged signature is the same visit.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [signature]);
}
