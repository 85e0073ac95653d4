import { TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ListPrice } from '../../../src-shared/domain';
import { CommandButton, useCommands } from '../../commands';
import { api, failureOf, orpc } from '../../rpc';
import { FailureView, Mono, Note, Section, useFormat, Waiting } from '../../ui';
import classes from './providers.module.css';

/** Some aggregators list thousands; the rest can be found with the filter. */
const SHOWN = 200;

/** Models reached through one connection. */
export function ModelList({ connectionId }: { readonly connectionId: string }) {
  const format = useFormat();
  const queryClient = useQueryClient();
  const [filter, setFilter] = useState('');
  const options = orpc.connections.models.queryOptions({
    input: { connection_id: connectionId },
    placeholderData: undefined,
  });
  const query = useQuery(options);
  const refresh = useMutation({
    mutationFn: () => api.connections.models({ connection_id: connectionId, refresh: true }),
    onSuccess: (models) => queryClient.setQueryData(options.queryKey, models),
  });
  useCommands({
    'connection.models': {
      run: () => refresh.mutate(),
      disabled: refresh.isPending ? 'The list is already refreshing.' : undefined,
    },
  });
  const models = query.data?.items ?? [];
  const found = models.filter((model) =>
    `${model.model_id} ${model.display_name ?? ''}`.toLowerCase().includes(filter.trim().toLowerCase()),
  );
  const isPriced = models.some(({ price }) => price !== null);
  const isTiered = models.some(({ price }) => price?.tiered);
  const isNamed = models.some(({ display_name }) => display_name !== null);
  const failed = refresh.error ?? query.error;

  return (
    <Section
      title={query.data ? `Models (${format.count(models.length)})` : 'Models'}
      actions={
        <>
          {query.data && <span className={classes.rowNote}>as of {format.when(query.data.fetched_at)}</span>}
          <CommandButton id="connection.models" size="compact-xs" loading={refresh.isPending}>
            Refresh
          </CommandButton>
        </>
      }
    >
      {failed && <FailureView inline title="The models could not be listed" {...failureOf(failed)} />}
      {!query.data && !query.isError && <Waiting lines={5} />}
      {models.length > 8 && (
        <TextInput
          className={classes.modelFilter}
          aria-label="Filter models"
          placeholder="Filter models"
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
      )}
      {found.length > 0 && (
        <table className={classes.models}>
          <thead>
            <tr>
              <th scope="col">Model</th>
              {isNamed && <th scope="col">Name</th>}
              {isPriced && (
                <>
                  <th scope="col" className={classes.amount}>
                    Input
                  </th>
                  <th scope="col" className={classes.amount}>
                    Cached input
                  </th>
                  <th scope="col" className={classes.amount}>
                    Output
                  </th>
                </>
              )}
              <th scope="col">Published</th>
              <th scope="col">Retires</th>
            </tr>
          </thead>
          <tbody>
            {found.slice(0, SHOWN).map((model) => (
              <tr key={model.model_id}>
                <td>
                  <Mono>{model.model_id}</Mono>
                </td>
                {isNamed && <td>{model.display_name}</td>}
                {isPriced && <Prices price={model.price} />}
                <td>{model.created_at ? format.date(model.created_at) : '–'}</td>
                <td>{model.retires_at ? format.date(model.retires_at) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {models.length > 0 && (
        <Note small>
          {isPriced
            ? `Prices per million tokens, from the price list.${isTiered ? ' A + marks models that charge more for long prompts.' : ''} Runs of unpriced models count as unpriced, never as free.`
            : 'The price list has no prices for these models: their runs count as unpriced, never as free.'}
        </Note>
      )}
      {models.length > 0 && found.length === 0 && <Note small>No model matches.</Note>}
      {found.length > SHOWN && (
        <Note small>and {format.count(found.length - SHOWN)} more: filter to see them.</Note>
      )}
      {query.data && models.length === 0 && (
        <Note small>The server lists no models. You can still type any model id.</Note>
      )}
    </Section>
  );
}

/** Enough digits to show the rate exactly, and at least cents. */
function digitsOf(rate: string): number {
  return Math.max(2, (rate.split('.')[1] ?? '').length);
}

/** The rates of one model; a missing rate is not zero. */
function Prices({ price }: { readonly price: ListPrice | null }) {
  const format = useFormat();
  if (price === null) {
    return (
      <td colSpan={3} className={classes.amount}>
        <span className={classes.rowNote}>unpriced</span>
      </td>
    );
  }
  return [price.input, price.cached_input, price.output].map((rate, index) => (
    <td
      key={['input', 'cached', 'output'][index]}
      className={classes.amount}
      title={price.tiered ? 'Long prompts cost more.' : undefined}
    >
      {rate === null ? '–' : format.money(rate, digitsOf(rate))}
      {rate !== null && price.tiered && '+'}
    </td>
  ));
}
