export { datasets } from "./datasets.ts";
export { licence } from "./describe.ts";
