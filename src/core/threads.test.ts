import { expect, it } from 'vitest'
import { runtimeThreads } from './threads'

it('leaves a core to the job from three on, and takes one without isolation', () => {
  expect([1, 2, 3, 4, 5, 16].map((cores) => runtimeThreads(cores, true))).toEqual([1, 2, 2, 3, 4, 4])
  expect(runtimeThreads(16, false)).toBe(1)
})
