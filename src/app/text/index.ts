import { en, type Messages } from './en'

/** The language of the page and of its numbers. */
export const locale = 'en'

export const t: Messages = en
