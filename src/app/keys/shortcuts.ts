/** What a shortcut does; its words are in the catalogue (`t.help.keys`). */
export const SHORTCUT_IDS = [
  'open',
  'paste',
  'run',
  'cancel',
  'flip',
  'compare',
  'download',
  'share',
  'report',
  'history',
  'settings',
  'help',
] as const
export type ShortcutId = (typeof SHORTCUT_IDS)[number]

export interface Shortcut {
  readonly id: ShortcutId
  /** `KeyboardEvent.key`, lower case: what is printed on the key, whatever the layout. */
  readonly key: string
  /** With Ctrl, or ⌘ on a Mac. */
  readonly hasControl?: boolean
  /** The browser does it; it stands in the list and nowhere else. */
  readonly isNative?: boolean
}

export const SHORTCUTS: readonly Shortcut[] = [
  { id: 'open', key: 'o', hasControl: true },
  { id: 'paste', key: 'v', hasControl: true, isNative: true },
  { id: 'run', key: 'enter' },
  { id: 'cancel', key: 'escape' },
  { id: 'flip', key: 'x' },
  { id: 'compare', key: 'c' },
  { id: 'download', key: 'd' },
  { id: 'share', key: 's' },
  { id: 'report', key: 'r' },
  { id: 'history', key: 'h' },
  { id: 'settings', key: ',' },
  { id: 'help', key: '?' },
]

/** What of a key press counts; a KeyboardEvent has it all. */
export interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
  readonly defaultPrevented: boolean
  readonly target: EventTarget | null
}

export interface KeyContext {
  /** Whether single characters count (WCAG 2.1.4). */
  readonly hasLetterKeys: boolean
  readonly isDialogOpen: boolean
  /** Whether the press belongs to a field, a button or a link, which have a use for it themselves. */
  readonly isInField: (target: EventTarget | null) => boolean
  readonly isOnControl: (target: EventTarget | null) => boolean
}

/** The shortcut that was pressed, or null. */
export function shortcutOf(press: KeyPress, context: KeyContext): ShortcutId | null {
  if (press.defaultPrevented || press.altKey || context.isDialogOpen) return null
  const hasControl = press.ctrlKey || press.metaKey
  const key = press.key.toLowerCase()
  // Ctrl+Shift+O is the browser's own; ? needs Shift on most keyboards
  if (press.shiftKey && /^[a-z]$/.test(key)) return null
  const found = SHORTCUTS.find((one) => one.key === key && (one.hasControl ?? false) === hasControl && !one.isNative)
  if (!found) return null
  if (hasControl || found.id === 'cancel') return found.id
  if (context.isInField(press.target)) return null
  if (found.id === 'run') return context.isOnControl(press.target) ? null : 'run'
  return context.hasLetterKeys ? found.id : null
}

/** As it is printed on the keys of a list. */
export function keyNames({ key, hasControl }: Shortcut, isMac: boolean): string[] {
  const names: Readonly<Record<string, string>> = { enter: 'Enter', escape: 'Esc' }
  const name = names[key] ?? key.toUpperCase()
  return hasControl ? [isMac ? '⌘' : 'Ctrl', name] : [name]
}
