import { useState, type ReactNode } from 'react'
import type { AttachmentOut } from '../../api/schema'

/** What browsers draw and nothing in it runs: no SVG, which is a document, whatever its name. */
const DRAWN = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/bmp', 'image/x-ms-bmp'])
/** What is larger is fetched by who asks for it. */
const MOST_BYTES = 8_000_000

export type Pictured = Pick<AttachmentOut, 'id' | 'filename' | 'size_bytes' | 'content_type'>

export const contentOf = (id: string): string => `/v1/attachments/${id}/content`

/** By what the server found in the content. */
export const isPicture = (file: Partial<Pictured>): file is Pictured => DRAWN.has(file.content_type ?? '') && (file.size_bytes ?? Infinity) <= MOST_BYTES

/** A picture as it was attached; what stands for it where it cannot be drawn. */
export function Picture({ file, alt, className, children }: { file: Pictured; alt: string; className: string; children?: ReactNode }) {
  const [broken, setBroken] = useState(false)
  return broken ? children : <img src={contentOf(file.id)} alt={alt} loading="lazy" decoding="async" onError={() => setBroken(true)} className={className} />
}
