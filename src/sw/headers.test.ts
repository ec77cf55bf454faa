import { describe, expect, it } from 'vitest'
import { SECURITY_HEADERS } from '../core/security-headers'
import { rangeOf, underPolicy } from './headers'

describe('underPolicy', () => {
  it('adds the policy and keeps status, text, type and body', async () => {
    const answer = underPolicy(
      new Response('hello', { status: 404, statusText: 'Not here', headers: { 'Content-Type': 'text/x' } }),
    )
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) expect(answer.headers.get(name)).toBe(value)
    expect([answer.status, answer.statusText, answer.headers.get('content-type')]).toEqual([404, 'Not here', 'text/x'])
    expect(await answer.text()).toBe('hello')
  })

  it('replaces a weaker policy of the host', () => {
    const answer = underPolicy(new Response('', { headers: { 'Content-Security-Policy': "default-src 'none'" } }))
    expect(answer.headers.get('content-security-policy')).toBe(SECURITY_HEADERS['Content-Security-Policy'])
  })

  it.each([204, 205, 304])('gives status %i no body', (status) => {
    const answer = underPolicy(new Response(null, { status }))
    expect([answer.status, answer.body]).toEqual([status, null])
    expect(answer.headers.get('cross-origin-opener-policy')).toBe('same-origin')
  })

  it('lets errors, opaque answers and redirects of the browser pass', () => {
    const failed = Response.error()
    expect(underPolicy(failed)).toBe(failed)
    const redirect = Object.defineProperty(new Response(), 'type', { value: 'opaqueredirect' })
    expect(underPolicy(redirect)).toBe(redirect)
  })

  it('takes away the length of a body that is no longer encoded', () => {
    const answer = underPolicy(
      new Response('decoded', { headers: { 'Content-Encoding': 'gzip', 'Content-Length': '3' } }),
    )
    expect([answer.headers.get('content-encoding'), answer.headers.get('content-length')]).toEqual([null, null])
  })
})

describe('rangeOf', () => {
  const ranged = async (range: string | null) => {
    const answer = await rangeOf(new Response('0123456789', { headers: { 'Content-Type': 'a/b' } }), range)
    return [answer.status, answer.headers.get('content-range'), await answer.text()]
  }

  it.each([
    ['bytes=2-4', 206, 'bytes 2-4/10', '234'],
    ['bytes=7-', 206, 'bytes 7-9/10', '789'],
    ['bytes=-3', 206, 'bytes 7-9/10', '789'],
    ['bytes=5-99', 206, 'bytes 5-9/10', '56789'],
    ['bytes=-99', 206, 'bytes 0-9/10', '0123456789'],
    ['bytes=10-', 416, 'bytes */10', ''],
    ['bytes=5-2', 416, 'bytes */10', ''],
  ])('answers %s', async (range, status, contentRange, body) => {
    expect(await ranged(range)).toEqual([status, contentRange, body])
  })

  it.each([null, 'bytes=0-1,4-5', 'bytes=-', 'lines=1-2', 'bytes=a-b'])('gives the whole for %s', async (range) => {
    expect(await ranged(range)).toEqual([200, null, '0123456789'])
  })
})
