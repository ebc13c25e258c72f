// What is published nowhere, and so cannot be in the stand-in. These run on an official image only.
import { at, type Check, same } from '../check.ts';

const unpublished = 'not published as a Maven artifact';

const answers = (name: string, fact: string, path: string, source: string): Check => ({
  name,
  fact,
  source: at(source),
  cannotBeHad: unpublished,
  run: async (image) => {
    const body = await (await image.node()).get(`${path}${path.includes('?') ? '&' : '?'}error_trace=false`);
    return body.includes('"error"') || body === '' ? `GET ${path} answers ${body.slice(0, 300)}` : undefined;
  },
});

export const onlyOfficialChecks: readonly Check[] = [
  answers('lifecycle-policies', 'Lifecycle policies run', '/_ilm/status', 'x-pack/plugin/ilm'),
  answers('snapshot-lifecycle', 'Snapshot lifecycle policies run', '/_slm/status', 'x-pack/plugin/slm'),
  {
    name: 'no-native-controller',
    fact: 'With xpack.ml.enabled: false no controller of machine learning runs beside the server',
    source: at('server/src/main/java/org/elasticsearch/bootstrap/Spawner.java'),
    cannotBeHad: unpublished,
    run: async (image) =>
      same('its processes', (await (await image.node()).pod.exec('pgrep -fc bin/controller')).output.trim(), '0'),
  },
  {
    name: 'vector-library',
    fact: 'The native library of vector functions is loaded',
    source: at('libs/native/src/main/java/org/elasticsearch/nativeaccess/NativeAccess.java'),
    cannotBeHad: unpublished,
    run: async (image) => {
      const { stdout } = await (await image.node()).pod.logs();
      return stdout.includes('Using native vector library') ? undefined : 'the log does not say so';
    },
  },
];
