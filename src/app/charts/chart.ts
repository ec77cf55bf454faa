import type { csvOf } from '../history/csv'

/** The charting library, once it is there. */
export type PlotLib = typeof import('./plot')
/** What Plot makes: it knows where its scales put a value. */
export type Drawn = ReturnType<PlotLib['plot']>
export type Draw = (lib: PlotLib, width: number) => Drawn

/** The same figures as a table. */
export interface ChartTable {
  readonly columns: readonly { readonly label: string; readonly isNumber?: boolean }[]
  /** As people read them, in the order of the columns. */
  readonly rows: readonly (readonly string[])[]
  /** With plain numbers, for the CSV; absent: the rows as they are. */
  readonly plainRows?: Parameters<typeof csvOf>[0]
}

/** A point that does something: a button lies over it. */
export interface Place {
  readonly id: string
  /** In the units of the scales. */
  readonly x: number
  readonly y: number
  /** What the button says. */
  readonly label: string
  readonly isCurrent?: boolean
  readonly onclick: () => void
}

/** A place where it lies on the screen, in pixels. */
export interface Spot {
  readonly place: Place
  readonly left: number
  readonly top: number
}

/** Closer than this two buttons would lie on each other (WCAG 2.2, criterion 2.5.8). */
const APART_PX = 29

/** Of spots that lie on each other, the first that opens something; the table has all of them. */
export function apart(spots: readonly Spot[]): Spot[] {
  const kept: Spot[] = []
  const isFree = ({ left, top }: Spot) =>
    kept.every((other) => Math.hypot(left - other.left, top - other.top) >= APART_PX)
  for (const isCurrent of [false, true]) {
    for (const spot of spots) if ((spot.place.isCurrent ?? false) === isCurrent && isFree(spot)) kept.push(spot)
  }
  return kept
}

/** Text of charts: the page's own type, in one size on every screen. */
export const STYLE = { fontFamily: 'inherit', fontSize: '13px', color: 'var(--ink)', overflow: 'visible' }

let loading: Promise<PlotLib> | undefined
export const loadPlot = (): Promise<PlotLib> => (loading ??= import('./plot'))

/** A name that every system takes. */
export const fileNameOf = (...parts: readonly string[]): string =>
  parts
    .map((part) => part.replace(/[^\p{L}\p{N}.-]+/gu, '-').replace(/^-|-$/g, ''))
    .join('-')
    .slice(0, 120)
