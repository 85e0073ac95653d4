export { useInstalledSample, useSampleLibrary } from './sample-library';
export { LabelDialog } from './label-dialog';
export { LabelRulesSection } from './label-rules-section';
export { RenameDialog } from './rename-dialog';
export { TemplatePicker } from './template-picker';
