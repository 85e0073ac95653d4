import { useMutation } from '@tanstack/react-query';
import { batchShapeOf, type Batch } from '../../../src-shared/domain';
import { showNotice, useCommands } from '../../commands';
import { api, failureOf } from '../../rpc';
import { saveFile } from '../../ui';
import { linesPerInput } from './plan/coordinates';
import { csvExport, jsonExport, type ExportFormat } from './export-rows';

/** Cells per request: for typical outputs, a few hundred kilobytes. */
const CELLS_PER_PAGE = 500;
const MAX_ROWS_PER_PAGE = 200;

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
    'batch.exportCsv': { run: () => write.mutate(csvExport(batch)), disabled },
    'batch.exportJson': { run: () => write.mutate(jsonExport(batch)), disabled },
  });
}

/** Appends page by page to a Blob, which the browser moves to disk when large. */
async function fileOf(batch: Batch, format: ExportFormat): Promise<Blob> {
  const shape = batchShapeOf(batch);
  const cellsPerRow = linesPerInput(shape) * shape.targets;
  const count = Math.min(MAX_ROWS_PER_PAGE, Math.max(1, Math.floor(CELLS_PER_PAGE / cellsPerRow)));
  const parts: Blob[] = [new Blob([format.head])];
  for (let from = 0; from < shape.inputs; from += count) {
    const { rows } = await api.batches.rows({ batch_id: batch.batch_id, from, count });
    parts.push(new Blob([rows.map((row, index) => format.row(row, from + index)).join('')]));
  }
  return new Blob([...parts, format.tail], { type: format.type });
}

/** Keeps letters and digits of any script; anything else may have a meaning in a file system. */
function fileName({ name, template_name: template, batch_id: id }: Batch): string {
  const words = (name ?? template).normalize('NFC').match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...words.join('-').slice(0, 60).split('-').filter(Boolean), id.slice(-6)].join('-');
}
