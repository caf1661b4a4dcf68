/**
 * What stands in front of the title of each page: how much happened while somebody looked elsewhere, and how many issues
 * have a note that names them and that they have not read, looked at or not.
 */
const MARKS = /^(?:● \d+ · )?(?:@\d+ · )?/
let news = 0
let mentions = 0

/** Puts the marks there, also where a page has named itself anew. */
export function markTitle(): void {
  const plain = document.title.replace(MARKS, '')
  const wanted = `${news ? `● ${news} · ` : ''}${mentions ? `@${mentions} · ` : ''}${plain}`
  if (document.title !== wanted) document.title = wanted
}

export function tellNews(next: number | ((before: number) => number)): void {
  news = typeof next === 'number' ? next : next(news)
  markTitle()
}

export function tellMentions(issues: number): void {
  mentions = issues
  markTitle()
}
