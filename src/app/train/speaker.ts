import { percent } from '../numbers'
import { announcer } from '../state/announcer.svelte'
import { t } from '../text'
import type { Live } from './live.svelte'

/** Tells a screen reader every further fifth of a training, not more. */
export function liveSpeaker(name: string): (live: Pick<Live, 'overall'>) => void {
  let last = 0
  return ({ overall }) => {
    const fifth = Math.floor(overall * 5)
    if (fifth <= last) return
    last = fifth
    announcer.say(t.train.live.progress(name, percent(fifth / 5, 0)))
  }
}
