import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { showNotice } from '../../commands';
import { api, changeNotice } from '../../rpc';

type InstalledSample = Awaited<ReturnType<typeof api.system.installSample>>['samples'][number];

function sampleKey(templateId: string): readonly string[] {
  return ['sample', templateId];
}

/** Inputs and models of a sample installed in this window, kept for the comparison that will use them. */
export function useInstalledSample(templateId: string | undefined): InstalledSample | undefined {
  return useQueryClient().getQueryData<InstalledSample>(sampleKey(templateId ?? ''));
}

interface SampleLibrary {
  readonly installing: boolean;
  install(): void;
}

/** Adds the sample library and opens a comparison that is ready to start. */
export function useSampleLibrary(): SampleLibrary {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const mutation = useMutation({
    mutationFn: () => api.system.installSample(),
    onSuccess: ({ template_ids: [first], samples }) => {
      for (const sample of samples) queryClient.setQueryData(sampleKey(sample.template_id), sample);
      if (first) void navigate({ to: '/compare/new', search: { template: first, sample: true } });
      else void navigate({ to: '/templates' });
    },
    onError: (error) => showNotice(changeNotice(error, 'The sample library was not added')),
  });
  return { installing: mutation.isPending, install: () => mutation.mutate() };
}
