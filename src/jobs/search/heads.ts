import type { Note } from '../../core/progress'
import { formatDb } from '../../core/format-text'
import { mixedSpec } from './mixed'
import type { Score } from './score'
import { isQuantized, type ScoredTrial, type TrialRunner } from './trial'

/** An output with less has fallen off; int8 leaves 15 to 30 dB of most. */
const FALLEN_DB = 10
/** What a head in float must bring to stay there. */
const MIN_GAIN_DB = 6

/**
 * Output heads that fall off in integers, such as boxes and scores that share a scale, go back to float by themselves.
 * @returns the trial with those heads in float where that helps, else the trial as it is
 */
export async function rescueHeads(
  runner: TrialRunner,
  trial: ScoredTrial,
): Promise<{ trial: ScoredTrial; rescued: ScoredTrial[]; notes: Note[] }> {
  const notes: Note[] = []
  const rescued: ScoredTrial[] = []
  let best = trial
  for (const { name } of trial.score.outputs) {
    const before = sqnrOf(best.score, name)
    if (before >= FALLEN_DB || runner.left === 0) continue
    const head = runner.headOf(name, best.layers).filter(isQuantized)
    if (head.length === 0) continue
    const spared = await runner.run(mixedSpec(best, head, 'float', `head of ${name}`))
    if (!spared) continue
    rescued.push(spared)
    const after = sqnrOf(spared.score, name)
    if (after < before + MIN_GAIN_DB) continue
    best = spared
    const layers = head.map((layer) => layer.name).join(', ')
    const text =
      `Output "${name}" falls to ${formatDb(before)} in integers, so the layers that it ends in stay in float ` +
      `(${after === Infinity ? 'identical' : formatDb(after)}): ${layers}.`
    notes.push({ severity: 'info', text })
  }
  return { trial: best, rescued, notes }
}

function sqnrOf({ outputs }: Score, name: string): number {
  return outputs.find((output) => output.name === name)?.sqnrDb ?? Infinity
}
