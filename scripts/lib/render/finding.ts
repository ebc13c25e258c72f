// What is wrong with a render although kustomize made it.

export interface RenderFinding {
  /** A refusal: it can't work, or would harm. A warning: it may be meant so. */
  readonly level: 'refusal' | 'warning';
  readonly message: string;
}

export const refusal = (message: string): RenderFinding => ({ level: 'refusal', message });
export const warning = (message: string): RenderFinding => ({ level: 'warning', message });
