import { ChevronDown } from 'lucide-react'
import type { ComponentProps } from 'react'
import { t } from '../../strings/work'
import { IconButton } from '../../ui'

export const SendMenuIcon = (props: ComponentProps<'button'>) => (
  <IconButton label={t.compose.sendOptions} {...props}><ChevronDown size={15} aria-hidden /></IconButton>
)
