import { expect, it } from 'vitest'
import { decide, type Situation } from './isolation.svelte'

/** The first visit to a plain host, after the service worker took the page. */
const FIRST: Situation = {
  isIsolated: false,
  isControlled: true,
  cameThroughWorker: false,
  wasReloaded: false,
  isTouched: false,
}

it('reloads an untouched page once', () => {
  expect(decide(FIRST)).toBe('reload')
})

it('asks where somebody is at work, or where a reload was tried', () => {
  expect(decide({ ...FIRST, isTouched: true })).toBe('offer')
  expect(decide({ ...FIRST, wasReloaded: true })).toBe('offer')
})

it('stays where a reload would change nothing', () => {
  expect(decide({ ...FIRST, isIsolated: true })).toBe('stay')
  expect(decide({ ...FIRST, isControlled: false })).toBe('stay')
  expect(decide({ ...FIRST, cameThroughWorker: true })).toBe('stay')
})
