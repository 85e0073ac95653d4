export { CodeEditor } from './code-editor';
