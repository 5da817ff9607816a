// Exports that wait for a second pair of eyes: what was asked for is kept in this browser (filters and numbers, no
// personal data), so that it can be asked for again with the approval.

const key = (approval: number) => `baoxue.export.${approval}`;

export function keepExport(approval: number, body: object) {
  try {
    localStorage.setItem(key(approval), JSON.stringify(body));
  } catch {
    // Then it is asked for anew from the list.
  }
}

export function keptExport(approval: number): Record<string, unknown> | undefined {
  try {
    const text = localStorage.getItem(key(approval));
    return text === null ? undefined : (JSON.parse(text) as Record<string, unknown>);
  } catch {
    return undefined;
  }
}

export function forgetExport(approval: number) {
  try {
    localStorage.removeItem(key(approval));
  } catch {
    // Nothing was kept.
  }
}
