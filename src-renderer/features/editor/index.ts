export { NewTemplatePage, TemplatePage } from './editor-page';
