export { AddressProblems, type AddressProblem } from './list/address-problems';
export {
  Badge,
  BatchStatusBadge,
  GradeBadge,
  LabelMark,
  PinMark,
  gradeMeaning,
  RunStatusBadge,
  runStatusName,
  SimulatedBadge,
} from './badges';
export { Dialog, useFocusOrigin } from './dialog/dialog';
export { ConfirmDialog, DialogFooter, DialogForm, FormDialog } from './dialog/form-dialog';
export { ExactTime } from './exact-time';
export { Fact, Facts, Mono } from './facts';
export { DayField } from './list/day-field';
export { FilterInput } from './list/filter-input';
export { listSize, shortId, tailId, useFormat } from './format';
export type { Format } from './format';
export { KeyCaps } from './key-caps';
export { ListStates } from './list/list-states';
export { RecordList } from './list/record-list';
export { formatJson, jsonText, type FormattedJson, type JsonProblem } from './output/format-json';
export { jsonChanges } from './output/json-changes';
export { JsonDiff } from './output/json-diff';
export { jsonLine } from './output/json-line';
export { JsonView } from './output/json-view';
export { mayBeMarkdown } from './output/markdown';
export { MarkdownView } from './output/markdown-view';
export { Note } from './note';
export { focusPage, isPageHeading, useKeptFocus } from './page-focus';
export { Page, Panel, Section, WithPanel } from './pane';
export { RecordPage } from './record-page';
export { saveFile } from './save-file';
export { Empty, FailureView, Waiting } from './states';
export { JsonBlock, TextBlock } from './text-block';
export { VirtualTable } from './list/virtual-table';
export type { Column, TreePlace, VirtualTableHandle } from './list/virtual-table';
export { WordChanges, WordDiff } from './word-diff';
