import { plural } from '../plural'

export const charts = {
  saveAs: (title: string, kind: string) => `${title}: download as ${kind}`,
  notSaved: 'The browser could not make this picture. The table can be downloaded as CSV.',
  size: 'Size',
  method: 'Method',
  /** Names of the axis of quality, with its unit; less is better. */
  axis: {
    accuracy: 'Accuracy lost (points)',
    agreement: 'Answers that changed (%)',
    nll: 'Loss added (nats)',
    sqnr: 'Difference of the outputs (%)',
  },
  lossOf: {
    accuracy: (value: string, _count: number) => `${value} points lost`,
    agreement: (value: string) => `${value}% of the answers changed`,
    nll: (value: string, _count: number) => `${value} nats added`,
    sqnr: (value: string) => `outputs differ by ${value}%`,
  },
  /** Better than the original, by chance or not. */
  gainOf: {
    accuracy: (value: string, _count: number) => `${value} points gained`,
    nll: (value: string, _count: number) => `${value} nats less`,
  },
  pareto: 'Size and quality of everything that was tried',
  paretoSummary: (count: number, best: number) =>
    plural('en', count, {
      one: `${count} way to shrink this model, by size and quality.`,
      other: `${count} ways to shrink this model, by size and quality; for ${best} of them no other is both smaller and better.`,
    }),
  legend: {
    chosen: '◆ shown',
    front: '● best for its size',
    other: '◌ another is better for its size',
    original: '■ original',
    far: '▲ beyond the chart',
  },
  kind: { chosen: 'shown', front: 'best for its size', other: 'another is better for its size', original: 'original' },
  rank: 'Standing',
  original: 'original',
  budget: 'budget',
  open: (name: string, size: string, quality: string) => `Use ${name}: ${size}, ${quality}`,
  shown: (name: string, size: string, quality: string) => `${name}, shown: ${size}, ${quality}`,
  live: (count: number, text: string) =>
    plural('en', count, { one: `${text} trial has ended`, other: `${text} trials have ended` }),
}
