import { linkOptions } from '@tanstack/react-router'

/** The parts of the administration, and the permission that opens each. */
const PARTS = [
  { id: 'users', needs: 'users.read', ...linkOptions({ to: '/admin/users' }) },
  { id: 'roles', needs: 'users.read', ...linkOptions({ to: '/admin/roles' }) },
  { id: 'keys', needs: 'keys.read', ...linkOptions({ to: '/admin/keys' }) },
  { id: 'models', needs: 'models.read', ...linkOptions({ to: '/admin/models' }) },
  { id: 'clocks', needs: 'keys.read', ...linkOptions({ to: '/admin/clocks' }) },
  { id: 'health', needs: 'jobs.read', ...linkOptions({ to: '/admin/health' }) },
  { id: 'privacy', needs: 'privacy.read', ...linkOptions({ to: '/admin/privacy' }) },
  { id: 'audit', needs: 'audit.read', ...linkOptions({ to: '/admin/audit' }) },
] as const

export const partsFor = (permissions: readonly string[]) => PARTS.filter((part) => permissions.includes(part.needs))
