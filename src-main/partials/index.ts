export { createPartialsService } from './service';
