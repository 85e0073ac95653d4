export { DiffOutput } from './diff-output';
export { OutputBlock } from './output-block';
export { OutputText } from './output-text';
export { problemsOf } from './problems';
export { toggleOutputView } from './output-views';
export { Thinking } from './thinking';
export { ToolCalls } from './tool-calls';
export { usePrettyText } from './use-pretty-text';
