import { useMutation } from '@tanstack/react-query';
import type { Batch } from '../../../src-shared/domain';
import { showNotice, useCommands } from '../../commands';
import { api, failureOf } from '../../rpc';
import { saveFile } from '../../ui';
import { CSV_EXPORT, exportPieces, JSON_EXPORT, type ExportFormat } from './export-rows';

/** Export commands for the whole comparison, regardless of filters. */
export function useExportCommands(batch: Batch): void {
  const write = useMutation({
    mutationFn: (format: ExportFormat) => fileOf(batch, format),
    onSuccess: (file, { extension }) => {
      const name = `${fileName(batch)}.${extension}`;
      saveFile(file, name);
      showNotice(`Saved ${name}.`);
    },
    onError: (error) => showNotice(`The file was not saved: ${failureOf(error).message}`),
  });
  const disabled = write.isPending ? 'An export is already running.' : undefined;
  useCommands({
    'batch.exportCsv': { run: () => write.mutate(CSV_EXPORT), disabled },
    'batch.exportJson': { run: () => write.mutate(JSON_EXPORT), disabled },
  });
}

/** Collects the pieces in a Blob, which the browser moves to disk when large. */
async function fileOf({ batch_id }: Batch, format: ExportFormat): Promise<Blob> {
  const parts: Blob[] = [];
  for await (const piece of exportPieces(api, batch_id, format)) parts.push(new Blob([piece]));
  return new Blob(parts, { type: format.type });
}

/** Keeps letters and digits of any script; anything else may have a meaning in a file system. */
function fileName({ name, prompt_name: template, batch_id: id }: Batch): string {
  const words = (name ?? template).normalize('NFC').match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...words.join('-').slice(0, 60).split('-').filter(Boolean), id.slice(-6)].join('-');
}
