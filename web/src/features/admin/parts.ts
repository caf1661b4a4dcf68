import { linkOptions } from '@tanstack/react-router'
import type { Permission } from '../../api/queries/me'

/** The parts of the administration, and the permission that opens each. */
const PARTS = [
  { id: 'users', needs: 'users.read', ...linkOptions({ to: '/admin/users' }) },
  { id: 'roles', needs: 'users.read', ...linkOptions({ to: '/admin/roles' }) },
  { id: 'keys', needs: 'keys.read', ...linkOptions({ to: '/admin/keys' }) },
  { id: 'channels', needs: 'webhooks.read', ...linkOptions({ to: '/admin/channels' }) },
  { id: 'models', needs: 'models.read', ...linkOptions({ to: '/admin/models' }) },
  { id: 'prompts', needs: 'prompts.read', ...linkOptions({ to: '/admin/prompts' }) },
  { id: 'clocks', needs: 'keys.read', ...linkOptions({ to: '/admin/clocks' }) },
  { id: 'health', needs: 'jobs.read', ...linkOptions({ to: '/admin/health' }) },
  { id: 'privacy', needs: 'privacy.read', ...linkOptions({ to: '/admin/privacy' }) },
  { id: 'audit', needs: 'audit.read', ...linkOptions({ to: '/admin/audit' }) },
] as const satisfies readonly { id: string; needs: Permission }[]

/** Whether an address is that of a part which these permissions do not open. */
export const isClosed = (path: string, permissions: readonly string[]) => PARTS.some((part) => path.startsWith(part.to) && !permissions.includes(part.needs))

export const partsFor = (permissions: readonly string[]) => PARTS.filter((part) => permissions.includes(part.needs))
