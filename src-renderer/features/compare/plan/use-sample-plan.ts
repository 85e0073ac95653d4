import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { orpc } from '../../../rpc';
import { useInstalledSample } from '../../templates';
import { newTarget, usePlan, usePlanStore } from './plan-store';

/** Fills a new comparison with the sample's models and inputs, ready to start. */
export function useSamplePlan(enabled: boolean): void {
  const store = usePlanStore();
  const template = usePlan((plan) => plan.template);
  const sample = useInstalledSample(template?.template_id);
  const filled = useRef(false);
  const connections = useQuery(orpc.connections.list.queryOptions({ enabled }));

  useEffect(() => {
    if (!enabled || !sample || !connections.data || filled.current) return;
    filled.current = true;
    const connectionOf = (provider: string | undefined) =>
      connections.data.items.find((item) => item.provider === provider && item.is_default)?.connection_id;
    const { inputs, comparison } = sample;
    store.setState({
      inputs,
      ...(comparison && {
        isSample: true,
        targets: comparison.targets.map(({ provider, model_id }) =>
          newTarget(connectionOf(provider), model_id ?? template?.model_id),
        ),
        replicates: comparison.replicates,
        concurrency: comparison.concurrency ?? null,
      }),
    });
  });
}
