import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { showNotice } from '../../commands';
import { api, failureOf } from '../../rpc';

interface SampleLibrary {
  readonly installing: boolean;
  install(): void;
}

/** Adds the sample library and goes straight to a comparison that is ready to start. */
export function useSampleLibrary(): SampleLibrary {
  const navigate = useNavigate();
  const mutation = useMutation({
    mutationFn: () => api.system.installSample(),
    onSuccess: ({ template_ids: [first] }) => {
      if (first) void navigate({ to: '/compare/new', search: { template: first, sample: true } });
      else void navigate({ to: '/templates' });
    },
    onError: (error) => showNotice(`The sample library was not added: ${failureOf(error).message}`),
  });
  return { installing: mutation.isPending, install: () => mutation.mutate() };
}
