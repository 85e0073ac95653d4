export { TemplatesPage } from './templates-page';
export { useSampleLibrary } from './sample-library';
export { TemplatePicker } from './template-picker';
