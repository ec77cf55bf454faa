import { announcer } from './announcer.svelte'
import { current, isLanguage, preferredLanguage, type Language } from '../text'

export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** What a visitor chose; small enough for localStorage, which is there before the first paint. */
interface Saved {
  readonly language: Language | null
  readonly theme: Theme
  readonly hasLetterKeys: boolean
  readonly wantsNotification: boolean
  readonly usesGpu: boolean
  readonly asksRuntimeOnGpu: boolean
}

const KEY = 'plume-settings'
const DEFAULTS: Saved = {
  ...{ language: null, theme: 'auto', hasLetterKeys: true, wantsNotification: false },
  ...{ usesGpu: true, asksRuntimeOnGpu: false },
}

export class Settings {
  #saved = $state.raw<Saved>(DEFAULTS)

  /** The chosen language; null = the browser's. */
  get language(): Language | null {
    return this.#saved.language
  }
  get theme(): Theme {
    return this.#saved.theme
  }
  /** Whether single letters are shortcuts (WCAG 2.1.4: they can be switched off). */
  get hasLetterKeys(): boolean {
    return this.#saved.hasLetterKeys
  }
  get wantsNotification(): boolean {
    return this.#saved.wantsNotification
  }

  /** Whether jobs may use a real graphics adapter. */
  get usesGpu(): boolean {
    return this.#saved.usesGpu
  }
  /** Whether onnxruntime's WebGPU provider measures results as well, for which it is fetched. */
  get asksRuntimeOnGpu(): boolean {
    return this.#saved.asksRuntimeOnGpu
  }

  /** Reads what was saved and applies it. `?lang=` of the address goes first, so that a link can name a language. */
  async restore(): Promise<void> {
    this.#saved = readSaved()
    this.#applyTheme()
    const asked = /[?&]lang=(\w+)/.exec(location.search)?.[1]
    const language = isLanguage(asked) ? asked : (this.#saved.language ?? preferredLanguage(navigator.languages))
    // a language that cannot be fetched (connection lost) must not keep the page from opening
    if (language !== current.language) await current.use(language).catch(() => undefined)
  }

  async setLanguage(language: Language): Promise<void> {
    await current.use(language)
    announcer.say('') // what was said last is in the other language
    this.#save({ language })
  }

  setTheme(theme: Theme): void {
    this.#save({ theme })
    this.#applyTheme()
  }

  setLetterKeys(hasLetterKeys: boolean): void {
    this.#save({ hasLetterKeys })
  }

  setNotification(wantsNotification: boolean): void {
    this.#save({ wantsNotification })
  }

  setGpu(usesGpu: boolean): void {
    this.#save({ usesGpu })
  }

  setRuntimeOnGpu(asksRuntimeOnGpu: boolean): void {
    this.#save({ asksRuntimeOnGpu })
  }

  /** As on the first visit: the browser's language, its theme, letters as shortcuts. */
  async reset(): Promise<void> {
    this.#save(DEFAULTS)
    this.#applyTheme()
    await current.use(preferredLanguage(navigator.languages))
  }

  #applyTheme(): void {
    if (this.theme === 'auto') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = this.theme
  }

  #save(change: Partial<Saved>): void {
    this.#saved = { ...this.#saved, ...change }
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#saved))
    } catch {
      // storage can be refused (private windows); the choice holds until the tab closes
    }
  }
}

/** Anything may stand in storage; what does not fit is the default. */
function readSaved(): Saved {
  let found: unknown = null
  try {
    found = JSON.parse(localStorage.getItem(KEY) ?? 'null')
  } catch {
    // refused or damaged: the defaults
  }
  const saved = (typeof found === 'object' && found !== null ? found : {}) as Record<keyof Saved, unknown>
  const flag = (name: 'hasLetterKeys' | 'wantsNotification' | 'usesGpu' | 'asksRuntimeOnGpu') => {
    const value = saved[name]
    return typeof value === 'boolean' ? value : DEFAULTS[name]
  }
  return {
    language: isLanguage(saved.language) ? saved.language : DEFAULTS.language,
    theme: THEMES.find((theme) => theme === saved.theme) ?? DEFAULTS.theme,
    hasLetterKeys: flag('hasLetterKeys'),
    wantsNotification: flag('wantsNotification'),
    usesGpu: flag('usesGpu'),
    asksRuntimeOnGpu: flag('asksRuntimeOnGpu'),
  }
}

export const settings = new Settings()
