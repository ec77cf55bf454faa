/** The low-level parser alone: its published types bring those of Node and the DOM, which this layer must not see. */
declare module 'papaparse' {
  interface Parsed {
    readonly data: string[][]
    readonly errors: readonly { readonly code: string; readonly row: number }[]
    /** `cursor`: characters that were taken. */
    readonly meta: { readonly cursor: number }
  }
  interface Parser {
    /** With `ignoreLastRow` a row that the end of the input may have cut is left for the next call. */
    parse(input: string, baseIndex: number, ignoreLastRow: boolean): Parsed
  }
  const Papa: { readonly Parser: new (config: { delimiter: string; newline: '\n' }) => Parser }
  export default Papa
}
