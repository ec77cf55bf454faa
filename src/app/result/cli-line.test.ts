import { describe, expect, it } from 'vitest'
import type { Recipe } from '../../jobs/recipe'
import { cliLine } from './cli-line'

const bits = { type: 'number', label: 'Bits', help: '', default: 8, min: 2, max: 8 } as const
const keep = { type: 'text', label: 'Keep', help: '', default: '', maxLength: 100 } as const
const metas: Parameters<typeof cliLine>[3] = [
  { id: 'tidy', options: {} },
  { id: 'weights-int8', options: { bits, keep } },
]
const recipe = (...steps: Recipe['steps']): Recipe => ({ version: 1, seed: 0, steps })
const tidy = { method: 'tidy', options: {} }

describe('cliLine', () => {
  it('leaves out defaults, tidy among them', () => {
    const steps = recipe(tidy, { method: 'weights-int8', options: { bits: 8, keep: '' } })
    expect(cliLine('m.onnx', 'm.small.onnx', steps, metas)).toBe(
      'npx plume compress m.onnx -o m.small.onnx --method weights-int8',
    )
  })

  it('names what was changed, and says when tidy is off', () => {
    const steps = recipe({ method: 'weights-int8', options: { bits: 4, keep: 'head' } })
    expect(
      cliLine('m.onnx', 'o.onnx', { ...steps, seed: 7 }, metas, { name: 'my data.npz', preprocess: 'imagenet' }),
    ).toBe(
      "npx plume compress m.onnx -o o.onnx --method weights-int8:bits=4,keep=head --no-tidy --seed 7 --test 'my data.npz' --preprocess imagenet",
    )
  })

  it('keeps tidy when it is the only step', () => {
    expect(cliLine('m.onnx', 'o.onnx', recipe(tidy), metas)).toBe('npx plume compress m.onnx -o o.onnx --method tidy')
  })

  it('quotes names so that a shell reads them as names', () => {
    expect(cliLine("-x'; rm.onnx", 'o.onnx', recipe(tidy), metas)).toBe(
      `npx plume compress './-x'\\''; rm.onnx' -o o.onnx --method tidy`,
    )
  })
})
