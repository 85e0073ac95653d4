import base from './playwright.config';
export default { ...base, timeout: 90000, expect: { timeout: 20000 }, retries: 0 };
