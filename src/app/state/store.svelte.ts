import { StoreClient, startStoreWorker } from '../../bridge/store-client'
import type { StoreState, StoreTrouble } from '../../workers/store-api'
import { whenProtected } from '../pwa/protection.svelte'

/** What the page knows of the store, for whoever shows or uses it; what it holds is asked for through `client`. */
export class Store {
  #state = $state.raw<StoreState | null>(null)
  #troubles = $state.raw<readonly StoreTrouble[]>([])
  #version = $state(0)
  #opening: Promise<StoreState> | undefined

  readonly client = new StoreClient(
    {
      onTrouble: (trouble) => this.report(trouble),
      onChange: () => this.#version++,
    },
    () => whenProtected().then(startStoreWorker),
  )

  /** null until the store is open. */
  get state(): StoreState | null {
    return this.#state
  }
  /** What there is to say, newest first, until it is dismissed. */
  get troubles(): readonly StoreTrouble[] {
    return this.#troubles
  }
  /** Grows when the store changed, here or in another tab: read it to follow. */
  get version(): number {
    return this.#version
  }

  /** Opens the store; every further call waits for the same opening. */
  open(): Promise<StoreState> {
    return (this.#opening ??= this.client.open().then((state) => (this.#state = state)))
  }

  /** Looks again how much is kept. */
  async refresh(): Promise<void> {
    await this.open()
    this.#state = await this.client.call((store) => store.state())
  }

  report(trouble: StoreTrouble): void {
    this.#troubles = [trouble, ...this.#troubles]
  }

  dismiss(trouble: StoreTrouble): void {
    this.#troubles = this.#troubles.filter((other) => other !== trouble)
  }
}

export const store = new Store()
