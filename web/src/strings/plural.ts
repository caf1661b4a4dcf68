/** `plural('en', 2, '1 issue', '2 issues')`: for languages that tell one from many, as all of ours do. */
export function plural(count: number, one: string, other: string): string {
  return count === 1 ? one : other
}
