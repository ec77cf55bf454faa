import { describe, expect, it } from 'vitest'
import type { DataPreview } from '../../jobs/train/preview'
import type { TrainSettings } from '../../jobs/train/request'
import { trainCliLine } from './cli-line'
import {
  changesPlan,
  choiceOf,
  columnLabel,
  modelName,
  readWidths,
  splitWords,
  withSetting,
  withTarget,
} from './settings'

const preview = { kind: 'table', suggestions: [[], [64], [64, 32]] } as unknown as DataPreview

describe('widths of layers', () => {
  it('are read however they are separated', () => {
    expect([readWidths('64, 32'), readWidths(' 8 '), readWidths('4;5 6')]).toEqual([[64, 32], [8], [4, 5, 6]])
  })

  it('are refused where they are none', () => {
    const wrong = ['', '0', '1.5', '-3', 'a, 2', '5000', '1,1,1,1,1,1,1,1,1']
    expect(wrong.map(readWidths)).toEqual(wrong.map(() => null))
  })
})

describe('the choice of a model', () => {
  it('is that of the settings', () => {
    const choice = (layers?: readonly number[]) => choiceOf({ seed: 0, ...(layers && { layers }) }, preview)
    expect([choice(), choice([]), choice([64, 32]), choice([3])]).toEqual([
      'automatic',
      'linear',
      'suggested-64, 32',
      'own',
    ])
  })

  it('has a name', () => {
    expect([modelName('linear', []), modelName('mlp', [64, 32]), modelName('cnn', [16, 64])]).toEqual([
      'Linear model',
      'Network 64-32',
      'Convolutional network 16-64',
    ])
  })
})

describe('changed settings', () => {
  it('leave out what became automatic', () => {
    expect(withSetting({ seed: 1, epochs: 5 }, 'epochs', undefined)).toEqual({ seed: 1 })
    expect(withSetting({ seed: 1 }, 'layers', [])).toEqual({ seed: 1, layers: [] })
  })

  it('of the target forget its role and the task of the one before', () => {
    const before: TrainSettings = { seed: 0, target: 'a', task: 'regression', roles: { b: 'ignored', c: 'number' } }
    expect(withTarget(before, 'b')).toEqual({ seed: 0, target: 'b', roles: { c: 'number' } })
    expect(withTarget({ seed: 0, roles: { b: 'ignored' } }, 'b')).toEqual({ seed: 0, target: 'b' })
  })

  it('ask for another look where they change what is made of the data', () => {
    const before: TrainSettings = { seed: 0, target: 'a' }
    expect(changesPlan(before, { ...before, epochs: 3, layers: [4] })).toBe(false)
    expect(changesPlan(before, { ...before, roles: { b: 'ignored' } })).toBe(true)
    expect(changesPlan(before, { seed: 0 })).toBe(true)
  })
})

it('samples are split into three parts that are all of them', () => {
  expect(splitWords({ seed: 0 }, 569)).toMatch(/^About 399 samples train, 85 choose .* 85 prove/)
  expect(splitWords({ seed: 0, testShare: 0.2, validationShare: 0.1 }, 100)).toMatch(/^About 70 .* 10 .* 20 prove/)
})

it('columns without a name are called by their number', () => {
  expect([columnLabel('3'), columnLabel('age'), columnLabel('3rd')]).toEqual(['Column 3', 'age', '3rd'])
})

describe('the command line', () => {
  it('says what was changed and nothing else', () => {
    expect(trainCliLine({ seed: 0 }, 'iris.csv', 'iris.onnx')).toBe('npx plume train iris.csv -o iris.onnx')
  })

  it('says all of it, quoted for a shell', () => {
    const settings: TrainSettings = {
      ...{ seed: 3, target: 'price (€)', task: 'regression', roles: { 'zip code': 'category', id: 'ignored' } },
      ...{ layers: [], epochs: 9, batchSize: 16, rate: 0.01, optimizer: 'sgd', augment: ['flip', 'crop'] },
      ...{ testShare: 0.2, validationShare: 0.2, seeds: 4, balanced: true },
    }
    expect(trainCliLine(settings, "it's.csv", 'x.onnx')).toBe(
      "npx plume train 'it'\\''s.csv' -o x.onnx --target 'price (€)' --task regression --role 'zip code=category' " +
        '--role id=ignored --layers 0 --epochs 9 --batch-size 16 --lr 0.01 --optimizer sgd --augment flip,crop ' +
        '--test-share 0.2 --validation-share 0.2 --seeds 4 --seed 3 --balanced',
    )
  })

  it('names columns and files that look like flags', () => {
    expect(trainCliLine({ seed: 0, target: '-x' }, '-a.csv', 'a.onnx')).toBe(
      'npx plume train ./-a.csv -o a.onnx --target=-x',
    )
  })

  it('names the first of several files', () => {
    expect(trainCliLine({ seed: 0 }, 'a-images.gz + a-labels.gz', 'a.onnx')).toBe(
      'npx plume train a-images.gz -o a.onnx',
    )
  })
})
