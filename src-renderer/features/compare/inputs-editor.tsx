import { ActionIcon } from '@mantine/core';
import { IconPlus, IconUpload, IconX } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, type ClipboardEvent } from 'react';
import type { Variables } from '../../../src-shared/domain';
import { CommandButton, useCommands } from '../../commands';
import { useRowHeight } from '../../preferences';
import { Section, useFormat } from '../../ui';
import {
  addInput,
  filledInputs,
  removeInput,
  setInput,
  takeTable,
  usePlan,
  usePlanStore,
} from './plan-store';
import classes from './new-comparison.module.css';

/** The rows: values of the template's variables, typed, pasted from a spreadsheet or imported. */
export function InputsEditor() {
  const store = usePlanStore();
  const format = useFormat();
  const template = usePlan((plan) => plan.template);
  const note = usePlan((plan) => plan.note);
  const count = usePlan((plan) => filledInputs(plan).length);
  const file = useRef<HTMLInputElement>(null);
  const blocked = !template
    ? 'Choose a template first.'
    : template.variables.length === 0
      ? 'This template has no variables.'
      : undefined;
  useCommands({
    'compare.addInput': { run: () => addInput(store), disabled: blocked },
    'compare.importInputs': { run: () => file.current?.click(), disabled: blocked },
  });

  const importFile = async (chosen: File | undefined): Promise<void> => {
    if (chosen) takeTable(store, await chosen.text(), store.getState().inputs.length, 0);
    if (file.current) file.current.value = '';
  };

  return (
    <Section
      title={`Inputs (${format.count(template ? count : 0)})`}
      actions={
        <>
          <CommandButton
            id="compare.importInputs"
            leftSection={<IconUpload size={14} aria-hidden />}
            size="compact-xs"
          >
            Import
          </CommandButton>
          <CommandButton
            id="compare.addInput"
            leftSection={<IconPlus size={14} aria-hidden />}
            size="compact-xs"
          >
            Add row
          </CommandButton>
        </>
      }
    >
      <input
        ref={file}
        type="file"
        hidden
        aria-label="File with inputs"
        accept=".csv,.tsv,.txt,.json,.jsonl,.ndjson"
        onChange={(event) => void importFile(event.currentTarget.files?.[0])}
      />
      {blocked ? (
        <p className={classes.note}>{blocked}</p>
      ) : (
        <InputTable variables={template?.variables ?? []} />
      )}
      {!blocked && (
        <p className={classes.note} role="status">
          {note ?? 'Paste rows from a spreadsheet, CSV or JSON lines into any cell.'}
        </p>
      )}
    </Section>
  );
}

function InputTable({ variables }: { readonly variables: readonly string[] }) {
  const store = usePlanStore();
  const inputs = usePlan((plan) => plan.inputs);
  const height = useRowHeight() + 4;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: inputs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 8,
  });
  const template = `40px repeat(${variables.length}, minmax(160px, 1fr)) 32px`;
  const minWidth = 72 + 160 * variables.length;

  const onPaste = (event: ClipboardEvent<HTMLInputElement>, row: number, column: number): void => {
    const text = event.clipboardData.getData('text/plain');
    if (!/[\t\n]/.test(text.trimEnd())) return;
    event.preventDefault();
    takeTable(store, text, row, column);
  };

  return (
    <div ref={scroller} className={classes.table} tabIndex={-1}>
      <div className={classes.tableHead} style={{ gridTemplateColumns: template, minWidth }}>
        <span>#</span>
        {variables.map((name) => (
          <span key={name}>{name}</span>
        ))}
        <span />
      </div>
      <div className={classes.tableBody} style={{ height: virtual.getTotalSize(), minWidth }}>
        {virtual.getVirtualItems().map((item) => (
          <div
            key={item.key}
            className={classes.tableRow}
            style={{ gridTemplateColumns: template, height, transform: `translateY(${item.start}px)` }}
          >
            <span className={classes.note}>{item.index + 1}</span>
            {variables.map((name, column) => (
              <input
                key={name}
                aria-label={`${name}, row ${item.index + 1}`}
                value={shown(inputs[item.index]?.[name])}
                onChange={(event) => setInput(store, item.index, name, event.currentTarget.value)}
                onPaste={(event) => onPaste(event, item.index, column)}
              />
            ))}
            <ActionIcon
              variant="subtle"
              color="gray"
              size={24}
              aria-label={`Remove row ${item.index + 1}`}
              onClick={() => removeInput(store, item.index)}
            >
              <IconX size={13} aria-hidden />
            </ActionIcon>
          </div>
        ))}
      </div>
    </div>
  );
}

/** Imported values keep their JSON type until they are edited. */
function shown(value: Variables[string] | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
