import type { Quality } from '../../evaluate/quality'
import type { Reason } from './verdict'

/** Fewer samples say little about the next one. */
const FEW = 30

/** What the proof was made with. */
export function sampleReasons({ data, samples, sqnrDb }: Quality): Reason[] {
  // nothing changed, whatever the data
  if (sqnrDb === null && data !== 'weights-only') return []
  if (data === 'weights-only') {
    return [{ level: 'check', text: 'The models were not run: only the error of the weights is known.' }]
  }
  if (data === 'synthetic') {
    return [
      {
        level: 'check',
        text: 'Measured on made-up inputs only. Give some of your own data to know how it does on them.',
      },
    ]
  }
  if (samples >= FEW) return []
  const text = `Measured on ${samples} samples only, which say little about the next one. Give at least ${FEW}.`
  return [{ level: 'check', text }]
}
