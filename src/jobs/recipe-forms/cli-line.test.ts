import { describe, expect, it } from 'vitest'
import type { Recipe } from '../recipe'
import { cliLine } from './cli-line'

const bits = { type: 'number', label: 'Bits', help: '', default: 8, min: 2, max: 8 } as const
const keep = { type: 'text', label: 'Keep', help: '', default: '', maxLength: 100 } as const
const metas: Parameters<typeof cliLine>[2] = [
  { id: 'tidy', options: {} },
  { id: 'weights-int8', options: { bits, keep } },
]
const recipe = (...steps: Recipe['steps']): Recipe => ({ version: 1, seed: 0, steps })
const tidy = { method: 'tidy', options: {} }
const files = { input: 'm.onnx', output: 'o.onnx' }

describe('cliLine', () => {
  it('leaves out defaults, tidy among them', () => {
    const steps = recipe(tidy, { method: 'weights-int8', options: { bits: 8, keep: '' } })
    expect(cliLine(steps, { input: 'm.onnx', output: 'm.small.onnx' }, metas)).toBe(
      'npx plume compress m.onnx -o m.small.onnx --method weights-int8',
    )
  })

  it('names what was changed, the data and its state, and says when tidy is off', () => {
    const steps = recipe({ method: 'weights-int8', options: { bits: 4, keep: 'head' } })
    const data = { test: 'my data.npz', target: '-1', preprocess: 'imagenet', state: ['h out=h'] }
    expect(cliLine({ ...steps, seed: 7 }, { ...files, ...data }, metas)).toBe(
      "npx plume compress m.onnx -o o.onnx --method weights-int8:bits=4,keep=head --no-tidy --seed 7 --test 'my data.npz' --target=-1 --preprocess imagenet --state 'h out=h'",
    )
  })

  it('names the data of the calibration, and the budget of the automatic choice alone', () => {
    const given = {
      ...files,
      calibrate: 'photos/',
      preprocess: 'cifar10',
      budget: { kind: 'drop', drop: 0.005 },
      trials: 12,
    } as const
    expect(cliLine(recipe(), given, metas)).toBe(
      'npx plume compress m.onnx -o o.onnx --budget drop=0.5% --trials 12 --calibrate photos/ --preprocess cifar10',
    )
    expect(cliLine(recipe(tidy), given, metas)).toBe(
      'npx plume compress m.onnx -o o.onnx --method tidy --calibrate photos/ --preprocess cifar10',
    )
    expect(cliLine(recipe(), { ...files, budget: { kind: 'no-loss' } }, metas)).toBe(
      'npx plume compress m.onnx -o o.onnx',
    )
  })

  it('keeps tidy where it is the only step, comes twice, or later', () => {
    const line = (...steps: Recipe['steps']) => cliLine(recipe(...steps), files, metas).split(' -o o.onnx ')[1]
    const int8 = { method: 'weights-int8', options: {} }
    expect(line(tidy)).toBe('--method tidy')
    expect(line(tidy, tidy)).toBe('--method tidy --method tidy')
    expect(line(int8, tidy)).toBe('--method weights-int8 --method tidy')
  })

  it('quotes names so that a shell reads them as names', () => {
    expect(cliLine(recipe(tidy), { ...files, input: "-x'; rm.onnx" }, metas)).toBe(
      `npx plume compress './-x'\\''; rm.onnx' -o o.onnx --method tidy`,
    )
  })

  it('writes a comma inside a value so that it does not end the value', () => {
    const steps = recipe(tidy, { method: 'weights-int8', options: { keep: 'a,b\\c' } })
    expect(cliLine(steps, files, metas)).toBe(
      "npx plume compress m.onnx -o o.onnx --method 'weights-int8:keep=a\\,b\\\\c'",
    )
  })
})
