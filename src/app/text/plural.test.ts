import { expect, test } from 'vitest'
import { plural } from './plural'

const form = (locale: string, count: number) => plural(locale, count, { one: 'one', other: 'other' })

test('English has one form for one and another for none and many', () => {
  expect([0, 1, 2, 1_000_000].map((count) => form('en', count))).toEqual(['other', 'one', 'other', 'other'])
})

test('French counts none as one, and a million like two', () => {
  expect([0, 1, 1.5, 2, 1_000_000].map((count) => form('fr-FR', count))).toEqual([
    'one',
    'one',
    'one',
    'other',
    'other',
  ])
})

test('a language uses the categories that it has', () => {
  const forms = { one: 'plik', few: 'pliki', many: 'plików', other: 'pliku' }
  expect([1, 3, 5].map((count) => plural('pl', count, forms))).toEqual(['plik', 'pliki', 'plików'])
})
