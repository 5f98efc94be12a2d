import type { Texts } from './texts';

const LOADERS = {
  en: () => import('./texts/en'),
  de: () => import('./texts/de'),
} satisfies Record<string, () => Promise<{ texts: Texts }>>;

type Language = keyof typeof LOADERS;

function isLanguage(name: string): name is Language {
  return Object.hasOwn(LOADERS, name);
}

/** The texts of a language such as `de-AT`; English where there is none. */
export async function textsFor(language: string): Promise<Texts> {
  const name = language.split('-')[0]!.toLowerCase();
  return (await LOADERS[isLanguage(name) ? name : 'en']()).texts;
}
