import { expect, it } from 'vitest'
import { namePatterns } from './name-patterns'

it('matches whole names, with * and ?, and takes other signs literally', () => {
  const matches = namePatterns('conv1.weight, fc?.* *(head)')
  expect(['conv1.weight', 'fc2.bias', 'my(head)'].map(matches)).toEqual([true, true, true])
  expect(['conv1xweight', 'conv1.weight2', 'fc12.bias', 'head'].map(matches)).toEqual([false, false, false, false])
})

it('matches nothing when it is empty', () => {
  expect(namePatterns(' ')('x')).toBe(false)
})
