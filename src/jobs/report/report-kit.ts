import type { Alternative, Report } from '../report'
import type { SensitivityReport } from '../sensitivity/report'
import { resolveRecipe } from '../steps'
import { hashOf, sampleReport } from '../share/shared-kit'

/** A report with every part that there is, for tests of its written forms. @param name of a layer; hostile ones too */
export function fullReport(name = 'layer2.0.conv1'): Report {
  const recipe = resolveRecipe({ version: 1, seed: 0, steps: [{ method: 'weights-int8', options: {} }] })
  const [step] = recipe.steps
  const ranged = {
    ...recipe,
    steps: [
      {
        ...step!,
        ranges: { machine: 'wasm', samples: 100, values: { [`${name}.out`]: [-1.25, 2.5] as [number, number] } },
      },
    ],
  }
  const base = sampleReport(3)
  const trial = (method: string, sizeBytes: number, drop: number, more: Partial<Alternative> = {}): Alternative => ({
    method,
    recipe,
    sizeBytes,
    sqnrDb: 25 - 100 * drop,
    drop,
    isChosen: false,
    why: 'larger than the one chosen',
    ...more,
  })
  return {
    ...base,
    recipe: ranged,
    quality: {
      ...base.quality,
      agreement95: [0.982, 0.9981],
      task: {
        metric: 'accuracy',
        before: 0.926,
        after: 0.9225,
        drop: 0.0035,
        ci95: [-0.0012, 0.0082],
        bootstrap95: { interval: [-0.001, 0.008], resamples: 10_000, seed: 0 },
        mcnemar: { lost: 31, gained: 24, p: 0.418 },
        nll: { before: 0.2901, after: 0.3012 },
      },
      classes: Array.from({ length: 20 }, (_, i) => ({
        class: i,
        samples: 25 + i,
        before: 24,
        after: 24 - (i % 4 === 3 ? 3 : 0),
      })),
      providers: [
        { name: 'wasm', maxAbsError: 0.4, cosine: 0.9991, ok: true, top1Agreement: 0.987, accuracy: 0.9225 },
        {
          name: 'plume-wasm',
          maxAbsError: 0.4,
          cosine: 0.9991,
          ok: true,
          samples: 64,
          top1Agreement: 0.984,
          versus: { provider: 'wasm', disagreement: 0.0001 },
        },
        {
          name: 'x86-no-vnni (simulated)',
          maxAbsError: 3.1,
          cosine: 0.98,
          ok: false,
          samples: 64,
          top1Agreement: 0.91,
          saturation: { pairs: 1_000_000, saturated: 1234, layers: [{ node: name, pairs: 40_000, saturated: 1234 }] },
        },
      ],
    },
    values: Array.from({ length: 4 }, (_, i) => ({
      name: i === 0 ? `${name}.out` : `value${i}`,
      to: 'uint8',
      min: -1.25 * i,
      max: 2.5,
      scale: 0.0147,
      zeroPoint: 85,
      clipped: 0.0001,
      layer: name,
    })),
    layers: [
      { name, opType: 'Conv', to: 'int8', sizeBeforeBytes: 36_864, sizeAfterBytes: 9472 },
      {
        name: 'fc',
        opType: 'Gemm',
        to: 'float',
        sizeBeforeBytes: 2560,
        sizeAfterBytes: 2560,
        why: 'the output head collapsed',
      },
    ],
    calibration: { samples: 100, skipped: 2, machine: 'wasm', memoryCapBytes: 512_000_000, ms: 2300 },
    verdict: {
      level: 'check',
      reasons: ['On x86 without VNNI 91.0 % of the answers agree with the original, on the judge 98.7 %.'],
      fixes: [{ text: `Keep ${name} in float`, recipe: ranged, addedBytes: 40_000, gain: 0.013 }],
    },
    search: { budget: { kind: 'drop', drop: 0.005 }, trials: 5, maxTrials: 24, scoringSamples: 50, metric: 'accuracy' },
    extras: [{ name: 'client-x.calib.cache', sizeBytes: 1234, sha256: hashOf(9) }],
    notes: [
      { severity: 'warning', node: name, text: 'A run takes 12 ms instead of 9 ms.' },
      { severity: 'info', text: 'Opset 11 was lifted to 13.' },
    ],
    alternatives: [
      trial('static-int8, percentile 99.99', 11_839_554, 0.0035, {
        isChosen: true,
        isOnFront: true,
        why: 'smallest within the budget',
      }),
      trial('static-int8, min-max', 11_839_600, 0.012),
      trial('static-int8, fc in float', 12_400_000, 0.001, { isOnFront: true }),
      trial('weights-int8', 12_000_000, 0.0005, { isOnFront: true }),
      { method: 'float16', sizeBytes: 23_000_000, sqnrDb: null, isChosen: false, why: 'not possible: no kernel' },
    ],
  }
}

export function fullSensitivity(name = 'layer2.0.conv1'): SensitivityReport {
  const counts = Array.from(
    { length: 128 },
    (_, i) => Math.round(4000 * Math.exp(-(((i - 40) / 18) ** 2))) + (i === 120 ? 3 : 0),
  )
  return {
    version: 1,
    model: { name: 'client-x.onnx', sizeBytes: 46_801_214, sha256: hashOf(1) },
    method: { id: 'static-int8', options: {} },
    metric: 'accuracy',
    samples: 100,
    baseline: { sizeBytes: 11_839_554, sqnrDb: 21.5, drop: 0.012, top1Agreement: 0.97 },
    layers: Array.from({ length: 21 }, (_, i) => ({
      name: i === 0 ? name : `layer${i}.conv`,
      opType: 'Conv',
      to: 'int8',
      alone: { sqnrDb: 22 + i, drop: 0.013 * 0.8 ** i },
      restored: { sqnrDb: 23, gain: 0.011 * 0.8 ** i },
      addedBytes: 40_000 + 100 * i,
    })),
    tensors: [
      {
        name: `${name}.out`,
        to: 'uint8',
        min: -1.25,
        max: 2.5,
        scale: 0.0147,
        zeroPoint: 85,
        clipped: 0.0001,
        layer: name,
        histogram: { low: -1.25, width: 0.04, counts },
      },
    ],
    notes: [],
  }
}
