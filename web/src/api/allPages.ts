type Rows<Row> = { data: Row[]; next_cursor: string | null }

const PAGE = 200
/** More than this are not for one list on a page. */
const MOST = 1000

/** The pages of a list one after the other, as one; `next_cursor` tells that there are more than are read. */
export async function allPages<Row>(read: (query: { limit: number; cursor?: string }) => Promise<Rows<Row>>): Promise<Rows<Row>> {
  let page = await read({ limit: PAGE })
  const data = [...page.data]
  while (page.next_cursor && data.length < MOST) {
    page = await read({ limit: PAGE, cursor: page.next_cursor })
    data.push(...page.data)
  }
  return { data, next_cursor: page.next_cursor }
}
