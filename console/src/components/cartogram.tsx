// The areas as a picture: the size of a tile is the number of children expected, its colour how many of each ten
// thousand a list has, in fixed steps, so that colours of different places and days can be compared. One hue from
// light to dark is read the same by those who do not see colours alike, and each tile says its number. The layout is
// computed from the data (squarified rows), so no outline of any county is needed.
import { useMemo } from "react";
import { count, inTenThousand } from "../frame/format";
import { Link } from "../frame/router";
import { short } from "../words/areas";
import { useWords } from "../words/words";

const TEN_THOUSAND = 10000;
const WIDTH = 560;
const HEIGHT = 300;
// Of ten thousand children: none, up to the first, up to the second …, more than the last.
const STEPS = [10, 50, 200];

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

/** The step of a tile: 0 none, then one for each of STEPS, then one for more. */
function shade(tile: Tile): number {
  if (tile.n === 0) return 0;
  const above = STEPS.filter((step) => tile.n * TEN_THOUSAND > step * tile.size);
  return 1 + above.length;
}

function Legend() {
  const { t } = useWords();
  const words = [
    t("leader.step_none"),
    ...STEPS.map((step, i) => (i === 0 ? t("leader.step_first", { to: step }) : `${STEPS[i - 1]}–${step}`)),
    t("leader.step_last", { from: STEPS[STEPS.length - 1] }),
  ];
  return (
    <span className="legend">
      {t("leader.legend")}
      {words.map((word, i) => (
        <span key={word}>
          <svg width="18" height="12" aria-hidden="true">
            <rect className={`shade-${i}`} width="18" height="12" />
          </svg>
          {word}
        </span>
      ))}
    </span>
  );
}

export function Cartogram({ tiles, label }: { tiles: Tile[]; label: string }) {
  const { t } = useWords();
  const placed = useMemo(() => squarify(tiles, WIDTH, HEIGHT), [tiles]);
  const figure = (tile: Tile) => t("leader.figure", { n: count(tile.n), rate: inTenThousand(tile.n, tile.size) });
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
            {tile.w > 12 + 14 * Math.max(short(tile.name).length, 6) && tile.h > 44 && (
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
      <figcaption className="help">
        <Legend />
        {t("leader.cartogram")}
      </figcaption>
    </figure>
  );
}
