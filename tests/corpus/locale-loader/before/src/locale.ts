import { de, en, type Texts } from './texts';

export function textsFor(language: string): Texts {
  return language.startsWith('de') ? de : en;
}
