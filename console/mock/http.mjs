// Answers and files of the made-up server, under the same headers as the program's.
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";

function headers(nonce) {
  return {
    "Content-Security-Policy":
      `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self'; ` +
      "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
  };
}

export function answer(request, response, status, type, body, more = {}) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
  const zip = /gzip/.test(request.headers["accept-encoding"] || "") && bytes.length > 500;
  response.writeHead(status, {
    "Content-Type": type,
    "Cache-Control": "no-store",
    ...(zip ? { "Content-Encoding": "gzip" } : {}),
    ...more,
  });
  response.end(zip ? gzipSync(bytes) : bytes);
}

const TYPES = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".json": "application/json",
  ".html": "text/html; charset=utf-8",
};

export function page(request, response, path, folder) {
  const nonce = randomBytes(16).toString("base64");
  const file = folder && path !== "/" && !path.includes("..") ? join(folder, path) : "";
  if (file && extname(file) && existsSync(file))
    return answer(request, response, 200, TYPES[extname(file)], readFileSync(file), {
      "Cache-Control": "max-age=31536000, immutable",
      ...headers(nonce),
    });
  if (!folder) return answer(request, response, 404, "text/plain", "not found");
  const html = readFileSync(join(folder, "index.html"), "utf-8").split("__NONCE__").join(nonce);
  return answer(request, response, 200, TYPES[".html"], html, headers(nonce));
}
