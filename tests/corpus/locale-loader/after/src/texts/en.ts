import type { Texts } from '../texts';

export const texts: Texts = { greeting: 'Hello', farewell: 'Bye' };
