import type { LanguagePack } from '../languages'
import { fr } from '.'
import { sentences } from './engine'
import { methods } from './methods'

/** All that French brings; loaded when it is chosen. */
export const pack: LanguagePack = { messages: fr, methods, sentences }
