import type { Component } from 'svelte'
import type { View } from '../state/view.svelte'

/** Every view but the drop zone is fetched when it is opened. Each has one heading with the id `view-title`. */
export const VIEW_LOADERS: Readonly<Record<Exclude<View, 'work'>, () => Promise<{ default: Component }>>> = {
  history: () => import('./HistoryView.svelte'),
  compare: () => import('./CompareView.svelte'),
  settings: () => import('./SettingsView.svelte'),
  help: () => import('./HelpView.svelte'),
}
