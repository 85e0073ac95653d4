export { useInstalledSample, useSampleLibrary } from './sample-library';
export { TemplatePicker } from './template-picker';
