import { tick } from 'svelte'
import { library } from '../state/library.svelte'
import { queue } from '../state/queue.svelte'
import { current } from '../state/view.svelte'
import { t } from '../text'

/** A kept result becomes a card of the work view again, with its input where that is still there. */
export async function openResult(id: string): Promise<void> {
  const stored = await library.load(id)
  if (!stored) return queue.say(t.history.gone)
  const job = queue.showStored(stored, await library.inputOf(stored))
  current.go('work')
  await tick()
  const title = document.getElementById(`${job.id}-title`)
  title?.focus()
  title?.scrollIntoView({ block: 'start' })
}
