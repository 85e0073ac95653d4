export { ModelPicker, type ModelChoice } from './model-picker';
