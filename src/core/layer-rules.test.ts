import { describe, expect, it } from 'vitest'
import { UsageError } from './errors'
import { parseLayerRules, ruleFor } from './layer-rules'

const layer = (name: string, opType = 'Conv', chain: readonly string[] = [opType]) => ({ name, opType, chain })

describe('rules for layers', () => {
  it('take the first that fits', () => {
    const kindOf = parseLayerRules('head.*=float  type:Gemm=16 pattern:Conv+Relu=8 *=4', 'static-int8')
    expect(kindOf(layer('head.conv'))).toBe('float')
    expect(kindOf(layer('fc', 'Gemm'))).toBe('16')
    expect(kindOf(layer('c1', 'Conv', ['Conv', 'Relu', 'Add']))).toBe('8')
    expect(kindOf(layer('c2', 'Conv', ['Conv', 'Add', 'Relu']))).toBe('4')
  })

  it('say nothing of a layer that none fits', () => {
    expect(parseLayerRules('', 'x')(layer('a'))).toBeUndefined()
    expect(parseLayerRules('b=float', 'x')(layer('a'))).toBeUndefined()
  })

  it.each(['conv1', '=float', 'conv1=7', 'conv1='])('name what is wrong with %s', (rule) => {
    expect(() => parseLayerRules(`a=8 ${rule}`, 'static-int8')).toThrow(
      new UsageError(
        `Rule "${rule}" of static-int8: expected PATTERN=KIND with a KIND of float, 16, 8, 4, such as conv1=float.`,
      ),
    )
  })

  it.each(['/layer1/Conv', 'a=b', 'two words', 'a,b', 'x*y', 'type:Conv?'])(
    'are written for a layer called %s',
    (name) => {
      expect(parseLayerRules(ruleFor(name, 'float'), 'x')(layer(name))).toBe('float')
    },
  )
})
