import { expect, it } from 'vitest'
import { compact, relativeError, signed } from './numbers'

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
