/** Imports a module from its text, as Node and browsers do. Not part of the product. */
export interface LoadedModule {
  load(): Promise<{ predict(rows: readonly unknown[]): unknown[] }>
  readonly columns?: readonly string[]
  readonly classes?: readonly string[]
}

export const importModule = (text: string): Promise<LoadedModule> =>
  import(/* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`)
