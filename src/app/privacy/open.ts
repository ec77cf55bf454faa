import { current } from '../state/view.svelte'

/** How long the settings may take to be fetched and shown. */
const PATIENCE_MS = 5000

/** The proof stands among the settings: opens them there, with the focus on its heading. */
export function openPrivacy(event: MouseEvent): void {
  if (event.metaKey || event.ctrlKey) return
  event.preventDefault()
  current.go('settings')
  const since = performance.now()
  const look = () => {
    const title = document.getElementById('privacy-title')
    if (title) {
      title.focus({ preventScroll: true })
      title.scrollIntoView({ block: 'start' })
    } else if (performance.now() - since < PATIENCE_MS) requestAnimationFrame(look)
  }
  // the view gives the focus to its own heading first
  requestAnimationFrame(() => requestAnimationFrame(look))
}
