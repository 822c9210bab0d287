/** A drawing of the page as a file that stands alone, in the colours it is seen in. */

/** Twice the size on the page: sharp on most screens. */
const PIXELS_PER_PX = 2;
const MARGIN = 8;

export function svgFile(drawing: SVGSVGElement): Blob {
  return new Blob([standalone(drawing)], { type: "image/svg+xml" });
}

/** Rejects where the browser cannot draw it. */
export async function pngFile(drawing: SVGSVGElement): Promise<Blob> {
  const url = URL.createObjectURL(svgFile(drawing));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width * PIXELS_PER_PX;
    canvas.height = image.height * PIXELS_PER_PX;
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob === null ? reject(new Error("the drawing has no pixels")) : resolve(blob)), "image/png");
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}

function standalone(drawing: SVGSVGElement): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const { width, height } = drawing.viewBox.baseVal;
  const [fullWidth, fullHeight] = [width + 2 * MARGIN, height + 2 * MARGIN];
  copy.setAttribute("width", String(fullWidth));
  copy.setAttribute("height", String(fullHeight));
  copy.setAttribute("viewBox", `${-MARGIN} ${-MARGIN} ${fullWidth} ${fullHeight}`);
  for (const element of copy.querySelectorAll(".dimmed")) element.setAttribute("opacity", "0.1");
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of Object.entries({ x: -MARGIN, y: -MARGIN, width: fullWidth, height: fullHeight }))
    ground.setAttribute(name, String(value));
  const style = getComputedStyle(document.documentElement);
  ground.setAttribute("fill", style.getPropertyValue("--paper"));
  copy.prepend(ground);
  return new XMLSerializer()
    .serializeToString(copy)
    .replace(/var\((--[\w-]+),(#[0-9a-f]{6})\)/g, (_, name: string, color: string) => style.getPropertyValue(name) || color);
}
