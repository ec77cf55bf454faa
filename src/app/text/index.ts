export { current, locale, t } from './language.svelte'
export { LANGUAGES, LANGUAGE_NAMES, isLanguage, preferredLanguage, type Language } from './languages'
