// rendered/: the manifests as committed, for GitOps tools, for people without plugins, and for reviews of what a change
// does.
export const renderedOverlays = ['dev', 'prod'] as const;

export const renderedFile = (overlay: string, manifests: string): { file: string; content: string } => ({
  file: `rendered/${overlay}.yaml`,
  content: `# Generated from overlays/${overlay} by "make rendered". Do not edit.\n${manifests}`,
});
