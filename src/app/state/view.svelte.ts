/** What fills the page. `work` is the drop zone and the cards; the others lie behind it and lose nothing of it. */
export const VIEWS = ['work', 'history', 'compare', 'settings', 'help'] as const
export type View = (typeof VIEWS)[number]

/** The view stands in the address (`#history`), so that Back and bookmarks work; `#r1.…` is a shared link, not a view. */
class CurrentView {
  #view = $state<View>('work')

  get view(): View {
    return this.#view
  }

  /** Follows the address; called at the start and on every `hashchange`. */
  follow(hash: string): void {
    const name = hash.replace(/^#/, '')
    this.#view = VIEWS.find((view) => view === name) ?? 'work'
  }

  go(view: View): void {
    if (view === this.#view) return
    const address = view === 'work' ? location.pathname + location.search : `#${view}`
    history.pushState(null, '', address)
    this.#view = view
  }
}

export const current = new CurrentView()
