/** Who asks: a token of the API, or nobody in particular. */

/** Roles of domain.md section 6, in English; the web shows the Danish words. */
export const ROLES = ['reader', 'duty', 'technician', 'manager', 'administrator', 'platform'] as const;
export type Role = (typeof ROLES)[number];

export interface Token {
  id: string;
  organisation: string;
  name: string;
  role: Role;
  /** SHA-256 of the token, hex. */
  hash: string;
  createdAt: number;
  expiresAt?: number;
  lastUsedAt?: number;
}

/** Everything the access rules know of the one who asks. */
export interface Principal {
  /** Token id, `admin` for the platform's own token, `public` for nobody. */
  id: string;
  organisation: string;
  role: Role | 'public';
}

export const PUBLIC: Principal = { id: 'public', organisation: '', role: 'public' };
