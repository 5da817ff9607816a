// What Chrome 78 lacks and the libraries use; nothing else is brought along.
import "core-js/actual/array/at";
import "core-js/actual/object/has-own";
import "core-js/actual/string/replace-all";

// Gaps between the parts of a flexible box came with Chrome 84 and cannot be asked for directly: a gap is measured.
function hasFlexGap(): boolean {
  const box = document.createElement("div");
  box.style.cssText = "display:flex;flex-direction:column;row-gap:1px;position:absolute";
  box.appendChild(document.createElement("div"));
  box.appendChild(document.createElement("div"));
  document.body.appendChild(box);
  const gap = box.scrollHeight === 1;
  document.body.removeChild(box);
  return gap;
}

if (!hasFlexGap()) document.documentElement.classList.add("no-flex-gap");
