import { useMutation } from '@tanstack/react-query';
import { showNotice } from '../../commands';
import { api, failureOf } from '../../rpc';
import { ConfirmDialog, saveFile } from '../../ui';

/** Warns before exporting, since the files contain prompts and answers. */
export function ExportDialog({ opened, onClose }: { readonly opened: boolean; onClose(): void }) {
  const write = useMutation({
    mutationFn: async () => {
      const [log, verifier] = await Promise.all([api.audit.export(), api.audit.verifier()]);
      return { log: blobOf(log), verifier: blobOf(verifier) };
    },
    onSuccess: ({ log, verifier }) => {
      saveFile(log, 'prompter-audit.jsonl');
      saveFile(verifier, 'verify_audit.py');
      showNotice('prompter-audit.jsonl and verify_audit.py were written.');
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened={opened}
      title="Export the audit log"
      confirm="Write the files"
      isBusy={write.isPending}
      failure={
        write.isError && {
          title: 'The export was not written',
          safe: 'The log is unchanged.',
          ...failureOf(write.error),
        }
      }
      onConfirm={() => write.mutate()}
      onClose={onClose}
    >
      <p>This writes two files:</p>
      <ul>
        <li>
          <code>prompter-audit.jsonl</code>: every entry with its record and its proof, all signed
          checkpoints, and <strong>every prompt and every answer as the provider sent it</strong>. It contains
          no keys.
        </li>
        <li>
          <code>verify_audit.py</code>: checks that file without Prompter; it needs only Python.
        </li>
      </ul>
    </ConfirmDialog>
  );
}

function blobOf(body: unknown): Blob {
  if (body instanceof Blob) return body;
  throw new Error('The export did not arrive as a file.');
}
