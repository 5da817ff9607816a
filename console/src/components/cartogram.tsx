// The areas as a picture: the size of a tile is the number of children expected, its colour and its number the share
// that is missing. The layout is computed from the data (squarified rows), so no outline of any county is needed.
import { useMemo } from "react";
import { count, share } from "../frame/format";
import { Link } from "../frame/router";
import { short } from "../words/areas";
import { useWords } from "../words/words";

const WIDTH = 560;
const HEIGHT = 300;
const CLASSES = 5;

export interface Tile {
  code: string;
  name: string;
  size: number;
  n: number;
  to: string;
}

interface Placed extends Tile {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** The worst side ratio of a row of tiles laid along `side`. */
function worst(row: number[], side: number): number {
  const sum = row.reduce((a, b) => a + b, 0);
  return Math.max(
    ...row.map((area) => Math.max((side * side * area) / (sum * sum), (sum * sum) / (side * side * area))),
  );
}

/** Places tiles into the rectangle, largest first, in rows as near to squares as they can be. */
export function squarify(tiles: Tile[], width: number, height: number): Placed[] {
  const total = tiles.reduce((sum, tile) => sum + tile.size, 0);
  const placed: Placed[] = [];
  if (total <= 0) return placed;
  const left = [...tiles].filter((tile) => tile.size > 0).sort((a, b) => b.size - a.size || (a.code < b.code ? -1 : 1));
  const scale = (width * height) / total;
  let x = 0;
  let y = 0;
  let w = width;
  let h = height;
  while (left.length > 0) {
    const side = Math.min(w, h);
    const row: Tile[] = [];
    const areas: number[] = [];
    while (left.length > 0) {
      const next = left[0].size * scale;
      if (row.length > 0 && worst([...areas, next], side) > worst(areas, side)) break;
      row.push(left.shift() as Tile);
      areas.push(next);
    }
    const thick = areas.reduce((a, b) => a + b, 0) / side;
    let at = 0;
    row.forEach((tile, i) => {
      const long = areas[i] / thick;
      placed.push(w >= h ? { ...tile, x, y: y + at, w: thick, h: long } : { ...tile, x: x + at, y, w: long, h: thick });
      at += long;
    });
    if (w >= h) {
      x += thick;
      w -= thick;
    } else {
      y += thick;
      h -= thick;
    }
  }
  return placed;
}

export function Cartogram({ tiles, label }: { tiles: Tile[]; label: string }) {
  const { t } = useWords();
  const placed = useMemo(() => squarify(tiles, WIDTH, HEIGHT), [tiles]);
  const highest = Math.max(...tiles.map((tile) => (tile.size > 0 ? tile.n / tile.size : 0)), 0);
  const shade = (tile: Tile) => {
    if (tile.n === 0 || highest === 0) return 0;
    return Math.min(CLASSES - 1, Math.ceil((tile.n / tile.size / highest) * (CLASSES - 1)));
  };
  const figure = (tile: Tile) => `${tile.n} · ${share(tile.n, tile.size)}`;
  return (
    <figure className="cartogram">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label={label}>
        {placed.map((tile) => (
          <Link
            key={tile.code}
            to={tile.to}
            aria-label={`${short(tile.name)} ${figure(tile)} ${t("leader.of", { n: count(tile.size) })}`}
          >
            <rect
              className={`shade-${shade(tile)}`}
              x={tile.x + 1}
              y={tile.y + 1}
              width={Math.max(0, tile.w - 2)}
              height={Math.max(0, tile.h - 2)}
            />
            {tile.w > 12 + 14 * Math.max(short(tile.name).length, 5) && tile.h > 44 && (
              <>
                <text className={`on-${shade(tile)}`} x={tile.x + 8} y={tile.y + 20}>
                  {short(tile.name)}
                </text>
                <text className={`on-${shade(tile)} figure`} x={tile.x + 8} y={tile.y + 38}>
                  {figure(tile)}
                </text>
              </>
            )}
          </Link>
        ))}
      </svg>
      <figcaption className="help">{t("leader.cartogram")}</figcaption>
    </figure>
  );
}
