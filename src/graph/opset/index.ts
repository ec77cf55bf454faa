/** The version converter (R1): lifts the ai.onnx opset of a model one version at a time. */
export { liftOpset, type BlockedNode, type LiftOptions, type LiftResult } from './lift'
export { IR_OF_OPSET, LAST_OPSET } from './schema-table'
