import { ActionIcon, Button } from '@mantine/core';
import { IconPlus, IconUpload, IconX } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ClipboardEvent, type KeyboardEvent, type RefObject } from 'react';
import type { Variables } from '../../../../src-shared/domain';
import { CommandButton, useCommands } from '../../../commands';
import { useRowHeight } from '../../../preferences';
import { Section, useFormat } from '../../../ui';
import { isTable } from './paste';
import {
  addInput,
  filledInputs,
  removeInput,
  setInput,
  takeFile,
  takeTable,
  undoChange,
  usePlan,
  usePlannedVariables,
  usePlanStore,
} from './plan-store';
import classes from './new-comparison.module.css';

/** Values of the template's variables, row by row: typed, pasted from a spreadsheet or imported. */
export function InputsEditor() {
  const store = usePlanStore();
  const format = useFormat();
  const template = usePlan((plan) => plan.template);
  const variables = usePlannedVariables();
  const count = usePlan((plan) => filledInputs(plan).length);
  const file = useRef<HTMLInputElement>(null);
  const awaited = useRef<number>(null);
  const blocked = !template
    ? 'Choose a template first.'
    : variables.length === 0
      ? 'This template has no variables.'
      : undefined;
  useCommands({
    'compare.addInput': {
      run: () => {
        awaited.current = store.getState().inputs.length;
        addInput(store);
      },
      disabled: blocked,
    },
    'compare.importInputs': { run: () => file.current?.click(), disabled: blocked },
  });

  const importFile = async (chosen: File | undefined): Promise<void> => {
    if (chosen) takeFile(store, new Uint8Array(await chosen.arrayBuffer()));
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
        <InputTable variables={variables} awaited={awaited} />
      )}
      {!blocked && <LastChange />}
    </Section>
  );
}

/** What the last paste, import or removal did, with Undo. */
function LastChange() {
  const store = usePlanStore();
  const change = usePlan((plan) => plan.change);
  return (
    <div className={classes.lastChange}>
      <p
        className={change?.refused ? classes.problem : classes.note}
        role={change?.refused ? 'alert' : 'status'}
      >
        {change?.done ??
          'Enter starts a new line. Paste rows from a spreadsheet, CSV or JSON lines into any cell.'}
      </p>
      {change?.before && (
        <Button size="compact-xs" variant="default" onClick={() => undoChange(store)}>
          Undo
        </Button>
      )}
    </div>
  );
}

interface InputTableProps {
  readonly variables: readonly string[];
  /** The new row, whose first field takes focus as soon as it is on screen. */
  readonly awaited: RefObject<number | null>;
}

function InputTable({ variables, awaited }: InputTableProps) {
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
  const { scrollToIndex } = virtual;
  useEffect(() => {
    if (awaited.current !== null) scrollToIndex(awaited.current);
  }, [awaited, inputs.length, scrollToIndex]);
  const onRow = (row: HTMLDivElement | null, index: number): void => {
    virtual.measureElement(row);
    if (row === null || awaited.current !== index) return;
    awaited.current = null;
    row.querySelector('textarea')?.focus();
  };
  const template = `40px repeat(${variables.length}, minmax(160px, 1fr)) 32px`;
  const minWidth = 72 + 160 * variables.length;

  const onPaste = (event: ClipboardEvent, row: number, column: number): void => {
    const text = event.clipboardData.getData('text/plain');
    if (!isTable({ text, html: event.clipboardData.getData('text/html') }, variables)) return;
    event.preventDefault();
    takeTable(store, text, row, column);
  };
  /** The browser's undo covers a single field only. */
  const onKeyDown = (event: KeyboardEvent): void => {
    const undoes = event.key === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    if (undoes && undoChange(store)) event.preventDefault();
  };

  return (
    <div ref={scroller} className={classes.table} tabIndex={-1} onKeyDown={onKeyDown}>
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
            ref={(row) => onRow(row, item.index)}
            data-index={item.index}
            className={classes.tableRow}
            style={{
              gridTemplateColumns: template,
              minHeight: height,
              transform: `translateY(${item.start}px)`,
            }}
          >
            <span className={classes.rowNumber}>{item.index + 1}</span>
            {variables.map((name, column) => (
              <InputField
                key={name}
                label={`${name}, row ${item.index + 1}`}
                value={shown(inputs[item.index]?.[name])}
                onChange={(value) => setInput(store, item.index, name, value)}
                onPaste={(event) => onPaste(event, item.index, column)}
              />
            ))}
            <ActionIcon
              variant="subtle"
              color="gray"
              size={24}
              className={classes.removeRow}
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

interface InputFieldProps {
  readonly label: string;
  readonly value: string;
  onChange(value: string): void;
  onPaste(event: ClipboardEvent): void;
}

/** A text area that grows with its content: a hidden copy of the text sets the height. */
function InputField({ label, value, onChange, onPaste }: InputFieldProps) {
  return (
    <div className={classes.field} data-text={`${value} `}>
      <textarea
        aria-label={label}
        dir="auto"
        rows={1}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onPaste={onPaste}
      />
    </div>
  );
}

/** Imported values keep their JSON type until edited. */
function shown(value: Variables[string] | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
