import { en, type Messages } from './en'
import { LOADERS, LOCALES, type Language, type LanguagePack } from './languages'

/** The language of the page: what reads `t` or `locale()` in a template follows a switch, and no state is lost. */
class CurrentLanguage {
  #language = $state<Language>('en')
  #pack = $state.raw<LanguagePack>({ messages: en })

  get language(): Language {
    return this.#language
  }
  get messages(): Messages {
    return this.#pack.messages
  }
  get pack(): LanguagePack {
    return this.#pack
  }

  /** Loads the texts first, so that the page never shows half of a language. */
  async use(language: Language): Promise<void> {
    const pack = await LOADERS[language]()
    this.#language = language
    this.#pack = pack
    if (typeof document !== 'undefined') document.documentElement.lang = language
  }
}

export const current = new CurrentLanguage()

/** The texts of the current language. Read them where they are shown (`t.page.title`), never keep them in a constant. */
export const t: Messages = new Proxy(en, {
  get: (_, area) => current.messages[area as keyof Messages],
})

/** The locale of numbers and dates. */
export const locale = (): string => LOCALES[current.language]
