export { FILE, MESSAGES, templateShapes } from './content-shapes';
export { exampleOf, variableShapes } from './shapes';
export type { Shape } from './shapes';
export { firstProblem, meantRows, valueOf, valueProblem } from './values';
