import type { Progress } from '../../core/progress'
import { percent } from '../numbers'
import { t } from '../text'

/** Tells a screen reader every further tenth of the whole job, not more. */
export function progressSpeaker(name: string, say: (text: string) => void): (progress: Progress) => void {
  let last = -1
  return ({ stage, overall = 0 }) => {
    const tenth = Math.floor(overall * 10)
    if (tenth <= last) return
    last = tenth
    say(t.live.progress(name, t.run.stages[stage] ?? stage, percent(tenth / 10, 0)))
  }
}
