export { TemplatesPage } from './templates-page';
export { sampleInputsKey, useSampleLibrary } from './sample-library';
export { TemplatePicker } from './template-picker';
