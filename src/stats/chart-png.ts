/** A native library of several megabytes, loaded with the first picture. */
const loadRenderer = () => import("@resvg/resvg-js");

const probe =
  '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text x="0" y="15">x</text></svg>';
let hasType: Promise<boolean> | undefined;

/** Whether this machine has a typeface to write with: where it has none, every text of a picture would be missing. */
async function canWrite(): Promise<boolean> {
  const { renderAsync } = await loadRenderer();
  const { pixels } = await renderAsync(probe, { font: { loadSystemFonts: true } });
  return pixels.some((byte) => byte !== 0);
}

/**
 * A chart (or any SVG of ours) as PNG, twice as large as it is on a page, for places that show no SVG such as a chat. Null on
 * a machine without any typeface: a chart without its words would mislead, so its text alternative is sent alone.
 */
export async function chartToPng(svg: string): Promise<Uint8Array | null> {
  hasType ??= canWrite();
  if (!(await hasType)) return null;
  const { renderAsync } = await loadRenderer();
  const image = await renderAsync(svg, {
    font: { loadSystemFonts: true },
    fitTo: { mode: "zoom", value: 2 },
  });
  return new Uint8Array(image.asPng());
}
