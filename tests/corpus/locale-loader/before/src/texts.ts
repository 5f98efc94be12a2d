export type Texts = Readonly<Record<'greeting' | 'farewell', string>>;

export const en: Texts = { greeting: 'Hello', farewell: 'Bye' };
export const de: Texts = { greeting: 'Hallo', farewell: 'Bis bald' };
