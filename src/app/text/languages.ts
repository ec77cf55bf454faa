import type { Messages } from './en'
import type { Sentences } from './engine/sentences'
import type { MethodTexts } from './methods'

/** The languages of the page. Each is loaded when it is chosen; English is there from the start. */
export const LANGUAGES = ['en', 'fr'] as const
export type Language = (typeof LANGUAGES)[number]

/** Each language in its own words, as a switch shows it. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', fr: 'Français' }

/** The locale of numbers, dates and plurals. */
export const LOCALES: Readonly<Record<Language, string>> = { en: 'en', fr: 'fr-FR' }

/** What a language brings. English needs no more than messages: methods and the engine speak it themselves. */
export interface LanguagePack {
  readonly messages: Messages
  readonly methods?: MethodTexts
  readonly sentences?: Sentences
}

export const LOADERS: Readonly<Record<Language, () => Promise<LanguagePack>>> = {
  en: async () => ({ messages: (await import('./en')).en }),
  fr: async () => (await import('./fr/pack')).pack,
}

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((language) => language === value)
}

/** The first of the reader's languages that the page has; English otherwise. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const [primary] = tag.toLowerCase().split('-')
    if (isLanguage(primary)) return primary
  }
  return 'en'
}
