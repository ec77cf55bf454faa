import { library } from '../state/library.svelte'
import { queue } from '../state/queue.svelte'
import { t } from '../text'
import { showCard } from './again'

/** A kept result becomes a card of the work view again, with its input where that is still there. */
export async function openResult(id: string): Promise<void> {
  const stored = await library.load(id)
  // the store has looked at its bytes just now: the list shows what is wrong, and offers to make it again
  if (!stored || stored.isDamaged) {
    queue.say(t.history.gone)
    return library.refresh()
  }
  await showCard(queue.showStored(stored, await library.inputOf(stored)).id)
}
