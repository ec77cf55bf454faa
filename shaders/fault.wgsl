// Ends a run with the error of the call: the host finds which one, and the detail, when it reads the results. The first
// fault of a run stays. `FAULT_STEP` is a uniform, so that calls share a pipeline.
struct Fault {
  step: atomic<u32>,
  detail: i32,
}
@group(1) @binding(1) var<storage, read_write> fault: Fault;
fn raise(detail: i32) {
  if (atomicCompareExchangeWeak(&fault.step, 0u, sizes.step).exchanged) { fault.detail = detail; }
}
