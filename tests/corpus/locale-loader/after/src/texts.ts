export type Texts = Readonly<Record<'greeting' | 'farewell', string>>;
