// One way to talk to the server: JSON in and out, the session's token on every change, errors as sentences.
import type { ErrorBody } from "./types";

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: ErrorBody,
    /** The number of the approval that another user has to give first; 0 when none is wanted. */
    readonly approval = 0,
    /** What somebody else wrote meanwhile and what was asked for, where two changed one thing. */
    readonly clash?: { theirs: unknown; yours: unknown },
  ) {
    super(body.en);
  }
}

const unreachable: ErrorBody = {
  kind: "io",
  zh: "连不上服务器：请检查网络后重试，已填写的内容还在",
  en: "the server cannot be reached: check the network and try again; what you typed is still here",
};

const unreadable: ErrorBody = {
  kind: "io",
  zh: "服务器的回答读不懂：请重试，仍不行请找系统管理员",
  en: "the server's answer cannot be read: try again, then ask the system administrator",
};

let token = "";
let onLogOut: () => void = () => undefined;

/** The session's token, sent with every changing request. */
export function setToken(value: string) {
  token = value;
}

/** What happens when the server says that nobody is logged in any more. */
export function setLogOut(action: () => void) {
  onLogOut = action;
}

async function errorOf(response: Response): Promise<ApiError> {
  try {
    const body = (await response.json()) as { error?: ErrorBody; approval?: number; theirs?: unknown; yours?: unknown };
    const clash = body.theirs === undefined ? undefined : { theirs: body.theirs, yours: body.yours };
    return new ApiError(response.status, body.error ?? unreadable, body.approval ?? 0, clash);
  } catch {
    return new ApiError(response.status, unreadable);
  }
}

async function send(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  const isForm = body instanceof FormData;
  if (method !== "GET") headers["X-Baoxue-Token"] = token;
  if (body !== undefined && !isForm) headers["Content-Type"] = "application/json";
  const init: RequestInit = { method, headers, signal, credentials: "same-origin" };
  if (body !== undefined) init.body = isForm ? body : JSON.stringify(body);
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, unreachable);
  }
  if (response.ok) return response;
  const error = await errorOf(response);
  if (error.status === 401 && path !== "/api/session") onLogOut();
  throw error;
}

/** Sends a request and gives the JSON of the answer (undefined when there is none). */
export async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await send(method, path, body, signal);
  const text = await response.text();
  if (text === "") return undefined as unknown as T;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ApiError(response.status, unreadable);
  }
}

/** Sends a request whose answer is a file, and hands the file to the browser to be saved. */
export async function download(path: string, body: unknown, fallbackName: string): Promise<void> {
  const response = await send("POST", path, body);
  const disposition = response.headers.get("Content-Disposition") ?? "";
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition);
  const plain = /filename="([^"]+)"/i.exec(disposition);
  const name = encoded ? decodeURIComponent(encoded[1]) : plain ? plain[1] : fallbackName;
  const url = URL.createObjectURL(await response.blob());
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  document.body.appendChild(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

/** A path with its query; empty values are left out. */
export function withQuery(path: string, query: Record<string, string | number | null | undefined>): string {
  const parts = new URLSearchParams();
  for (const key of Object.keys(query)) {
    const value = query[key];
    if (value !== undefined && value !== null && value !== "") parts.set(key, String(value));
  }
  const text = parts.toString();
  return text === "" ? path : `${path}?${text}`;
}
