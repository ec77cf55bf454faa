import { describe, expect, it } from 'vitest'
import type { ProviderResult, Quality, Speed, TaskResult } from '../../evaluate/quality'
import type { Recipe } from '../recipe'
import type { Alternative } from '../report'
import { gainsOf } from './fixes'
import { verdictOf, type VerdictFacts } from './verdict'

const recipe: Recipe = {
  version: 1,
  seed: 3,
  steps: [
    { method: 'tidy', options: {} },
    {
      method: 'static-int8',
      options: { target: 'ort-web', layers: 'head=float' },
      ranges: { machine: 'wasm', samples: 10, values: { x: [-1, 1] } },
    },
  ],
  data: [{ role: 'test', sha256: '0'.repeat(64), samples: 2000 }],
}

const judge: ProviderResult = { name: 'wasm', maxAbsError: 0.4, cosine: 0.999, ok: true, top1Agreement: 0.985 }

const task = (lost: number, gained: number, n = 2000, ci95: [number, number] = [-0.004, 0.005]): TaskResult => ({
  metric: 'accuracy',
  before: 0.8135,
  after: 0.8135 - (lost - gained) / n,
  drop: (lost - gained) / n,
  ci95,
  mcnemar: { lost, gained, p: 1 },
})

const quality = (more: Partial<Quality> = {}): Quality => ({
  data: 'user',
  samples: 2000,
  sqnrDb: 28,
  cosine: 0.999,
  top1Agreement: 0.985,
  agreement95: [0.979, 0.99],
  task: task(12, 11),
  outputs: [],
  providers: [judge],
  ...more,
})

const { task: _, ...unlabelled } = quality()

const facts = (more: Partial<VerdictFacts> = {}): VerdictFacts => ({
  input: { sizeBytes: 1_000_000 },
  output: { sizeBytes: 280_000 },
  recipe,
  quality: quality(),
  speed: [],
  ...more,
})

const slow: Speed = {
  provider: 'wasm',
  beforeMs: 10,
  afterMs: 20,
  beforeSpreadMs: [9.9, 10.1],
  afterSpreadMs: [19.9, 20.1],
  runs: 9,
}

const simulated: ProviderResult = {
  name: 'x86-no-vnni (simulated)',
  maxAbsError: 14,
  cosine: 0.978,
  ok: false,
  samples: 2000,
  top1Agreement: 0.91,
  saturation: {
    pairs: 2000,
    saturated: 23,
    layers: [
      { node: 'stem', pairs: 1000, saturated: 22 },
      { node: 'head', pairs: 1000, saturated: 1 },
    ],
  },
  versus: { provider: 'wasm', disagreement: 0.31, top1Agreement: 0.91 },
}

describe('verdictOf', () => {
  it('is safe where nothing was lost beyond chance, and says what was found', () => {
    expect(verdictOf(facts())).toEqual({
      level: 'safe',
      reasons: [
        'No loss of accuracy beyond chance on 2000 samples (81.4% → 81.3%; 95% interval of the loss −0.4 to 0.5 points).',
      ],
      fixes: [],
    })
  })

  it('says first that it is not smaller, then that it is slower', () => {
    const { level, reasons } = verdictOf(facts({ output: { sizeBytes: 1_000_001 }, speed: [slow] }))
    expect(level).toBe('not-recommended')
    expect(reasons).toEqual([
      'Not smaller: 1.00 MB instead of 1.00 MB.',
      'Slower: a run takes 20 ms instead of 10 ms (100% more, wasm).',
    ])
  })

  it('offers the alternative that is not slower', () => {
    const other: Alternative = {
      ...{ method: 'float16', recipe: { version: 1, seed: 0, steps: [] }, sizeBytes: 500_000, sqnrDb: 60 },
      ...{ afterMs: 9, isChosen: false, why: '' },
    }
    const { level, fixes } = verdictOf(facts({ speed: [slow], alternatives: [other] }))
    expect(level).toBe('check')
    expect(fixes).toEqual([{ text: 'Take float16 instead', recipe: other.recipe }])
  })

  it('does not mind that our own engine is slower', () => {
    expect(verdictOf(facts({ speed: [{ ...slow, provider: 'plume-wasm' }] })).level).toBe('safe')
  })

  it('names the provider that gives other results, the layer that overflows, and what avoids it', () => {
    const { level, reasons, fixes } = verdictOf(facts({ quality: quality({ providers: [judge, simulated] }) }))
    expect(level).toBe('check')
    expect(reasons).toEqual([
      "On x86 processors without VNNI only 91.0% of the answers are the original's: sums of 8-bit products overflow there, " +
        'most in layer "stem" (2.20%).',
    ])
    expect(fixes).toMatchObject([{ text: 'Keep weights to 7 bits, whose sums do not overflow' }])
    expect(fixes[0]?.recipe).toEqual({
      version: 1,
      seed: 3,
      steps: [recipe.steps[0], { method: 'static-int8', options: { target: 'generic', layers: 'head=float' } }],
    })
  })

  it('offers no narrower weights where they are narrow', () => {
    const steps = recipe.steps.map((step) => ({ ...step, options: { ...step.options, target: 'generic' } }))
    const made = verdictOf(facts({ recipe: { ...recipe, steps }, quality: quality({ providers: [judge, simulated] }) }))
    expect(made.fixes).toEqual([])
  })

  it.each<[string, Partial<Quality>, string, RegExp]>([
    [
      'a provider that lost most answers',
      { providers: [judge, { ...simulated, top1Agreement: 0.4 }] },
      'not-recommended',
      /only 40\.0%/,
    ],
    [
      'a provider without decisions',
      { providers: [judge, { ...simulated, top1Agreement: undefined! }] },
      'check',
      /up to 31\.0% of an output's range, since/,
    ],
    [
      'our own engine',
      { providers: [judge, { ...simulated, name: 'plume-wasm' }] },
      'check',
      /Plume's own engine give different/,
    ],
    [
      'onnxruntime on WebGPU',
      { providers: [judge, { ...simulated, name: 'webgpu' }] },
      'check',
      /on WebGPU and on WebAssembly/,
    ],
    [
      'outputs far off',
      { providers: [{ ...judge, ok: false, cosine: 0.5, top1Agreement: 0.3 }] },
      'not-recommended',
      /cosine is 0\.500/,
    ],
    [
      'outputs that are not finite',
      { providers: [{ ...judge, ok: false, cosine: 0 }] },
      'not-recommended',
      /missing or not finite/,
    ],
    [
      'a small certain loss',
      { task: task(40, 10, 2000, [0.008, 0.022]) },
      'check',
      /falls by 1\.5 points, more than chance explains/,
    ],
    ['a large certain loss', { task: task(90, 10, 2000, [0.031, 0.049]) }, 'not-recommended', /falls by 4\.0 points/],
    [
      'an interval that is wide',
      { samples: 100, task: task(2, 1, 100, [-0.03, 0.05]) },
      'check',
      /up to 5\.0 points: 100 samples cannot tell/,
    ],
    [
      'likelihood',
      { task: { ...task(0, 0), metric: 'nll', drop: 0.03, ci95: [0.01, 0.05] } },
      'check',
      /grows by 0\.0300 nats/,
    ],
    ['few samples', { samples: 20 }, 'check', /^Measured on 20 samples only/],
    ['made-up inputs', { data: 'synthetic' }, 'check', /made-up inputs only/],
    ['weights only', { data: 'weights-only', sqnrDb: 40 }, 'check', /only the error of the weights/],
    [
      'a class that lost',
      {
        classes: [
          { class: 3, samples: 200, before: 180, after: 150, lost: 32 },
          { class: 4, samples: 200, before: 180, after: 178, lost: 4 },
        ],
      },
      'check',
      /^Class 3 loses more than chance explains: 180 of 200 answers were right, 150 are\.$/,
    ],
  ])('tells of %s', (_, more, level, text) => {
    const made = verdictOf(facts({ quality: quality(more) }))
    expect(made.level).toBe(level)
    expect(made.reasons.join('\n')).toMatch(new RegExp(text.source, 'm'))
  })

  it('lets a budget spend what it allows', () => {
    const lossy = quality({ task: task(40, 10, 2000, [0.008, 0.022]) })
    expect(verdictOf(facts({ quality: lossy, budget: { kind: 'drop', drop: 0.02 } })).level).toBe('safe')
  })

  it.each<[string, Partial<Quality>, string, string]>([
    ['safe', {}, 'safe', "98.5% of the answers on 2000 samples are the original's (95% interval 97.9% to 99.0%)."],
    ['to be checked', { top1Agreement: 0.93, agreement95: [0.89, 0.96] }, 'check', '93.0% of the answers'],
    ['not recommended', { top1Agreement: 0.8, agreement95: [0.78, 0.82] }, 'not-recommended', '80.0% of the answers'],
  ])('judges by the agreement where there are no labels: %s', (_, more, level, text) => {
    const made = verdictOf(facts({ quality: { ...unlabelled, ...more } }))
    expect(made.level).toBe(level)
    expect(made.reasons[0]).toContain(text)
  })

  it.each<[number | null, string, string]>([
    [null, 'safe', 'The outputs are identical.'],
    [32.5, 'safe', 'The worst output is 32.5 dB above its error.'],
    [12, 'check', 'The worst output is 12.0 dB above its error.'],
  ])('judges by the error where there are no decisions: %s dB', (sqnrDb, level, text) => {
    const { top1Agreement: _agreement, agreement95: _interval, ...rest } = unlabelled
    expect(verdictOf(facts({ quality: { ...rest, sqnrDb } }))).toMatchObject({ level, reasons: [text] })
  })

  it('offers to keep the layers in float that bring most, at their price', () => {
    const gains = gainsOf({
      metric: 'accuracy',
      layers: [
        ...[0.001, 0.013, 0, 0.002].map((gain, i) => ({
          ...{ name: `conv ${i}`, opType: 'Conv', to: 'int8', addedBytes: 40_000 + i },
          ...{ alone: { sqnrDb: 20, drop: 0.01 }, restored: { sqnrDb: 30, gain } },
        })),
      ],
    })
    const lossy = facts({ quality: quality({ task: task(40, 10, 2000, [0.008, 0.022]) }) })
    expect(verdictOf(lossy, gains).fixes).toEqual([
      {
        text: 'Keep conv 1 in float',
        addedBytes: 40_001,
        gain: 0.013,
        recipe: {
          version: 1,
          seed: 3,
          steps: [
            recipe.steps[0],
            { method: 'static-int8', options: { target: 'ort-web', layers: 'conv?1=float head=float' } },
          ],
        },
      },
      expect.objectContaining({ text: 'Keep conv 3 in float', gain: 0.002 }),
    ])
  })
})
