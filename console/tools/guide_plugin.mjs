export function guide() {
  return { name: "guide" };
}
