export { CodeEditor } from './code-editor';
export { NewTemplatePage, TemplatePage } from './editor-page';
