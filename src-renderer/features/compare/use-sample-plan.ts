import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import {
  isPracticeProvider,
  type Connection,
  type Model,
  type Template,
  type Variables,
} from '../../../src-shared/domain';
import { orpc } from '../../rpc';
import { sampleInputsKey } from '../templates';
import { newTarget, usePlan, usePlanStore } from './plan-store';

/** Fills a new comparison for the sample library: every practice provider, a few inputs, ready to start. */
export function useSamplePlan(enabled: boolean): void {
  const store = usePlanStore();
  const queryClient = useQueryClient();
  const template = usePlan((plan) => plan.template);
  const filled = useRef(false);
  const connections = useQuery(orpc.connections.list.queryOptions({ enabled }));
  const practice = (connections.data?.items ?? []).filter((item) => isPracticeProvider(item.provider));
  const models = useQueries({
    queries: practice.map((connection) =>
      orpc.connections.models.queryOptions({ input: { connection_id: connection.connection_id }, enabled }),
    ),
  });
  const ready = practice.length > 0 && models.every((query) => !query.isPending);

  useEffect(() => {
    if (!enabled || !template || !ready || filled.current) return;
    filled.current = true;
    store.setState({
      targets: practice.map((connection, index) =>
        newTarget(connection.connection_id, modelFor(template, connection, models[index]?.data?.items ?? [])),
      ),
      inputs: queryClient.getQueryData<Variables[]>(sampleInputsKey(template.template_id)) ?? [{}],
      replicates: 2,
    });
  });
}

/** The small model of each family: what a first comparison would be made with. */
const SMALL = /mini|haiku|flash/;

/** The template's own model where it belongs, else a small one of that provider. */
function modelFor(template: Template, connection: Connection, models: readonly Model[]): string {
  if (connection.provider === template.provider) return template.model_id;
  const chosen = models.find((model) => SMALL.test(model.model_id)) ?? models[0];
  return chosen?.model_id ?? template.model_id;
}
