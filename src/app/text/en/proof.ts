import { plural } from '../plural'

export const proof = {
  levels: { safe: 'Safe to use', check: 'Check these', 'not-recommended': 'Not recommended' },
  fixes: 'What would help',
  fix: 'Make it so',
  fixCost: (size: string) => `${size}`,
  fixGain: (points: string) => `${points} expected`,
  providers: 'On every provider',
  providersHelp:
    'The first is the judge: the runtime that web pages use. “Off the judge” is the largest difference, as a share of the output’s range.',
  provider: 'Runs on',
  agreement: 'Agrees with the original',
  accuracy: 'Accuracy',
  disagreement: 'Off the judge',
  saturated: 'Sums that overflow',
  speed: 'A run, before → after',
  samples: 'Samples',
  ok: 'same answers',
  notOk: 'answers differ',
  none: 'none',
  saturatedOf: (count: string, pairs: string) => `${count} of ${pairs}`,
  ortName: (name: string) => `ONNX Runtime (${name})`,
  ownName: (name: string) => `Plume’s own engine (${name})`,
  x86Name: 'x86 without VNNI (simulated)',
  overflowing: (layers: string) => `Layers whose sums overflow there: ${layers}.`,
  certainty: 'How sure that is',
  bootstrap: (low: string, high: string, resamples: string) =>
    `Drawing the samples again ${resamples} times gives a change of ${low} to ${high} in 95% of the draws.`,
  mcnemar: (lost: number, lostText: string, gained: string) =>
    plural('en', lost, {
      one: `${lostText} answer that was right is wrong now; ${gained} the other way round.`,
      other: `${lostText} answers that were right are wrong now; ${gained} the other way round.`,
    }),
  chance: (p: string) =>
    `By McNemar’s test, chance alone gives such a difference or a larger one in ${p} of all cases.`,
  byChance: 'So the difference may well be chance.',
  notChance: 'So the difference is more than chance.',
  classes: 'Class by class',
  classesHelp: 'The classes that lose most come first.',
  class: 'Class',
  before: 'Right before',
  after: 'Right after',
  change: 'Change',
  few: 'few samples',
  report: 'Report',
  reportHtml: 'Download report (HTML)',
  reportCard: 'Model card (Markdown)',
}
