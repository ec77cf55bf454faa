// Where the matrices of batch entry b start in the operands A and B: (A, B), in elements.
// Equal steps between entries are sizes; other patterns (broadcasting) are a table.
fn origins(batch: u32) -> vec2<u32> {
  //#slot origins
}
