export { useInstalledSample, useSampleLibrary } from './sample-library';
export { LabelRulesSection } from './label-rules-section';
export { TemplatePicker } from './template-picker';
