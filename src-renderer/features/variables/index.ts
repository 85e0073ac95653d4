export { exampleOf, variableShapes } from './shapes';
export type { Shape } from './shapes';
export { valueOf, valueProblem } from './values';
