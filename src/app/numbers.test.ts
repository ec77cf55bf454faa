import { afterEach, expect, it, test } from 'vitest'
import {
  ago,
  bytes,
  compact,
  dateTime,
  day,
  db,
  fixed,
  list,
  ms,
  percent,
  relativeError,
  remaining,
  signed,
  significant,
  typedNumber,
  whole,
} from './numbers'
import { current } from './text'

const NOW = new Date(2026, 6, 14, 9, 5).getTime()
const DAY = 86_400_000

afterEach(() => current.use('en'))

it('signs numbers with a real minus and never shows a negative zero', () => {
  expect(signed(-0.34, 1)).toBe('−0.3')
  expect(signed(1.26, 1)).toBe('+1.3')
  expect(signed(-0.04, 1)).toBe('0.0')
})

it('turns decibels into a relative error', () => {
  expect(relativeError(40)).toBe('1%')
  expect(relativeError(37.1)).toBe('1.4%')
  expect(relativeError(100)).toBe('0.001%')
})

it('shortens large counts', () => {
  expect(compact(269_722)).toBe('270K')
})

test('English numbers', () => {
  expect([bytes(900), bytes(73_309), bytes(1_234_567_890)]).toEqual(['900 B', '73.3 kB', '1.23 GB'])
  expect([ms(2.414), ms(1500), percent(0.123), db(28.34), db(null)]).toEqual([
    '2.41 ms',
    '1.5 s',
    '12.3%',
    '28.3 dB',
    'identical',
  ])
  expect([remaining(400), remaining(12_000), remaining(119_000)]).toEqual([
    'less than 1 s',
    'about 12 s',
    'about 2 min',
  ])
  expect([fixed(1 / 3, 3), significant(0.000012345, 3), significant(0.12, 3)]).toEqual(['0.333', '1.23E-5', '0.120'])
  expect(list(['a', 'b', 'c'])).toBe('a, b, and c')
  expect(typedNumber('1,5')).toBe('1,5')
})

test('French numbers: octets, a decimal comma, spaces that do not break', async () => {
  await current.use('fr')
  expect([bytes(900), bytes(73_309), bytes(20_600_000), bytes(1_234_567_890)]).toEqual([
    '900\u00a0o',
    '73,3\u00a0ko',
    '20,6\u00a0Mo',
    '1,23\u00a0Go',
  ])
  expect([ms(2.414), ms(1500), percent(0.123), db(28.34), db(null)]).toEqual([
    '2,41\u00a0ms',
    '1,5\u00a0s',
    '12,3\u202f%',
    '28,3\u00a0dB',
    'identique',
  ])
  expect([remaining(400), remaining(12_000), remaining(119_000)]).toEqual([
    'moins de 1\u00a0s',
    'environ 12\u00a0s',
    'environ 2\u00a0min',
  ])
  expect([whole(1_234_567), signed(-1.25, 1), fixed(1 / 3, 3)]).toEqual(['1\u202f234\u202f567', '−1,3', '0,333'])
  expect(list(['a', 'b', 'c'])).toBe('a, b et c')
  expect([typedNumber('1,5'), typedNumber('1\u202f024,5'), typedNumber('a,b')]).toEqual(['1.5', '1024.5', 'a,b'])
})

test('dates and how long ago they were', async () => {
  expect(day(NOW)).toBe('July 14, 2026')
  expect(dateTime(NOW)).toMatch(/^Jul 14, 2026, 9:05\sAM$/)
  const times = [NOW, NOW - 180_000, NOW - DAY, NOW - 3 * DAY, NOW - 15 * DAY, NOW - 61 * DAY, NOW + DAY]
  expect(times.map((time) => ago(time, NOW))).toEqual([
    'now',
    '3 minutes ago',
    'yesterday',
    '3 days ago',
    '2 weeks ago',
    '2 months ago',
    'now',
  ])
  await current.use('fr')
  expect(day(NOW)).toBe('14 juillet 2026')
  expect(dateTime(NOW)).toBe('14 juil. 2026, 09:05')
  expect(times.map((time) => ago(time, NOW).replace(/\s/g, ' '))).toEqual([
    'maintenant',
    'il y a 3 minutes',
    'hier',
    'il y a 3 jours',
    'il y a 2 semaines',
    'il y a 2 mois',
    'maintenant',
  ])
})
