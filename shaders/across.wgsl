// across(v) = combine of v over all invocations of a workgroup of WIDTH, known to each of them: a tree in workgroup memory.
// The including file gives the type Part and combine. Every invocation of the workgroup must call it.
// Workgroup memory: WIDTH parts of at most 8 bytes, 2048 bytes.
// For real GPUs only: on a software adapter a barrier costs more than a loop. Source: M. Harris, "Optimizing parallel
// reduction in CUDA" (2007), sequential addressing.
var<workgroup> shared_parts: array<Part, WIDTH>;

fn across(given: Part, lane: u32) -> Part {
  shared_parts[lane] = given;
  for (var half = WIDTH / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) { shared_parts[lane] = combine(shared_parts[lane], shared_parts[lane + half]); }
  }
  workgroupBarrier();
  let found = shared_parts[0];
  workgroupBarrier();
  return found;
}
