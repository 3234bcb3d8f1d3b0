// Copies htmx and SortableJS and draws the icon sprite from the pinned packages. The results are committed; the site itself needs no npm.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "node_modules");
const target = join(here, "..", "static");

// Controls and notices.
const interface_ = `
  arrow-left arrow-right calendar check chevron-down chevron-right circle-alert circle-check circle-question-mark clock
  cloud-off copy database external-link eye-off globe git-compare-arrows history info keyboard library link list-filter
  loader-circle lock log-in log-out menu moon pencil plus rotate-ccw save search sparkles sun trash-2 triangle-alert
  user user-plus x`;

// What stands on drawn tiles: effects, kinds of skill, items, specializations (builds/presentation/glyphs.py).
const glyphs = `
  accessibility anchor angry arrow-big-up-dash axe badge-plus bandage bell biceps-flexed biohazard bird bomb bone
  book-open bow-arrow brain bug castle chef-hat chevrons-up circle-dot cloud-lightning coins cog compass crosshair crown
  dices drama droplet droplets dumbbell eclipse eye fan fast-forward feather fish flag flame flame-kindling
  flask-conical focus footprints gavel gem ghost glasses grip hammer hand hand-fist handshake heart heart-crack
  heart-handshake heart-pulse hexagon hourglass infinity key lamp leaf lightbulb magnet megaphone moon-star mountain
  music orbit package palette paw-print pickaxe pill pipette plane radiation radar repeat rocket scale scan-eye scissors
  scroll-text search-x shell shield shield-alert shield-check shield-half shield-off shield-plus shovel skull
  snowflake spade sprout squirrel star sunrise sword swords syringe target telescope tent-tree timer timer-off
  timer-reset tornado tree-pine trees turtle unlink utensils venetian-mask wand wand-sparkles waves wind wine wrench zap`;

function icon(name) {
  let text;
  try {
    text = readFileSync(join(packages, "lucide-static", "icons", `${name}.svg`), "utf8");
  } catch {
    return null;
  }
  const body = text.slice(text.indexOf(">", text.indexOf("<svg")) + 1, text.lastIndexOf("</svg>"));
  const drawing = body.replace(/\s*\n\s*/g, "").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${drawing}</symbol>`;
}

const names = [...new Set(`${interface_} ${glyphs}`.split(/\s+/).filter(Boolean))].sort();
const missing = names.filter((name) => icon(name) === null);
if (missing.length > 0) {
  console.error(`lucide-static has no ${missing.join(", ")}`);
  process.exit(2);
}
const marks = readFileSync(join(target, "img", "marks.svg"), "utf8").match(/<symbol[\s\S]*?<\/symbol>/g);
writeFileSync(
  join(target, "img", "icons.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg">\n${[...marks, ...names.map(icon)].join("\n")}\n</svg>\n`,
);

const copies = [
  ["htmx.org/dist/htmx.min.js", "vendor/htmx/htmx.min.js"],
  ["htmx.org/LICENSE", "vendor/htmx/LICENSE"],
  ["lucide-static/LICENSE", "vendor/lucide/LICENSE"],
  ["sortablejs/Sortable.min.js", "vendor/sortablejs/sortable.min.js"],
  ["sortablejs/LICENSE", "vendor/sortablejs/LICENSE"],
];
for (const [from, to] of copies) {
  mkdirSync(dirname(join(target, to)), { recursive: true });
  copyFileSync(join(packages, from), join(target, to));
}
console.log(`${names.length} icons, ${marks.length} marks, htmx, sortablejs`);
