/** A native library of several megabytes, loaded with the first picture. */
const loadResvg = () => import("@resvg/resvg-js");

const probe =
  '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text x="0" y="15">x</text></svg>';

/** Whether this machine has a typeface to write with: where it has none, every text of a picture would be missing. */
async function canWrite(load: typeof loadResvg): Promise<boolean> {
  const { renderAsync } = await load();
  const { pixels } = await renderAsync(probe, { font: { loadSystemFonts: true } });
  return pixels.some((byte) => byte !== 0);
}

/** Draws with what `load` gives. Whether there is a typeface is asked once; asked again where the library did not load. */
export function createChartToPng(load = loadResvg) {
  let hasType: boolean | undefined;
  return async (svg: string): Promise<Uint8Array | null> => {
    hasType ??= await canWrite(load);
    if (!hasType) return null;
    const { renderAsync } = await load();
    const image = await renderAsync(svg, {
      font: { loadSystemFonts: true },
      fitTo: { mode: "zoom", value: 2 },
    });
    return new Uint8Array(image.asPng());
  };
}

/**
 * A chart (or any SVG of ours) as PNG, twice as large as it is on a page, for places that show no SVG such as a chat. Null on
 * a machine without any typeface: a chart without its words would mislead, so its text alternative is sent alone.
 */
export const chartToPng = createChartToPng();
