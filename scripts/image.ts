// Builds the function's image, or publishes it under another name: tsx scripts/image.ts [NAME]
// The image's own name stands in one place: the annotation of base/topology/elasticsearch-topology.yaml.
import { command, progress, UserError } from './lib/cli.ts';
import { root } from './lib/paths.ts';
import { run } from './lib/process.ts';
import { dockerAnswers, functionImage } from './lib/render/form.ts';

const dockerfile = 'functions/elasticsearch-topology/Dockerfile';

const docker = async (...args: string[]): Promise<void> => {
  progress(`docker ${args.join(' ')}`);
  const done = await run('docker', args, { cwd: root, show: true, seconds: 1200 });
  if (done.code !== 0) throw new UserError(`docker ${args[0] ?? ''} failed`);
};

command(async () => {
  const publish = process.argv.includes('--push');
  const name = process.argv.slice(2).find((argument) => argument !== '--push' && argument !== '');
  if (publish && name === undefined)
    throw new UserError('IMAGE must name where to publish: IMAGE=registry.example/elasticsearch-topology:0.1.0');
  if (!(await dockerAnswers())) throw new UserError('a Docker engine must answer; "docker info" says why none does');

  const image = functionImage();
  const version = image.split(':').at(-1) ?? '';
  await docker('build', '--tag', image, '--build-arg', `VERSION=${version}`, '--file', dockerfile, '.');
  if (!publish || name === undefined) return;
  await docker('tag', image, name);
  await docker('push', name);
  progress(`Published. To use it, name ${name} in base/topology/elasticsearch-topology.yaml`);
});
