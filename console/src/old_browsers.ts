// What Chrome 78 lacks. Syntax is lowered by the build, and no function that is missing there is used.

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
