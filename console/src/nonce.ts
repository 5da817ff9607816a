// The pages allow style elements only with the nonce of the page. Ant Design sets it on most of its own, but not on
// those of its CSS variables and of what it tries out in the browser; so every style element made here gets it.
export const nonce = document.documentElement.getAttribute("data-nonce") ?? "";

const create = document.createElement;

document.createElement = function createElement(this: Document, name: string, options?: ElementCreationOptions) {
  const element = create.call(this, name, options);
  if (element instanceof HTMLStyleElement) element.nonce = nonce;
  return element;
} as typeof document.createElement;
