import type { Bytes } from '../../core/bytes'
import type { Session } from '../../runtime/runtime'
import type { ProviderResult } from '../quality'

/** Something other than the judge that a result runs on. */
export interface OtherProvider {
  /** What its notes are made of. */
  readonly notes: ProviderNotes
  /** Whether people run models on it, so that its speed says something; else it is not timed. */
  readonly isTimed: boolean
  /**
   * @param signal ends the runs of the session as well
   * @returns null where it has nothing to say about such a model; a reason where it cannot run it
   * @throws PlumeError where it does not run the model
   */
  open(model: Bytes, signal: AbortSignal): Promise<OpenProvider | { readonly refused: string } | null>
  /** Gives back what it holds. */
  close?(): void
}

export interface OpenProvider {
  /** As reports name it, e.g. 'plume-wasm'. */
  readonly name: string
  readonly session: Session
  /** What was counted in all runs of the session. */
  readonly saturation?: () => ProviderResult['saturation']
}

export interface ProviderNotes {
  /** @param why without a full stop */
  readonly notRun: (why: string) => string
  /** Where it stopped before the last sample. */
  readonly cut: (samples: number, seconds: number) => string
}
