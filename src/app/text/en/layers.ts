import { plural } from '../plural'

export const layers = {
  title: 'Layer by layer',
  intro:
    'Each layer is quantized alone, then kept in float alone, so that it shows which of them cost quality. Choose some to keep in float, and see what it would cost.',
  start: 'Measure every layer',
  needsFile: 'Drop the file again to measure its layers.',
  cancel: 'Stop measuring',
  running: 'Measuring layers',
  found: (count: number, text: string, samples: string) =>
    plural('en', count, {
      one: `${text} layer, on ${samples} samples`,
      other: `${text} layers, on ${samples} samples; the most sensitive first`,
    }),
  chart: 'Error of every layer',
  summary: (count: number, worst: string) =>
    `${plural('en', count, { one: `${count} layer`, other: `${count} layers` })} by five measures of error; most is lost by ${worst}.`,
  help: 'Arrow keys move, Space keeps a layer in float, Enter on a heading sorts. Darker is worse.',
  layer: 'Layer',
  sqnr: 'Signal to noise, alone',
  drop: 'Loss, alone',
  gain: 'Gain when in float',
  inUnit: (measure: string, metric: 'accuracy' | 'agreement' | 'nll' | 'sqnr') =>
    `${measure} (${{ accuracy: 'points', agreement: '%', nll: 'nats', sqnr: '%' }[metric]})`,
  clipped: 'Clipped',
  size: 'Cost of float',
  keep: 'Keep float',
  keepLayer: (name: string) => `Keep ${name} in float`,
  points: (value: string) => `${value} points`,
  chosen: (count: number, size: string, gain: string) =>
    plural('en', count, {
      one: `1 layer in float: ${size}, ${gain} expected.`,
      other: `${count} layers in float: ${size}, ${gain} expected.`,
    }),
  none: 'No layer is chosen.',
  make: 'Make it',
  clear: 'Choose none',
  stayed: 'In float already',
  histogram: 'Values before and after',
  histogramHelp: 'The grid is what integers can hold; what lies outside of it is clipped to its ends.',
  tensor: 'Tensor',
  histogramSummary: (name: string, levels: string, clipped: string) =>
    `Histogram of ${name} before and after: ${levels} levels, ${clipped} clipped.`,
  histogramLegend: '▇ before · ┌┐ after · | levels of the grid · ┊ ends of the range',
  facts: (type: string, low: string, high: string, step: string, clipped: string) =>
    `${type}, ${low} to ${high} in steps of ${step}; ${clipped} clipped.`,
  clippedUnknown: 'an unknown share',
  value: 'Value',
  share: 'Share of the values',
  from: 'From',
  to: 'To',
  before: 'Before',
  after: 'After',
  noHistogram: 'Only its range is known.',
}
