import { describe, expect, it } from 'vitest'
import { keyNames, shortcutOf, SHORTCUT_IDS, SHORTCUTS, type KeyContext, type KeyPress } from './shortcuts'

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  defaultPrevented: false,
  target: null,
  ...more,
})
const context = (more: Partial<KeyContext> = {}): KeyContext => ({
  hasLetterKeys: true,
  isDialogOpen: false,
  isInField: () => false,
  isOnControl: () => false,
  ...more,
})

describe('shortcutOf', () => {
  it('knows each key of the list, also while Caps Lock is on', () => {
    const pressed = SHORTCUTS.filter(({ isNative }) => !isNative).map(({ key, hasControl = false }) =>
      shortcutOf(press(key.length === 1 ? key.toUpperCase() : key, { ctrlKey: hasControl }), context()),
    )
    expect(pressed).toEqual(SHORTCUT_IDS.filter((id) => id !== 'paste'))
  })

  it('takes ⌘ for Ctrl, and leaves other combinations to the browser', () => {
    expect(shortcutOf(press('o', { metaKey: true }), context())).toBe('open')
    expect(shortcutOf(press('o'), context())).toBeNull()
    expect(shortcutOf(press('h', { ctrlKey: true }), context())).toBeNull()
    expect(shortcutOf(press('h', { altKey: true }), context())).toBeNull()
    expect(shortcutOf(press('v', { ctrlKey: true }), context())).toBeNull()
    expect(shortcutOf(press('O', { ctrlKey: true, shiftKey: true }), context())).toBeNull()
    expect(shortcutOf(press('S', { shiftKey: true }), context())).toBeNull()
  })

  it('reads what is printed on the key: ? and , stand elsewhere on a French keyboard', () => {
    expect(shortcutOf(press('?', { shiftKey: true }), context())).toBe('help')
    expect(shortcutOf(press('?'), context())).toBe('help')
    expect(shortcutOf(press(','), context())).toBe('settings')
  })

  it('leaves letters to fields, and everything to dialogs', () => {
    const inField = context({ isInField: () => true })
    expect(shortcutOf(press('d'), inField)).toBeNull()
    expect(shortcutOf(press('Escape'), inField)).toBe('cancel')
    expect(shortcutOf(press('Escape'), context({ isDialogOpen: true }))).toBeNull()
    expect(shortcutOf(press('d', { defaultPrevented: true }), context())).toBeNull()
  })

  it('Enter presses the button that has the focus, and starts a card otherwise', () => {
    expect(shortcutOf(press('Enter'), context({ isOnControl: () => true }))).toBeNull()
    expect(shortcutOf(press('Enter'), context())).toBe('run')
  })

  it('letters can be switched off; Escape, Enter and Ctrl stay', () => {
    const off = context({ hasLetterKeys: false })
    expect(['x', 'c', 'd', 's', 'r', 'h', ',', '?'].map((key) => shortcutOf(press(key), off))).toEqual(
      Array.from({ length: 8 }, () => null),
    )
    expect(shortcutOf(press('Escape'), off)).toBe('cancel')
    expect(shortcutOf(press('o', { ctrlKey: true }), off)).toBe('open')
  })
})

it('names keys as they are printed', () => {
  expect(SHORTCUTS.map((one) => keyNames(one, false).join('+'))).toContain('Ctrl+O')
  expect(SHORTCUTS.map((one) => keyNames(one, true).join(''))).toContain('⌘O')
  expect(SHORTCUTS.map((one) => keyNames(one, false).join('+'))).toEqual(expect.arrayContaining(['Esc', 'Enter', '?']))
})
