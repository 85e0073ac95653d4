import { useNavigate } from '@tanstack/react-router';
import { shownOutput, type Run } from '../../../src-shared/domain';
import { showNotice, useCommands } from '../../commands';
import { api, failureOf } from '../../rpc';
import { saveFile } from '../../ui';

/** Commands for the shown run. */
export function useRunCommands(run: Run): void {
  const navigate = useNavigate();
  const output = shownOutput(run);
  useCommands({
    'run.raw': {
      run: () => void downloadRaw(run.run_id),
      disabled: run.raw_response_sha256 === null ? 'No raw answer was stored.' : undefined,
    },
    'run.copyOutput': {
      run: () => void copy(output ?? ''),
      disabled: output === null ? 'There is no output.' : undefined,
    },
    'run.template': () =>
      void navigate({ to: '/templates/$templateId', params: { templateId: run.template_id } }),
  });
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    showNotice('Output copied.');
  } catch {
    showNotice('The browser refused access to the clipboard.');
  }
}

/** Downloads the exact bytes, uninterpreted. */
async function downloadRaw(runId: string): Promise<void> {
  try {
    const body = await api.runs.raw({ run_id: runId });
    saveFile(new Blob([await body.arrayBuffer()], { type: 'application/octet-stream' }), `${runId}.raw`);
  } catch (error) {
    showNotice(`The raw answer could not be loaded: ${failureOf(error).message}`);
  }
}
