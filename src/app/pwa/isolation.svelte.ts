/** What decides whether a reload would give the page all cores, and whether it may happen by itself. */
export interface Situation {
  readonly isIsolated: boolean
  readonly isControlled: boolean
  /** The document itself came through the service worker: a reload would change nothing. */
  readonly cameThroughWorker: boolean
  /** This tab was reloaded for this before. */
  readonly wasReloaded: boolean
  /** Something was typed, pressed, dropped or started. */
  readonly isTouched: boolean
}

export function decide(situation: Situation): 'stay' | 'offer' | 'reload' {
  const { isIsolated, isControlled, cameThroughWorker, wasReloaded, isTouched } = situation
  if (isIsolated || !isControlled || cameThroughWorker) return 'stay'
  return wasReloaded || isTouched ? 'offer' : 'reload'
}

const RELOADED = 'plume-reloaded'

/** Signs of somebody at work: from then on only they reload the page. */
const SIGNS = ['pointerdown', 'keydown', 'input', 'paste', 'dragenter', 'drop'] as const

/** Cross-origin isolation on hosts that send no headers: the service worker adds them, from the second load on. */
class Isolation {
  #isOffered = $state(false)
  #isTouched = false

  /** A reload would let onnxruntime use all cores, and only the visitor may decide it. */
  get isOffered(): boolean {
    return this.#isOffered
  }

  /** From here on the page is never reloaded by itself; for what events do not show (a launch, a link that is read). */
  keepPage(): void {
    this.#isTouched = true
  }

  watch(): void {
    if (crossOriginIsolated) setReloaded(false)
    for (const sign of SIGNS) window.addEventListener(sign, () => this.keepPage(), { capture: true, once: true })
  }

  /** Called when the service worker has the page. @param hasWork whether anything is on the page */
  consider(hasWork: boolean): void {
    const decision = decide({
      isIsolated: crossOriginIsolated,
      isControlled: navigator.serviceWorker.controller !== null,
      cameThroughWorker: cameThroughWorker(),
      wasReloaded: wasReloaded(),
      isTouched: this.#isTouched || hasWork,
    })
    // the fragment, which may hold a shared link, survives a reload
    if (decision === 'reload' && setReloaded(true)) location.reload()
    else this.#isOffered = decision !== 'stay'
  }
}

function cameThroughWorker(): boolean {
  const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  return (entry?.workerStart ?? 0) > 0
}

function wasReloaded(): boolean {
  try {
    return sessionStorage.getItem(RELOADED) !== null
  } catch {
    return true // it could not be remembered, so it must not happen
  }
}

/** @returns whether it is remembered; otherwise a reload might never end */
function setReloaded(isReloaded: boolean): boolean {
  try {
    if (isReloaded) sessionStorage.setItem(RELOADED, 'yes')
    else sessionStorage.removeItem(RELOADED)
    return true
  } catch {
    return false
  }
}

export const isolation = new Isolation()
