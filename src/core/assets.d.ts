/** Imports that the bundler turns into text or into the address of a file. The page has vite/client instead. */
declare module '*?raw' {
  const text: string
  export default text
}
declare module '*?url' {
  const url: string
  export default url
}
declare module '*?url&no-inline' {
  const url: string
  export default url
}
/** The bytes themselves, as a data: URL. */
declare module '*?url&inline' {
  const url: string
  export default url
}
