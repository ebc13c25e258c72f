import { describe, expect, test } from '@jest/globals';
import { parseManifests } from '../../scripts/lib/objects.ts';
import { limitFindings } from '../../scripts/lib/render/limits.ts';

const render = (files: string, kibanaFiles = 'data: {kibana.yml: ""}', mounts = ''): string => `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: elasticsearch, namespace: reviews, labels: {app.kubernetes.io/name: elasticsearch}}
spec:
  selector: {matchLabels: {app.kubernetes.io/name: elasticsearch, app.kubernetes.io/instance: reviews}}
  template: {spec: {containers: [], volumes: [{name: settings, configMap: {name: elasticsearch-config-abc}}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: kibana, namespace: reviews, labels: {app.kubernetes.io/name: kibana}}
spec: {template: {spec: {
  containers: [{name: kibana, volumeMounts: [{name: config, subPath: kibana.yml}${mounts}]}],
  volumes: [{name: config, configMap: {name: kibana-config-abc}}]}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: elasticsearch-config-abc, namespace: reviews}
${files}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: kibana-config-abc, namespace: reviews}
${kibanaFiles}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: elasticsearch-config-of-mine, namespace: reviews}
data: {anything: ""}
`;
const messages = (...parts: Parameters<typeof render>): string[] =>
  limitFindings(parseManifests(render(...parts))).map(({ message }) => message);

describe('files that are read', () => {
  test('are settings, options of the JVM, and what a container mounts', () => {
    expect(messages('data: {elasticsearch.yml: "", a-b.yml: "", jvm.options: "", gc.options: ""}')).toEqual([]);
    const node = 'data: {kibana.yml: "", node.options: ""}';
    expect(messages('data: {}', node, ', {name: config, subPath: node.options}')).toEqual([]);
    expect(messages('data: {}', node, ', {name: config, mountPath: /elsewhere}')).toEqual([]);
  });
});

describe('files that nobody reads', () => {
  test.each([
    ['log4j2.properties', /config\/log4j2\.properties \(subPath\)$/],
    ['elasticsearch.yaml', /: settings are in files NAME\.yml/],
    ['.hidden.yml', /: settings are in files NAME\.yml/],
    ['role_mapping.yml', /config\/role_mapping\.yml \(subPath\)$/],
    ['elasticsearch-plugins.yml', /config\/elasticsearch-plugins\.yml \(subPath\)$/],
    ['roles.yml', /: roles stand in ConfigMap elasticsearch-roles$/],
    ['users', /: users are lines of users\.txt/],
    ['users_roles', /: users are lines of users\.txt/],
  ])('%s', (file, wayOut) => {
    const found = messages(`data: {elasticsearch.yml: "", ${file}: ""}`);
    expect(found).toEqual([expect.stringMatching(wayOut)]);
    expect(found[0]).toMatch(`${file} of ConfigMap reviews/elasticsearch-config-abc is read by nobody`);
  });

  test('that are no text', () => {
    expect(messages('binaryData: {elasticsearch.keystore: AAAA}')).toEqual([
      expect.stringMatching(/: entries of the keystore are keys of Secret elasticsearch-keystore$/),
    ]);
  });

  test('of Kibana, whatever else its container mounts', () => {
    const mine = 'data: {kibana.yml: "", mine.yml: ""}';
    expect(messages('data: {}', mine, ', {name: data, mountPath: /data}')).toEqual([
      expect.stringMatching(/^mine\.yml of ConfigMap reviews\/kibana-config-abc is read by nobody: .*as subPath$/),
    ]);
  });
});
