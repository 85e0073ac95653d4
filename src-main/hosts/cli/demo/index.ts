export { tour } from './demo';
