// Elements k … k + 3 of the one row of A; what lies beyond k is 0.
fn a_vector(origin: u32, k: u32) -> vec4<f32> {
  //#slot a_vector
}
