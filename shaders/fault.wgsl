// Ends a run with the error of the call: the host finds which one, and the detail, when it reads the results. The first
// fault of a run stays. `sizes.step` is a uniform, so that calls share a pipeline.
struct Fault {
  step: atomic<u32>,
  kind: u32,
  detail: i32,
  size: u32,
}
@group(1) @binding(1) var<storage, read_write> fault: Fault;

fn raise_fault(kind: u32, detail: i32, size: u32) {
  if (atomicCompareExchangeWeak(&fault.step, 0u, sizes.step).exchanged) {
    fault.kind = kind;
    fault.detail = detail;
    fault.size = size;
  }
}

// An index that lies outside: the operator's own error, `CallStep.indexError`, with the call's size.
fn raise(index: i32) {
  raise_fault(1u, index, 0u);
}

// The same with the size of the axis on which it lies outside.
fn raise_outside(index: i32, size: u32) {
  raise_fault(1u, index, size);
}

// A 64-bit integer that leaves the 32 bits in which the device holds it: the run is repeated elsewhere.
fn raise_overflow() {
  raise_fault(2u, 0, 0u);
}

// An integer divided by zero; `is_power`: zero to a negative power.
fn raise_division(is_power: bool) {
  raise_fault(3u, i32(is_power), 0u);
}
