import { describe, expect, it } from 'vitest'
import { UsageError } from '../core/errors'
import { formatState, parseState } from './state-link'

describe('carried state', () => {
  it('is written as OUTPUT=INPUT and read back', () => {
    expect(parseState('stateN=state')).toEqual({ output: 'stateN', input: 'state' })
    expect(formatState(parseState('a/b:0=c.d'))).toBe('a/b:0=c.d')
  })

  it('is refused in other forms, with what is right', () => {
    for (const text of ['', 'h', 'h=', '=h', 'a=b=c']) {
      expect(() => parseState(text), text).toThrow(UsageError)
      expect(() => parseState(text)).toThrow(`--state takes OUTPUT=INPUT, e.g. stateN=state, not "${text}".`)
    }
  })
})
