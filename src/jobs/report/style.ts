/** The page of a report. Colours are pairs for light and dark; each is at least 4.5:1 for text, 3:1 for shapes. */
export const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif;
  --paper: light-dark(#fffefc, #121517); --ink: light-dark(#1a2024, #e9ecee); --soft: light-dark(#566068, #a5afb7);
  --line: light-dark(#dedad1, #2f373c); --sunk: light-dark(#f3f1eb, #1a1f22); --accent: light-dark(#0a6a61, #5fd4c4);
  --before: light-dark(#80878c, #77828b); --warn: light-dark(#7a4a00, #f4c06a); --bad: light-dark(#a3262a, #ff9d97) }
* { box-sizing: border-box }
body { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; background: var(--paper); color: var(--ink) }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0; overflow-wrap: anywhere }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .5rem }
.lead { margin: .3rem 0 0; color: var(--soft); overflow-wrap: anywhere }
p, li, figcaption { max-width: 46rem }
ul { padding-left: 1.2rem } li { margin: .25rem 0; overflow-wrap: anywhere }
.wide { overflow-x: auto; margin: .5rem 0 }
table { border-collapse: collapse; min-width: 100%; font-size: .92rem }
th, td { text-align: left; padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
th { font-weight: 600; color: var(--soft); vertical-align: bottom }
td { max-width: 26rem }
td:last-child, th:last-child { padding-right: 0 }
.n, .b { white-space: nowrap; font-variant-numeric: tabular-nums } .n { text-align: right } .b { min-width: 7rem }
.what { min-width: 11rem } small { display: block; color: var(--soft); font: .82rem/1.4 system-ui, sans-serif; overflow-wrap: break-word } .name small { overflow-wrap: anywhere }
th.n { white-space: normal; min-width: 4.5rem }
.name { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .86rem; overflow-wrap: anywhere; min-width: 9rem }
pre { overflow: auto; max-height: 24rem; padding: .8rem 1rem; background: var(--sunk); border-radius: 8px; font-size: .86rem }
details { margin: .5rem 0 } summary { cursor: pointer; padding: .5rem 0; color: var(--accent) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.verdict { border-left: 6px solid var(--accent); background: var(--sunk); padding: .7rem 1rem; border-radius: 0 8px 8px 0 }
.verdict .level { font-size: 1.35rem; font-weight: 700; margin: 0; color: var(--accent) }
.verdict.check { border-left-style: double; border-color: var(--warn) } .verdict.check .level { color: var(--warn) }
.verdict.not-recommended { border-left-style: dashed; border-color: var(--bad) } .verdict.not-recommended .level { color: var(--bad) }
.verdict ul { margin: .3rem 0 0 }
svg { display: block }
.sizes { width: 100%; height: 2rem; margin-top: 1rem } .sizes .was { fill: var(--before) } .sizes .is { fill: var(--accent) }
.bar { width: 100%; min-width: 5rem; height: 5px; margin-top: 3px } .bar rect { fill: var(--accent) }
.histogram { width: 10rem; height: 2.2rem; border-bottom: 1px solid var(--before) }
.histogram .inside { fill: var(--accent) } .histogram .outside { fill: var(--bad) }
figure { margin: .5rem 0 } figcaption { font-size: .88rem; color: var(--soft) }
.pareto { width: 100%; max-width: 42rem; height: auto; font-size: 11px } .pareto text { fill: var(--soft) }
.pareto .grid { stroke: var(--line) } .pareto .front { fill: none; stroke: var(--accent); stroke-width: 1.5 }
.pareto g text { fill: var(--ink); paint-order: stroke; stroke: var(--paper); stroke-width: 3px }
.pareto .chosen rect, .pareto .front circle { fill: var(--accent) }
.pareto .original path { fill: var(--before) } .pareto .other circle { fill: none; stroke: var(--before); stroke-width: 1.5 }
@media (max-width: 40rem) { th, td { padding-right: .5rem } .what { min-width: 6.5rem } .what ~ .n { white-space: normal } }
@media (forced-colors: active) {
  .bar rect, .sizes rect, .histogram path, .pareto :is(rect, circle, path) { fill: CanvasText; forced-color-adjust: none }
  .pareto .other circle { fill: Canvas; stroke: CanvasText } .histogram .outside { fill: Highlight } }
@media print {
  @page { size: A4; margin: 16mm 14mm }
  :root { color-scheme: light; font-size: 12px }
  body { max-width: none; padding: 0 }
  tr, figure, .verdict { break-inside: avoid } h2 { break-after: avoid }
  .wide, pre { overflow: visible; max-height: none } pre { white-space: pre-wrap; overflow-wrap: anywhere }
  details::details-content { content-visibility: visible } summary { display: none } }
`
