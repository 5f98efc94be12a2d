import type { Texts } from '../texts';

export const texts: Texts = { greeting: 'Hallo', farewell: 'Bis bald' };
