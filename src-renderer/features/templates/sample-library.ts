import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { showNotice } from '../../commands';
import { api, changeNotice } from '../../rpc';

/** Where the rows to try a sample template on are kept until its first comparison asks for them. */
export function sampleInputsKey(templateId: string): readonly string[] {
  return ['sample-inputs', templateId];
}

interface SampleLibrary {
  readonly installing: boolean;
  install(): void;
}

/** Adds the sample library and goes straight to a comparison that is ready to start. */
export function useSampleLibrary(): SampleLibrary {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const mutation = useMutation({
    mutationFn: () => api.system.installSample(),
    onSuccess: ({ template_ids: [first], samples }) => {
      for (const { template_id: id, inputs } of samples)
        queryClient.setQueryData(sampleInputsKey(id), inputs);
      if (first) void navigate({ to: '/compare/new', search: { template: first, sample: true } });
      else void navigate({ to: '/templates' });
    },
    onError: (error) => showNotice(changeNotice(error, 'The sample library was not added')),
  });
  return { installing: mutation.isPending, install: () => mutation.mutate() };
}
