import { expect, it } from 'vitest'
import { CONTENT_SECURITY_POLICY } from '../../core/security-headers'
import { isOurPolicy } from './protection.svelte'

it('knows our policy, also with more rules or beside another', () => {
  expect(isOurPolicy(CONTENT_SECURITY_POLICY)).toBe(true)
  expect(isOurPolicy(`${CONTENT_SECURITY_POLICY}; frame-ancestors 'none'`)).toBe(true)
  expect(isOurPolicy(`upgrade-insecure-requests, ${CONTENT_SECURITY_POLICY}`)).toBe(true)
})

it('does not take a weaker one for it', () => {
  expect(isOurPolicy(null)).toBe(false)
  expect(isOurPolicy('')).toBe(false)
  expect(isOurPolicy(CONTENT_SECURITY_POLICY.replace("connect-src 'self'", "connect-src 'self' https://stats"))).toBe(
    false,
  )
})
